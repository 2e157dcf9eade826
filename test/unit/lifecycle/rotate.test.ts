import type { Destination } from '../../../src/lifecycle/destination.js';
import type { Mark } from '../../../src/lifecycle/journal/entry.js';
import type { KeyContext } from '../../../src/lifecycle/ports.js';
import type { RotationPolicy } from '../../../src/lifecycle/rotation-policy.js';
import { updateKeys } from '../../../src/lifecycle/rotate.js';
import { desk, ORDER } from './desk.js';

const POLICY: RotationPolicy = { afterDays: null, overlapHours: 24, onStillUsed: 'block' };
const ROTATE = { retires: false, rotates: true, takesOver: false };
const RETIRE = { retires: true, rotates: false, takesOver: false };

/** A bucket with one key of this resource, and the world of the process that works on it. */
function owner() {
  const { world, cloud, store } = desk();
  const made = cloud.make('uploads', 'A');
  if (!made) throw new Error('The bucket is full.');
  const here = world();
  here.known.sawInState(made.id);
  const current = { id: made.id, status: 'Active', createdAt: new Date(made.createdAt) };
  return { here, cloud, store, current };
}

const at = (world: KeyContext, places: Partial<Record<'current' | 'previous', KeyContext>> = {}) => ({
  next: () => Promise.resolve(world),
  current: world,
  previous: world,
  ...places,
});

test('what the journal of the old place looks out for comes along to the new one', async () => {
  const { here, store, current } = owner();
  const { asOf } = await here.keys.list();
  const lateWindow = {
    baseline: [current.id],
    since: asOf.toISOString(),
    until: new Date(asOf.getTime() + 600_000).toISOString(),
  };
  const entry: Mark = {
    phase: 'confirmed',
    bucket: 'uploads',
    accessKeyId: current.id,
    holder: here.runs.self,
    at: asOf.toISOString(),
    expiresAt: asOf.toISOString(),
    lateWindow,
  };
  const old = {
    title: 'the old store',
    journal: { read: () => Promise.resolve({ entry, revision: '1' }) },
  } as unknown as Destination;
  const keys = { current, previous: null, leftovers: [], former: null };
  const updated = await updateKeys(
    at(here, { current: { ...here, destination: old } }),
    ORDER,
    POLICY,
    keys,
    ROTATE,
  );
  expect(updated.failures).toEqual([]);
  expect(store.readJournal().entry).toMatchObject({ accessKeyId: updated.current, lateWindow });
});

test('an error that nobody has foreseen does not make the state forget the key that was made before it', async () => {
  const { here, cloud, current } = owner();
  const hooks = { ...here.hooks, created: () => Promise.reject(new Error('out of file descriptors')) };
  const keys = { current, previous: null, leftovers: [], former: null };
  const updated = await updateKeys(at({ ...here, hooks }), ORDER, POLICY, keys, ROTATE);
  expect(updated.failures.map(({ detail }) => detail).join()).toContain('out of file descriptors');
  const alive = cloud.alive('uploads').map(({ id }) => id);
  expect(alive).toEqual([current.id, updated.issued?.key.id]);
  expect(updated).toMatchObject({ current: alive[1], previous: current.id, leftovers: [] });
});

test('a previous key is kept where nobody can tell whether its pair was put back', async () => {
  const { here, cloud, current } = owner();
  const previous = cloud.make('uploads', 'A')?.id ?? '';
  const blind = {
    title: here.destination.title,
    journal: here.destination.journal,
    read: () => Promise.reject(new Error('no route to host')),
  } as unknown as Destination;
  const keys = { current, previous, leftovers: [], former: null };
  const world = { ...here, destination: blind };
  const updated = await updateKeys(at(world), ORDER, { ...POLICY, overlapHours: 0 }, keys, RETIRE);
  expect(updated.previous).toBe(previous);
  expect(cloud.alive('uploads')).toHaveLength(2);
});

test('an Inactive key is not given up for a successor that its destination would not take', async () => {
  const { here, cloud, store, current } = owner();
  cloud.make('uploads', 'stranger');
  store.current = { id: null, secret: 'theirs' };
  const keys = { current: { ...current, status: 'Inactive' }, previous: null, leftovers: [], former: null };
  const updated = await updateKeys(at(here), ORDER, POLICY, keys, ROTATE);
  expect(updated.failures[0]?.summary).toContain('holds something that this provider did not write');
  expect(updated.current).toBe(current.id);
  expect(cloud.keys.map(({ id }) => id)).toContain(current.id);
});

test.each(['unknown', 'Expiring'])(
  'a key that was Inactive and is %s by now gives no slot',
  async (status) => {
    const { here, cloud, current } = owner();
    cloud.make('uploads', 'stranger');
    const list = async () => {
      const listing = await here.keys.list();
      return { ...listing, keys: listing.keys.map((key) => ({ ...key, status })) };
    };
    const keys = { current: { ...current, status: 'Inactive' }, previous: null, leftovers: [], former: null };
    const world = { ...here, keys: { ...here.keys, list } };
    const updated = await updateKeys(at(world), ORDER, POLICY, keys, ROTATE);
    expect(updated.failures[0]?.summary).toContain('has no room');
    expect(cloud.alive('uploads').map(({ id }) => id)).toContain(current.id);
  },
);
