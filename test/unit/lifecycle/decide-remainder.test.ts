import { decideRemainder, newerKeys } from '../../../src/lifecycle/decide-removal.js';
import type { Going } from '../../../src/lifecycle/decide-removal.js';
import type { Intent, JournalEntry, Mark } from '../../../src/lifecycle/journal/entry.js';
import { KnownKeys } from '../../../src/lifecycle/known-keys.js';
import { BUCKET, CURRENT, daysAgo, listed, NOW, OTHER, STRANGER } from './decide-cases.js';

const HOLDER = {
  machine: 'here',
  pid: 1,
  started: 'then',
  host: 'here',
  folder: '/stack',
  workspace: 'default',
};
const MADE_AT = daysAgo(1);
const GOING: Going = {
  bucket: BUCKET,
  held: [CURRENT],
  createdAt: MADE_AT,
  accounted: [],
  exclusive: false,
};
/** Nobody knows what became of its create. */
const BARE: Intent = {
  phase: 'intent',
  nonce: 'nonce',
  bucket: BUCKET,
  baseline: [CURRENT],
  holder: HOLDER,
  begunAt: MADE_AT.toISOString(),
  expiresAt: MADE_AT.toISOString(),
};
const INTENT: Intent = { ...BARE, made: OTHER, answered: true };
const MARK: Mark = {
  phase: 'unconfirmed',
  bucket: BUCKET,
  accessKeyId: OTHER,
  holder: HOLDER,
  at: MADE_AT.toISOString(),
  expiresAt: MADE_AT.toISOString(),
};
const LISTING = { keys: [listed(OTHER)], asOf: NOW };

function remainder(entry: JournalEntry, going: Partial<Going> = {}, isOver = true, known = new KnownKeys()) {
  return decideRemainder({ ...GOING, ...going }, { entry, isOver }, LISTING, known);
}

const why = (entry: JournalEntry, isOver = true) =>
  remainder(entry, {}, isOver).named.map(({ keys, why: { kind } }) => [...keys, kind]);

test('a key that a dead run has made in place of one that goes, goes along', () => {
  for (const entry of [INTENT, MARK]) {
    const found = remainder({ ...entry, replaces: CURRENT });
    expect([found.proven, found.named]).toEqual([[OTHER], []]);
  }
});

test('a key of a creation that replaces nothing in place is named, as under create_before_destroy', () => {
  for (const entry of [INTENT, MARK]) {
    expect(remainder(entry).proven).toEqual([]);
    expect(why(entry)).toEqual([[OTHER, 'another creation']]);
  }
});

test('a key that took the place of another resource’s is named', () => {
  expect(remainder({ ...MARK, replaces: STRANGER }).proven).toEqual([]);
});

test('a key that a state has taken is named, as after an old state was restored', () => {
  const entry = { ...MARK, phase: 'confirmed', replaces: CURRENT } as const;
  expect(remainder(entry).proven).toEqual([]);
  expect(why(entry)).toEqual([[OTHER, 'in a state']]);
});

test('as long as a run may be at work, its key is named, and so is the run where it has none yet', () => {
  for (const entry of [INTENT, MARK]) {
    expect(remainder({ ...entry, replaces: CURRENT }, {}, false).proven).toEqual([]);
    expect(why({ ...entry, replaces: CURRENT }, false)).toEqual([[OTHER, 'at work']]);
  }
  expect(why({ ...BARE, baseline: [CURRENT, OTHER] }, false)).toEqual([['at work']]);
});

test('what another bucket’s entry speaks of is named with its bucket', () => {
  const [named] = remainder({ ...MARK, bucket: 'archive', replaces: CURRENT }).named;
  expect(named).toMatchObject({ bucket: 'archive', keys: [OTHER] });
  expect(remainder({ ...MARK, bucket: 'archive', replaces: CURRENT }).proven).toEqual([]);
});

test('what another resource of this process has is its own care', () => {
  const known = new KnownKeys();
  known.made(OTHER);
  expect(remainder({ ...MARK, replaces: CURRENT }, {}, true, known)).toMatchObject({ proven: [], named: [] });
});

test('a key that came during an unanswered creation goes with exclusive, and is named without', () => {
  const entry = { ...BARE, replaces: CURRENT };
  expect(remainder(entry, { exclusive: true }).proven).toEqual([OTHER]);
  expect(why(entry)).toEqual([[OTHER, 'late']]);
  // Under create_before_destroy it may be the next object's.
  expect(remainder(BARE, { exclusive: true }).proven).toEqual([]);
});

test('a key is newer that was not there at the last apply, and that nobody of this process has', () => {
  const known = new KnownKeys();
  const newer = (going: Partial<Going>) => newerKeys({ ...GOING, ...going }, LISTING, known, []);
  expect(newer({})).toEqual([OTHER]);
  expect(newer({ accounted: [OTHER] })).toEqual([]);
  expect(newer({ accounted: null })).toEqual([OTHER]);
  expect(newer({ accounted: null, createdAt: NOW })).toEqual([]);
  known.sawInState(OTHER);
  expect(newer({})).toEqual([]);
});
