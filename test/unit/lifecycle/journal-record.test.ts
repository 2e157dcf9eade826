import { entryIn, toStoredEntry, wrappedEntryIn } from '../../../src/lifecycle/journal/record.js';
import type { Intent, JournalEntry, Mark } from '../../../src/lifecycle/journal/entry.js';
import { parseStored, UnreadableRecord } from '../../../src/lifecycle/journal/stored-record.js';

const ABOUT = { title: 'The journal of a test', remedy: 'Look at it.' };
const holder = { machine: 'm', pid: 7, started: 's', host: 'h', folder: '/f', workspace: 'w' };
const lateWindow = { baseline: ['A'], since: '2026-01-01T00:00:00Z', until: '2026-01-01T00:17:00Z' };
const mark: Mark = {
  phase: 'confirmed',
  bucket: 'uploads',
  accessKeyId: 'AKIA1',
  holder,
  at: '2026-01-01T00:00:00Z',
  expiresAt: '2026-01-01T00:10:00Z',
  form: 'sdk',
  digest: 'd',
  replaceableUntil: '2026-01-02T00:00:00Z',
  replacement: 'refused',
  lateWindow,
  replaces: 'AKIA0',
};
const intent: Intent = {
  phase: 'intent',
  nonce: 'n',
  bucket: 'uploads',
  baseline: [],
  holder,
  begunAt: '2026-01-01T00:00:00Z',
  expiresAt: '2026-01-01T00:10:00Z',
  form: 'sdk',
  made: 'AKIA2',
  withdrawn: true,
  released: true,
  answered: true,
  lateWindow,
  before: mark,
  replaces: 'AKIA1',
};
const stored = (entry: JournalEntry) =>
  JSON.parse(JSON.stringify(toStoredEntry(entry))) as Record<string, unknown>;
const read = (content: unknown) => () => entryIn(content, ABOUT);

it.each<[string, JournalEntry]>([
  ['an intent with all that it may hold', intent],
  ['a mark with all that it may hold', mark],
  ['an intent with the least', { ...pick(intent), before: pickMark({ ...mark, phase: 'unconfirmed' }) }],
  ['a mark with the least', pickMark(mark)],
  ['an intent without a baseline', { ...intent, baseline: null }],
  ['a mark whose window has no baseline', { ...mark, lateWindow: { ...lateWindow, baseline: null } }],
  [
    'a mark of an unknown machine and folder',
    { ...mark, holder: { ...holder, machine: null, folder: null } },
  ],
])('%s is read back as it was written', (_, entry) => {
  expect(read(stored(entry))()).toEqual(entry);
});

function pick({ phase, nonce, bucket, baseline, begunAt, expiresAt }: Intent): Intent {
  return { phase, nonce, bucket, baseline, holder, begunAt, expiresAt };
}
function pickMark({ phase, bucket, accessKeyId, at, expiresAt }: Mark): Mark {
  return { phase, bucket, accessKeyId, holder, at, expiresAt };
}

it('an emptied journal has no entry', () => {
  expect(toStoredEntry(null)).toBeNull();
  expect(read(null)()).toBeNull();
  expect(wrappedEntryIn({ entry: null }, ABOUT)).toBeNull();
});

it('an entry of another version is refused in words that name the package which wrote it', () => {
  const later = { ...stored(mark), version: 2, package: '3.1.0' };
  expect(read(later)).toThrow(UnreadableRecord);
  expect(read(later)).toThrow(
    'The journal of a test was written by cdktf-lightsail-access-key 3.1.0, in a form that 0.1.0 does not know.',
  );
  try {
    read(later)();
  } catch (error) {
    expect((error as UnreadableRecord).remedy).toBe(
      'Use cdktf-lightsail-access-key 3.1.0 or a later version, at least once.',
    );
  }
  expect(read({ ...later, package: undefined })).toThrow(
    'was written by cdktf-lightsail-access-key another version',
  );
});

describe('What is damaged', () => {
  it.each<[string, unknown]>([
    ['an empty object', {}],
    ['a list', []],
    ['a text', 'x'],
    ['nothing at all', undefined],
    ['an entry without a version', mark],
    ['another phase', { ...stored(mark), phase: 'made' }],
    ['a mark without a holder', { ...stored(mark), holder: undefined }],
    ['a machine that is a number', { ...stored(mark), holder: { ...holder, machine: 7 } }],
    ['a holder without a workspace', { ...stored(mark), holder: { ...holder, workspace: undefined } }],
    ['a mark without an end of its lease', { ...stored(mark), expiresAt: undefined }],
    ['a process ID that is a text', { ...stored(mark), holder: { ...holder, pid: '7' } }],
    ['a key ID that is null', { ...stored(mark), accessKeyId: null }],
    ['an instant that is none', { ...stored(mark), at: 'yesterday' }],
    ['a baseline with something else in it', { ...stored(intent), baseline: ['A', 1] }],
    ['a flag that is a text', { ...stored(intent), withdrawn: 'yes' }],
    ['a damaged mark in an intent', { ...stored(intent), before: { phase: 'confirmed' } }],
    ['a watch without an end', { ...stored(mark), lateWindow: { baseline: [], since: lateWindow.since } }],
  ])('is one type of error: %s', (_, content) => {
    expect(read(content)).toThrow(UnreadableRecord);
    expect(read(content)).toThrow(/^The journal of a test is damaged: .+\.$/);
  });

  it('is never quoted', () => {
    expect(() => parseStored('{"secret: hush', ABOUT)).toThrow(
      /^The journal of a test is damaged: it is not JSON\.$/,
    );
    expect(read({ ...stored(mark), at: 'hush' })).not.toThrow(/hush/);
    expect(() => wrappedEntryIn({ other: 'hush' }, ABOUT)).toThrow('it is not an object');
  });
});

it('fields of a later package are left aside where the version is the same', () => {
  expect(read({ ...stored(mark), more: 1 })()).toEqual(mark);
});
