import { issueKey, lookForPair, lookForRoom } from '../../../src/lifecycle/issue-key.js';
import type { KeyContext } from '../../../src/lifecycle/ports.js';
import { roomFor } from '../../../src/lifecycle/room.js';
import { refreshKey } from '../../../src/lifecycle/refresh.js';
import { takeOverPair } from '../../../src/lifecycle/take-over.js';
import { ALONE } from './decide-cases.js';
import { desk, ORDER } from './desk.js';

const UNTRIED = { ...ORDER, verifySeconds: null };

/** A run that dies while it waits until a list shows its key: the pair is promoted, and in no state. */
async function dyingWhileWaiting(world: KeyContext): Promise<void> {
  let isPromoted = false;
  const destination = Object.assign(Object.create(world.destination) as typeof world.destination, {
    promote: async (id: string) => {
      const delivery = await world.destination.promote(id);
      isPromoted = true;
      return delivery;
    },
  });
  const list = () => (isPromoted ? new Promise<never>(() => undefined) : world.keys.list());
  void issueKey(ORDER, { ...world, destination, keys: { ...world.keys, list } });
  for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
}

/** The same that has ended well, and whose state was lost. */
async function endedWithoutState(world: KeyContext): Promise<void> {
  await issueKey(ORDER, world);
}

async function left(route: 'readable' | 'sealed', run: typeof endedWithoutState) {
  const its = desk({ route });
  await run(its.deadWorld());
  const { current } = its.store;
  if (!current?.id) throw new Error('No pair was delivered.');
  const { id } = current;
  const alter = () => {
    its.store.current = { ...current, secret: 'ALTERED' };
  };
  return { ...its, id, alter };
}

const RUNS = [
  ['dies while it waits', dyingWhileWaiting],
  ['loses its state', endedWithoutState],
] as const;

describe.each(RUNS)('A pair of a run that %s', (_, run) => {
  it.each(['readable', 'sealed'] as const)('(%s) is adopted as it was delivered', async (route) => {
    const { world, id, cloud } = await left(route, run);
    expect((await issueKey(ORDER, world())).key.id).toBe(id);
    expect(cloud.keys).toHaveLength(1);
  });

  it.each([
    ['readable', ORDER],
    ['sealed', ORDER],
    ['readable', UNTRIED],
    ['sealed', UNTRIED],
  ] as const)(
    '(%s, %j) that was altered is not adopted: plan says it, apply makes another key',
    async (route, order) => {
      const { world, id, cloud, store, alter } = await left(route, run);
      alter();
      const known = { ours: new Set<string>(), removed: new Set<string>() };
      const found = await lookForRoom(world(), order, true);
      const room = roomFor(
        { exclusive: false, beside: null, first: [], isNew: true, known, slots: ALONE },
        found,
      );
      expect(room.messages.map(({ happened }) => happened).join()).toContain(
        `its pair at the store was altered`,
      );
      expect(room.accountedFor).toContain(id);
      const { key } = await issueKey(order, world());
      expect(cloud.alive('uploads').map((each) => each.id)).toEqual([key.id]);
      expect(key.id).not.toBe(id);
      expect(store.current).toEqual({ id: key.id, secret: cloud.find(key.id)?.secret });
    },
  );

  it('that S3 does not accept makes apply fail, which changes nothing and says who answered what', async () => {
    const { world, id, cloud, store } = await left('readable', run);
    const [before, pair] = [store.readJournal(), store.current];
    const one = world();
    const accepts = () => Promise.resolve({ state: 'not-yet' as const, reason: 'proxy:3128 answered 407.' });
    const failure = await issueKey(ORDER, { ...one, s3: { accepts } }).catch(String);
    expect(failure).toContain(`Key ${id} of bucket uploads was not taken over: S3 did not accept the key`);
    expect(failure).toContain('proxy:3128 answered 407.');
    expect(store.readJournal()).toEqual(before);
    expect(store.current).toBe(pair);
    expect(cloud.alive('uploads')).toHaveLength(1);
    // Its author does not want it tried.
    expect((await issueKey(UNTRIED, { ...world(), s3: { accepts } })).key.id).toBe(id);
  });
});

test('a pair that a state finds in place is tried before it is taken over', async () => {
  const { world, cloud, store } = desk();
  const key = cloud.make('uploads', 'A');
  cloud.pass(3_600_000, 0);
  store.current = { id: key?.id ?? '', secret: 'ALTERED' };
  const before = store.readJournal();
  const failure = await takeOverPair(world(), ORDER, key?.id ?? '').catch(String);
  expect(failure).toContain('was not taken over: S3 did not accept the key within 10 s');
  expect(store.readJournal()).toEqual(before);
  store.current = { id: key?.id ?? '', secret: key?.secret ?? '' };
  expect((await takeOverPair(world(), ORDER, key?.id ?? '')).key.id).toBe(key?.id);
});

describe.each(['readable', 'sealed'] as const)('A (%s) pair whose mark could not be written', (route) => {
  /** A run whose store takes its intent, and no mark. */
  async function delivered() {
    const its = desk({ route });
    const dead = its.deadWorld();
    const { journal } = dead.destination;
    if (!journal) throw new Error('This destination keeps no journal.');
    const write: typeof journal.write = (entry, revision) =>
      entry?.phase === 'intent' ? journal.write(entry, revision) : Promise.reject(new Error('throttled'));
    const destination = Object.assign(Object.create(dead.destination) as typeof dead.destination, {
      journal: { read: () => journal.read(), write },
    });
    const { key } = await issueKey(UNTRIED, { ...dead, destination });
    const entry = its.store.readJournal().entry;
    if (entry?.phase !== 'intent' || !its.store.current) throw new Error('The intent is not there any more.');
    return { ...its, id: key.id, digest: entry.digest, current: its.store.current };
  }

  it('is not taken over once its secret was altered, whatever a refresh has written meanwhile', async () => {
    const { world, store, id, current } = await delivered();
    store.current = { ...current, secret: 'ALTERED' };
    await refreshKey(world(), id);
    const next = world();
    next.known.sawInState(id);
    expect(await lookForPair(next, id)).toMatchObject({ isInPlace: false });
    await expect(takeOverPair(next, UNTRIED, id)).rejects.toThrow();
  });

  it('keeps its digest when a later create is given up', async () => {
    const { world, store, id, digest } = await delivered();
    expect(digest).toBeDefined();
    const one = world();
    one.known.sawInState(id);
    one.known.release(id, id);
    const create = () => Promise.resolve({ outcome: 'refused', reason: 'No.', throttled: false } as const);
    const context = { ...one, keys: { ...one.keys, create } };
    await issueKey({ ...ORDER, replaces: id }, context).catch(() => undefined);
    expect(store.readJournal().entry).toMatchObject({ accessKeyId: id, digest });
  });
});
