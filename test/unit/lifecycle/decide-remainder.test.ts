import { decideRemainder, newerKeys } from '../../../src/lifecycle/decide-removal.js';
import type { Going } from '../../../src/lifecycle/decide-removal.js';
import type { Intent, JournalEntry, Mark } from '../../../src/lifecycle/journal/entry.js';
import { KnownKeys } from '../../../src/lifecycle/known-keys.js';
import {
  BUCKET,
  CURRENT,
  daysAgo,
  hoursAgo,
  LEFT,
  listed,
  NOW,
  OTHER,
  PREVIOUS,
  STRANGER,
} from './decide-cases.js';

const HOLDER = {
  machine: 'here',
  pid: 1,
  started: 'then',
  host: 'here',
  folder: '/stack',
  workspace: 'default',
};
const MADE_AT = daysAgo(1);
const EXPIRES_AT = hoursAgo(23.9).toISOString();
const GOING: Going = {
  bucket: BUCKET,
  held: [CURRENT],
  leftovers: [],
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
  expiresAt: EXPIRES_AT,
};
const INTENT: Intent = { ...BARE, made: OTHER, answered: true };
const MARK: Mark = {
  phase: 'unconfirmed',
  bucket: BUCKET,
  accessKeyId: OTHER,
  holder: HOLDER,
  at: MADE_AT.toISOString(),
  expiresAt: EXPIRES_AT,
};
const listing = (...ids: readonly string[]) => ({ keys: ids.map((id) => listed(id)), asOf: NOW });
const LISTING = listing(OTHER);
/** A create without an answer, of a run before, that may still take effect. */
const LATE_WINDOW = {
  baseline: [CURRENT],
  since: hoursAgo(0.1).toISOString(),
  until: hoursAgo(-0.1).toISOString(),
};
const NOTHING = { isOurs: false, proven: [], reported: [], lateWindow: null };

function remainder(
  entry: JournalEntry | null,
  going: Partial<Going> = {},
  isOver = true,
  known = new KnownKeys(),
  there = LISTING,
) {
  return decideRemainder({ ...GOING, ...going }, { entry, isOver, elsewhere: [STRANGER] }, there, known);
}

/** The same where the list shows these keys. */
const beside = (entry: JournalEntry, ...ids: readonly string[]) =>
  remainder(entry, {}, true, new KnownKeys(), listing(...ids));

const why = (entry: JournalEntry, isOver = true) =>
  remainder(entry, {}, isOver).reported.map(({ keys, why: { kind } }) => [...keys, kind]);

test('a key that a dead run has made in place of one that goes, goes along', () => {
  for (const entry of [INTENT, MARK]) {
    const found = remainder({ ...entry, replaces: CURRENT });
    expect([found.proven, found.reported]).toEqual([[OTHER], []]);
  }
});

test('it goes along whichever of the keys that go it follows', () => {
  const entry = { ...MARK, replaces: CURRENT };
  for (const held of [
    [CURRENT, PREVIOUS],
    [PREVIOUS, CURRENT],
  ]) {
    expect(remainder(entry, { held })).toMatchObject({ isOurs: true, proven: [OTHER] });
  }
});

test('an empty journal tells of nothing', () => {
  expect(remainder(null)).toEqual(NOTHING);
});

test('the entry of the pair that goes is its own, and names no key a second time', () => {
  const known = new KnownKeys();
  known.sawInState(CURRENT);
  const own: readonly JournalEntry[] = [
    { ...MARK, accessKeyId: CURRENT },
    { ...MARK, accessKeyId: CURRENT, phase: 'confirmed' },
    { ...INTENT, made: CURRENT },
  ];
  for (const entry of own) {
    expect(remainder(entry, { held: [PREVIOUS, CURRENT] }, true, known, listing(CURRENT))).toEqual({
      ...NOTHING,
      isOurs: true,
    });
  }
});

describe('a key that the one of the state has replaced in place, and that its state has lost', () => {
  const own: Mark = { ...MARK, accessKeyId: CURRENT, replaces: OTHER };
  const there = listing(CURRENT, OTHER, STRANGER);
  const reported = (entry: JournalEntry, held = [CURRENT], known = new KnownKeys()) =>
    remainder(entry, { held }, true, known, there).reported;

  test.each(['unconfirmed', 'confirmed'] as const)('is named where it lives: the mark is %s', (phase) => {
    expect(reported({ ...own, phase })).toEqual([
      { bucket: BUCKET, keys: [OTHER], why: { kind: 'replaced' } },
    ]);
    expect(beside({ ...own, phase }, CURRENT, STRANGER).reported).toEqual([]);
  });

  test('is not lost where the resource has it, or another one of this process', () => {
    expect(reported(own, [CURRENT, OTHER])).toEqual([]);
    const known = new KnownKeys();
    known.sawInState(OTHER);
    expect(reported(own, [CURRENT], known)).toEqual([]);
  });

  test('is not replaced as long as the pair is not delivered, nor by the key of another', () => {
    expect(reported({ ...INTENT, made: CURRENT, replaces: OTHER })).toEqual([]);
    expect(reported({ ...own, accessKeyId: LEFT })).toEqual([]);
  });
});

test('a key of a creation that replaces nothing in place is named, as under create_before_destroy', () => {
  for (const entry of [INTENT, MARK]) {
    expect(remainder(entry).proven).toEqual([]);
    expect(why(entry)).toEqual([[OTHER, 'another creation']]);
  }
});

test('a key that took the place of another resource’s is named', () => {
  expect(remainder({ ...MARK, replaces: STRANGER }).proven).toEqual([]);
  expect(why({ ...MARK, replaces: STRANGER })).toEqual([[OTHER, 'another creation']]);
});

test('a key that has replaced nothing was delivered by another creation, however alive its run is', () => {
  expect(why(MARK, false)).toEqual([[OTHER, 'another creation']]);
});

test('a key that the bucket no longer shows is not named', () => {
  for (const there of [[], [CURRENT], [CURRENT, STRANGER]]) {
    expect(beside(MARK, ...there).reported).toEqual([]);
  }
  expect(beside(MARK, CURRENT, OTHER).reported).toMatchObject([{ keys: [OTHER] }]);
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
  const begun = { ...BARE, baseline: [CURRENT, OTHER] };
  for (const entry of [begun, { ...begun, replaces: CURRENT }]) {
    expect(why(entry, false)).toEqual([['at work']]);
    expect(remainder(entry, {}, false).isOurs).toBe(false);
  }
});

test('it is said since when a run has been at work, and how long it may be', () => {
  const since = MADE_AT.toISOString();
  const doubts = [BARE, { ...MARK, replaces: CURRENT }].map(
    (entry) => remainder(entry, {}, false).reported[0]?.why,
  );
  expect(doubts).toEqual([
    { kind: 'at work', holder: HOLDER, since, until: EXPIRES_AT },
    // What is delivered holds no lease.
    { kind: 'at work', holder: HOLDER, since },
  ]);
});

test('what another bucket’s entry speaks of is named with its bucket, and with what came there', () => {
  const [reported] = remainder({ ...MARK, bucket: 'archive', replaces: CURRENT }).reported;
  expect(reported).toMatchObject({ bucket: 'archive', keys: [OTHER, STRANGER] });
  expect(remainder({ ...MARK, bucket: 'archive', replaces: CURRENT }).proven).toEqual([]);
});

test('what another resource of this process has is its own care', () => {
  const known = new KnownKeys();
  known.made(OTHER);
  expect(remainder({ ...MARK, replaces: CURRENT }, {}, true, known)).toMatchObject({
    proven: [],
    reported: [],
  });
});

test('a key that came during an unanswered creation goes with exclusive, and is named without', () => {
  const entry = { ...BARE, replaces: CURRENT };
  expect(remainder(entry, { exclusive: true })).toMatchObject({ proven: [OTHER], reported: [] });
  expect(why(entry)).toEqual([[OTHER, 'late']]);
  // Under create_before_destroy it may be the next object's.
  expect(remainder(BARE, { exclusive: true }).proven).toEqual([]);
});

describe('a create without an answer that may still take effect', () => {
  const late = { ...MARK, lateWindow: LATE_WINDOW };

  test.each<[string, JournalEntry]>([
    ['of the run that made the key in its place', { ...late, replaces: CURRENT }],
    ['of another creation, which no state looks after', late],
    ['of the key that goes', { ...late, accessKeyId: CURRENT, phase: 'confirmed' }],
  ])('is looked out for: %s', (_, entry) => {
    expect(remainder(entry).lateWindow).toEqual(LATE_WINDOW);
  });

  test('is the care of the resource whose state has its key', () => {
    expect(remainder({ ...late, phase: 'confirmed' }).lateWindow).toBeNull();
  });

  test('is no longer looked out for once it is over', () => {
    const over = { ...LATE_WINDOW, until: hoursAgo(0.01).toISOString() };
    expect(remainder({ ...late, lateWindow: over }).lateWindow).toBeNull();
  });
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

test('where what was noted is lost, every other key may be newer', () => {
  const going = { ...GOING, accounted: [OTHER], createdAt: NOW, hasForgotten: true };
  const other = listing(CURRENT, OTHER, LEFT);
  expect(newerKeys(going, other, new KnownKeys(), [LEFT])).toEqual([OTHER]);
});

test('a key is not newer that the resource itself has, or that something else has named already', () => {
  const there = listing(CURRENT, OTHER, LEFT);
  expect(newerKeys(GOING, there, new KnownKeys(), [OTHER])).toEqual([LEFT]);
});

test('where nothing was written down, the times of both keys have to tell', () => {
  const unknown = { ...GOING, accounted: null };
  const timeless = { keys: [listed(OTHER, { createdAt: null })], asOf: NOW };
  // It may have come later.
  expect(newerKeys(unknown, timeless, new KnownKeys(), [])).toEqual([OTHER]);
  // Later than what?
  expect(newerKeys({ ...unknown, createdAt: null }, LISTING, new KnownKeys(), [])).toEqual([]);
});
