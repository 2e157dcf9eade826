import type { Destination } from '../../../src/lifecycle/destination.js';
import type { Intent, Mark } from '../../../src/lifecycle/journal/entry.js';
import { render } from '../../../src/lifecycle/message.js';
import { issueKey } from '../../../src/lifecycle/issue-key.js';
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

const at = (world: KeyContext, contexts: Partial<Record<'current' | 'previous', KeyContext>> = {}) => ({
  next: () => Promise.resolve(world),
  current: world,
  previous: world,
  ...contexts,
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

test('a delivered key is not handed on as given up, although the journal of the old destination still has its intent', async () => {
  const { here, store, current } = owner();
  const { asOf } = await here.keys.list();
  const entry: Intent = {
    phase: 'intent',
    nonce: 'n',
    bucket: 'uploads',
    baseline: [],
    holder: here.runs.self,
    begunAt: asOf.toISOString(),
    expiresAt: asOf.toISOString(),
    answered: true,
    made: current.id,
    unlistedSince: asOf.toISOString(),
  };
  const old = {
    title: 'the old store',
    journal: { read: () => Promise.resolve({ entry, revision: '1' }) },
  } as unknown as Destination;
  const keys = { current, previous: null, leftovers: [], former: null };
  const contexts = at(here, { current: { ...here, destination: old } });
  const updated = await updateKeys(contexts, ORDER, POLICY, keys, ROTATE);
  expect(updated).toMatchObject({ previous: current.id, failures: [] });
  expect(store.readJournal().entry).toMatchObject({ accessKeyId: updated.current });
  expect(store.readJournal().entry).not.toHaveProperty('lateWindow');
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

const AT_ONCE: RotationPolicy = { ...POLICY, overlapHours: 0 };

test('without an overlap the working key goes 15 s after S3 has accepted the next one, and once more', async () => {
  const { here, cloud, current } = owner();
  const accepted: number[] = [];
  const accepts: KeyContext['s3']['accepts'] = async (pair) => {
    const answer = await here.s3.accepts(pair);
    if (answer.state === 'accepted') accepted.push(cloud.now);
    return answer;
  };
  const deletions: number[] = [];
  const keys: KeyContext['keys'] = {
    ...here.keys,
    delete: (id) => {
      deletions.push(cloud.now);
      return here.keys.delete(id);
    },
  };
  const its = { current, previous: null, leftovers: [], former: null };
  const updated = await updateKeys(at({ ...here, keys, s3: { accepts } }), ORDER, AT_ONCE, its, ROTATE);
  expect(updated).toMatchObject({ previous: null, leftovers: [], failures: [] });
  const [first = 0, again = 0] = accepted;
  expect(accepted).toHaveLength(2);
  expect(again - first).toBeGreaterThanOrEqual(15_000);
  expect(deletions[0]).toBeGreaterThanOrEqual(again);
  expect(cloud.alive('uploads').map(({ id }) => id)).toEqual([updated.current]);
});

test('without an overlap the working key stays as the previous one where S3 does not accept the next one again', async () => {
  const { here, cloud, current } = owner();
  let trials = 0;
  const accepts: KeyContext['s3']['accepts'] = () => {
    trials += 1;
    return Promise.resolve(
      trials === 1 ? { state: 'accepted' } : { state: 'not-yet', reason: 'NoSuchBucket.' },
    );
  };
  const warnings: string[] = [];
  const warn: KeyContext['warn'] = (message) => {
    const { summary, detail } = render(message);
    warnings.push(`${summary}: ${detail}`);
  };
  const its = { current, previous: null, leftovers: [], former: null };
  const updated = await updateKeys(at({ ...here, warn, s3: { accepts } }), ORDER, AT_ONCE, its, ROTATE);
  expect(updated).toMatchObject({ previous: current.id, leftovers: [], failures: [] });
  expect(warnings.join()).toMatch(/is not retired yet: S3 has not accepted key AKIA\w+, .*NoSuchBucket\./);
  expect(cloud.alive('uploads')).toHaveLength(2);
});

test('without an overlap the working key goes once a successor that a dead run has made is 30 s old', async () => {
  const { world, deadWorld, cloud } = desk({ route: 'sealed' });
  const made = cloud.make('uploads', 'A');
  if (!made) throw new Error('The bucket is full.');
  const current = { id: made.id, status: 'Active', createdAt: new Date(made.createdAt) };
  const dead = deadWorld();
  dead.known.sawInState(made.id);
  const { key } = await issueKey({ ...ORDER, replaces: made.id }, dead);
  const here = world();
  here.known.sawInState(made.id);
  const deletions: number[] = [];
  const keys: KeyContext['keys'] = {
    ...here.keys,
    delete: (id) => {
      deletions.push(cloud.now);
      return here.keys.delete(id);
    },
  };
  const its = { current, previous: null, leftovers: [], former: null };
  const updated = await updateKeys(at({ ...here, keys }), ORDER, AT_ONCE, its, ROTATE);
  expect(updated).toMatchObject({ current: key.id, previous: null, leftovers: [], failures: [] });
  const [deleted = 0] = deletions;
  expect(deleted - (key.createdAt?.getTime() ?? NaN)).toBeGreaterThanOrEqual(29_000);
  expect(cloud.alive('uploads').map(({ id }) => id)).toEqual([key.id]);
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

const NO_OVERLAP = { ...POLICY, overlapHours: 0 };

test('without an overlap the old key is deleted in the same apply', async () => {
  const { here, cloud, current } = owner();
  const keys = { current, previous: null, leftovers: [], former: null };
  const updated = await updateKeys(at(here), ORDER, NO_OVERLAP, keys, ROTATE);
  expect(updated).toMatchObject({ previous: null, leftovers: [], failures: [] });
  expect(cloud.alive('uploads').map(({ id }) => id)).toEqual([updated.current]);
});

test.each([
  ['Active', 'unknown'],
  ['Active', 'Expiring'],
  ['Inactive', 'unknown'],
])(
  'an old key that was %s, and of which AWS says %s once its successor is there, becomes the previous one',
  async (status, now) => {
    const { here, cloud, current } = owner();
    const list = async () => {
      const listing = await here.keys.list();
      return {
        ...listing,
        keys: listing.keys.map((key) => (key.id === current.id ? { ...key, status: now } : key)),
      };
    };
    const keys = { current: { ...current, status }, previous: null, leftovers: [], former: null };
    const world = { ...here, keys: { ...here.keys, list } };
    const updated = await updateKeys(at(world), ORDER, NO_OVERLAP, keys, ROTATE);
    expect(updated).toMatchObject({ previous: current.id, leftovers: [], failures: [] });
    expect(cloud.alive('uploads').map(({ id }) => id)).toEqual([current.id, updated.current]);
  },
);

test.each([
  [true, 'makes no key'],
  [false, 'makes one'],
])(
  'where AWS no longer tells the status of the old key, a rotation that waits for it (%s) %s',
  async (needsStatus) => {
    const { here, cloud, current } = owner();
    const list = async () => {
      const listing = await here.keys.list();
      return { ...listing, keys: listing.keys.map((key) => ({ ...key, status: 'unknown' })) };
    };
    const keys = { current, previous: null, leftovers: [], former: null };
    const world = { ...here, keys: { ...here.keys, list } };
    const updated = await updateKeys(at(world), { ...ORDER, needsStatus }, POLICY, keys, ROTATE);
    expect(updated.failures).toHaveLength(needsStatus ? 1 : 0);
    expect(cloud.alive('uploads')).toHaveLength(needsStatus ? 1 : 2);
  },
);

test('an Inactive key whose pair is in place is given up for its successor where both slots are taken', async () => {
  const { world, cloud, store } = desk();
  const { key } = await issueKey(ORDER, world());
  cloud.make('uploads', 'stranger');
  const mine = cloud.find(key.id);
  if (mine) mine.status = 'Inactive';
  const here = world();
  here.known.sawInState(key.id);
  here.known.release(key.id, key.id);
  const current = { id: key.id, status: 'Inactive', createdAt: key.createdAt };
  const keys = { current, previous: null, leftovers: [], former: null };
  const updated = await updateKeys(at(here), ORDER, POLICY, keys, ROTATE);
  expect(updated.failures).toEqual([]);
  expect(cloud.find(key.id)?.alive).toBe(false);
  expect(store.current?.id).toBe(updated.current);
});
