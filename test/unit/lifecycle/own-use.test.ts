import type { AccessKey } from '../../../src/lifecycle/access-key.js';
import { KnownKeys } from '../../../src/lifecycle/known-keys.js';
import { keysAsKnown } from '../../../src/lifecycle/list-keys.js';
import type { BucketKeys } from '../../../src/lifecycle/ports.js';

const TRIED = new Date('2026-03-01T12:00:00Z');
const MINUTE = 60_000;
const later = (minutes: number) => new Date(TRIED.getTime() + minutes * MINUTE);
const use = (date: Date, more: object = {}) => ({ date, region: 'eu-west-1', serviceName: 's3', ...more });

/** What the process makes of a list with one key. */
async function seen(lastUse: AccessKey['lastUse'], triedAt: Date | null = TRIED) {
  const known = new KnownKeys();
  if (triedAt) known.tried('AKIAONE', triedAt);
  const key: AccessKey = { id: 'AKIAONE', status: 'Active', createdAt: TRIED, lastUse };
  const keys = {
    bucket: 'uploads',
    region: 'eu-west-1',
    list: () => Promise.resolve({ keys: [key], asOf: later(60) }),
  } as unknown as BucketKeys;
  return (await keysAsKnown(keys, known).list()).keys[0]?.lastUse;
}

it.each([-15, -1, 0, 1, 15])(
  'a use %i minutes after this provider tried the key is its own',
  async (minutes) => {
    expect(await seen(use(later(minutes)))).toBeNull();
  },
);

it.each<[string, ReturnType<typeof use>]>([
  ['a quarter of an hour later', use(later(15.01))],
  ['a quarter of an hour before', use(later(-15.01))],
  ['of another service', use(TRIED, { serviceName: 'sts' })],
  ['in another Region', use(TRIED, { region: 'eu-west-3' })],
])("a use %s is somebody else's", async (_what, lastUse) => {
  expect(await seen(lastUse)).toEqual(lastUse);
});

it("a use of a key that this provider has not tried is somebody else's", async () => {
  expect(await seen(use(TRIED), null)).toEqual(use(TRIED));
});

it.each(['not reported', null] as const)('what AWS says of no use (%s) stays what it is', async (lastUse) => {
  expect(await seen(lastUse)).toBe(lastUse);
});
