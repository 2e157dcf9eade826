import { issueKey, lookForRoom } from '../../../src/lifecycle/issue-key.js';
import { ListMissing } from '../../../src/lifecycle/list-keys.js';
import { NoList } from '../../../src/lifecycle/ports.js';
import type { KeyContext } from '../../../src/lifecycle/ports.js';
import { refreshKey } from '../../../src/lifecycle/refresh.js';
import { roomFor } from '../../../src/lifecycle/room.js';
import { updateKeys } from '../../../src/lifecycle/rotate.js';
import { desk, ORDER } from './desk.js';
import { ALONE } from './decide-cases.js';

const EXCLUSIVE = { ...ORDER, exclusive: true };

/** The first so many lists are none. */
function unlisted(world: KeyContext, times = 1): KeyContext {
  let asked = 0;
  const list = async () => {
    const listing = await world.keys.list();
    if (++asked > times) return listing;
    throw new NoList('No list.', listing);
  };
  return { ...world, keys: { ...world.keys, list } };
}

test('without a list a key is made all the same, and what was there is named once a list shows it', async () => {
  const { world, cloud, said } = desk();
  const stranger = cloud.make('uploads', 'stranger');
  cloud.pass(3_600_000, 0);
  const { key } = await issueKey(EXCLUSIVE, unlisted(world()));
  expect(cloud.alive('uploads').map(({ id }) => id)).toEqual([stranger?.id, key.id]);
  expect(said()).toContain('AWS does not say which access keys bucket uploads holds before one is made');
  expect(said()).toContain(`Bucket uploads already holds key ${stranger?.id ?? ''}`);
});

test('the plan of such a key says so, and finds nothing in its way', async () => {
  const { world } = desk();
  for (const withDestination of [true, false]) {
    const one = world();
    const found = await lookForRoom(unlisted(one), { exclusive: true }, withDestination);
    const known = { ours: one.known, removed: new Set<string>() };
    const room = roomFor(
      { exclusive: true, beside: null, first: [], isNew: true, known, slots: ALONE },
      found,
    );
    expect(room.problem).toBeNull();
    expect(room.messages.map(({ happened }) => happened).join()).toContain(
      'AWS does not say which access keys',
    );
  }
});

test('the journal says that its baseline is not known', async () => {
  const { world, store } = desk();
  const one = unlisted(world());
  let entry = store.readJournal().entry;
  const create = async () => {
    ({ entry } = store.readJournal());
    return one.keys.create();
  };
  await issueKey(ORDER, { ...one, keys: { ...one.keys, create } });
  expect(entry).toMatchObject({ phase: 'intent', baseline: null });
});

test('a key that comes during an unanswered create is named and not deleted, whatever exclusive says', async () => {
  const { world, cloud, store, said } = desk();
  const one = unlisted(world());
  const create = () => {
    cloud.make('uploads', 'A');
    return Promise.resolve({ outcome: 'unknown' as const, reason: 'The connection broke.' });
  };
  const failure = await issueKey(EXCLUSIVE, { ...one, keys: { ...one.keys, create } }).catch(String);
  const [lost] = cloud.alive('uploads');
  expect(failure).toContain(`key ${lost?.id ?? ''} has appeared since`);
  expect(store.readJournal().entry).toMatchObject({ phase: 'intent', baseline: null, released: true });
  // Nor by the run after it.
  const { key } = await issueKey(EXCLUSIVE, world());
  expect(cloud.alive('uploads').map(({ id }) => id)).toEqual([lost?.id, key.id]);
  expect(said()).toContain(lost?.id);
  // Nor by a refresh of that one's key.
  const found = await refreshKey(world(), key.id, { exclusive: true });
  expect(found).toMatchObject({ leftovers: [] });
});

test.each(['mark', 'intent'])('beside a journal with %s nothing is done without a list', async (entry) => {
  const { world, deadWorld, cloud, store } = desk();
  const dead = deadWorld();
  if (entry === 'mark') await issueKey(ORDER, dead);
  else {
    const keys = { ...dead.keys, create: () => new Promise<never>(() => undefined) };
    void issueKey(ORDER, { ...dead, keys });
    for (let turn = 0; turn < 100; turn++) await Promise.resolve();
  }
  expect(store.readJournal().entry?.phase).toBe(entry === 'mark' ? 'unconfirmed' : 'intent');
  const before = [...cloud.alive('uploads')];
  await expect(issueKey(ORDER, unlisted(world(), 99))).rejects.toThrow(ListMissing);
  expect(cloud.alive('uploads')).toEqual(before);
});

test('a refresh without a list takes no key for gone', async () => {
  const { world } = desk();
  const { key } = await issueKey(ORDER, world());
  await expect(refreshKey(unlisted(world()), key.id)).rejects.toThrow(ListMissing);
});

test('a rotation without a list makes no key, and is still due', async () => {
  const { world, cloud } = desk();
  const one = world();
  const { key } = await issueKey(ORDER, one);
  const blind = unlisted(one, 99);
  const places = { next: () => Promise.resolve(blind), current: blind, previous: blind };
  const current = { id: key.id, status: 'Active', createdAt: key.createdAt };
  const policy = { afterDays: null, overlapHours: 24, onStillUsed: 'block' } as const;
  const work = { retires: false, rotates: true, takesOver: false };
  const updated = await updateKeys(
    places,
    ORDER,
    policy,
    { current, previous: null, leftovers: [], former: null },
    work,
  );
  expect(updated.failures.map(({ summary }) => summary).join()).toContain(
    'AWS does not say which access keys',
  );
  expect([updated.current, cloud.alive('uploads').length]).toEqual([key.id, 1]);
});

test('a key of which AWS says in the answer that it has failed is deleted, and not delivered', async () => {
  const { world, cloud, store } = desk();
  const one = world();
  const create = async () => ({ ...(await one.keys.create()), failure: 'Its operation has failed.' });
  await expect(issueKey(ORDER, { ...one, keys: { ...one.keys, create } })).rejects.toThrow(
    /^AWS reports that creating the key has failed; key AKIA\w+ of bucket uploads was deleted again/,
  );
  expect([cloud.alive('uploads'), store.current]).toEqual([[], null]);
});
