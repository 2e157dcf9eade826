import { LifecycleError } from '../../../src/lifecycle/lifecycle-error.js';
import { NO_MEMORY, readMemory, writeMemory } from '../../../src/provider/bucket-access-key/memory.js';
import type { Memory } from '../../../src/provider/bucket-access-key/memory.js';

const STATE = { bucket_name: 'uploads', access_key_id: 'AKIA1' };
const full: Memory = {
  resource: 'the one',
  region: 'eu-central-1',
  account: '123456789012',
  leftovers: ['AKIA2'],
  unlisted: { AKIA2: '2026-01-01T00:00:00.000Z' },
  tried: { AKIA1: '2026-01-01T00:00:00.000Z' },
  former: 'AKIA3',
  accounted: ['AKIA4'],
  lastRefresh: {
    asOf: new Date('2026-01-01T00:00:00Z'),
    previous: {
      status: 'Active',
      lastUse: { date: new Date('2025-12-31T00:00:00Z'), region: 'eu-central-1', serviceName: 's3' },
      isRestored: true,
    },
  },
  previousSecret: { file: { path: 'k', format: null } },
  isHookPending: true,
  hasFailed: true,
  isUndelivered: true,
  isUnseen: true,
  isLost: true,
  reported: ['AKIA6'],
  decision: { current: 'rotate', retires: true },
  follower: { AKIA5: '2026-01-01T00:00:00.000Z' },
};
const json = (memory: Memory) =>
  JSON.parse(Buffer.from(writeMemory(memory)).toString('utf8')) as Record<string, unknown>;
const readJson = (content: unknown) => () => readMemory(Buffer.from(JSON.stringify(content)), STATE);

it.each<[string, Memory]>([
  ['all', full],
  ['the least', NO_MEMORY],
  [
    'a previous key that was never used',
    { ...full, lastRefresh: { ...seen(), previous: { status: 'Active', lastUse: null, isRestored: false } } },
  ],
  ['no previous key', { ...full, lastRefresh: { ...seen(), previous: null } }],
])('comes back as it was written: %s', (_, memory) => {
  expect(readMemory(writeMemory(memory), STATE)).toEqual(memory);
});

function seen() {
  return { asOf: new Date('2026-01-01T00:00:00Z') };
}

it('is nothing where there are no private data, and lost where a key has some: an update of it was killed', () => {
  expect(readMemory(new Uint8Array(), { bucket_name: 'uploads' })).toEqual(NO_MEMORY);
  expect(readMemory(new Uint8Array(), STATE)).toEqual({
    ...NO_MEMORY,
    resource: 'of AKIA1',
    isLost: true,
  });
});

it.each<[string, unknown]>([
  ['of another version', { ...json(full), version: 2, package: '3.1.0' }],
  ['without a version', { ...json(full), version: undefined }],
  ['without its leftovers', { ...json(full), leftovers: undefined }],
  ['with leftovers that are no IDs', { ...json(full), leftovers: [1] }],
  ['with keys tried at no time', { ...json(full), tried: { AKIA2: 'soon' } }],
  ['with keys not listed at no time', { ...json(full), unlisted: { AKIA2: 'soon' } }],
  ['with a last refresh that has no time', { ...json(full), lastRefresh: { previous: null } }],
  ['with a decision that is none', { ...json(full), decision: { current: 'sell', retires: true } }],
  ['with a flag that is none', { ...json(full), isHookPending: 'yes' }],
])('is refused by bucket and key, and never taken for nothing: %s', (_, content) => {
  expect(readJson(content)).toThrow(LifecycleError);
  expect(readJson(content)).toThrow(
    'What this resource remembers of key AKIA1 of bucket uploads cannot be read: The private data beside the state',
  );
  expect(readJson(content)).toThrow('nothing was changed');
});

it('is refused where it is not JSON, without quoting it', () => {
  const read = () => readMemory(Buffer.from('{"hush'), STATE);
  expect(read).toThrow('it is not JSON');
  expect(read).not.toThrow(/hush/);
});
