import { issueKey } from '../../../src/lifecycle/issue-key.js';
import { reportLeftInFolder } from '../../../src/lifecycle/leftovers.js';
import type { LeftInFolder } from '../../../src/lifecycle/ports.js';
import { newIntent } from '../../../src/lifecycle/journal/new-entry.js';
import { refreshKey } from '../../../src/lifecycle/refresh.js';
import { updateKeys } from '../../../src/lifecycle/rotate.js';
import { desk, ORDER } from './desk.js';

test('a refresh confirms the mark of the state’s key, and says nothing', async () => {
  const { world, deadWorld, store, said } = desk();
  const { key } = await issueKey(ORDER, deadWorld());
  const found = await refreshKey(world(), key.id);
  expect(found).toMatchObject({ state: 'alive', delivered: true, leftovers: [] });
  expect(store.readJournal().entry).toMatchObject({ phase: 'confirmed', accessKeyId: key.id });
  expect(said()).toBe('');
});

test('a key that is gone is named, and the state forgets it', async () => {
  const { world, said } = desk();
  expect(await refreshKey(world(), 'AKIAGONE')).toEqual({
    state: 'gone',
    listed: [],
    time: { asOf: expect.any(Date) as Date, keys: [] },
  });
  expect(said()).toContain('Key AKIAGONE of bucket uploads does not exist any more');
});

test('a pair that is no longer at its destination is told', async () => {
  const { world, deadWorld, store, said } = desk();
  const { key } = await issueKey(ORDER, deadWorld());
  store.current = null;
  expect(await refreshKey(world(), key.id)).toMatchObject({ state: 'alive', delivered: false });
  expect(said()).toContain(`The secret of key ${key.id} of bucket uploads is no longer at the store`);
});

test.each([
  [false, /may have been left by a run that could not finish/, 0],
  [true, /was left by a run that could not finish/, 1],
])(
  'a late landing is named, and with exclusive it is to be deleted (exclusive: %s)',
  async (exclusive, word, count) => {
    const { world, deadWorld, cloud, said } = desk({}, new Map([[5, 'late-1000']]));
    const { key } = await issueKey({ ...ORDER, exclusive }, deadWorld());
    cloud.pass(16 * 60_000, 0);
    const late = cloud.keys.find(({ id }) => id !== key.id);
    const found = await refreshKey(world(), key.id, { exclusive });
    expect(found).toMatchObject({ leftovers: { length: count } });
    expect(said()).toMatch(word);
    expect(said()).toContain(late?.id);
  },
);

test('without a journal a key newer than the state’s is named', async () => {
  const { world, cloud, said } = desk({ route: 'output' });
  const ours = cloud.make('uploads', 'A');
  const other = cloud.make('uploads', 'stranger');
  await refreshKey(world(), ours?.id ?? '');
  expect(said()).toContain(
    `Bucket uploads also holds key ${other?.id ?? ''}, which is newer than key ${ours?.id ?? ''}`,
  );
});

describe('What a dead run of this folder has left', () => {
  const NOBODY = new Set<string>();
  const left = (at: ReturnType<typeof desk>, more: Partial<LeftInFolder>) => ({
    bucket: 'uploads',
    at: new Date(at.cloud.now),
    key: null,
    baseline: [],
    ...more,
  });

  it('is named by its key, with the command that deletes it', async () => {
    const at = desk();
    const id = at.cloud.make('uploads', 'A')?.id ?? '';
    at.cloud.make('uploads', 'stranger');
    const found = await reportLeftInFolder(at.world(), left(at, { key: id }), NOBODY);
    expect(found).toEqual({ named: [id], isOver: false });
    expect(at.said()).toContain(`Key ${id} on bucket uploads was made by a run of this folder`);
    expect(at.said()).toContain(`--access-key-id ${id}`);
  });

  it('is what has come since it had asked, where no answer told its key', async () => {
    const at = desk();
    const before = at.cloud.make('uploads', 'stranger')?.id ?? '';
    at.cloud.pass(5000, 0);
    const asked = left(at, { baseline: [before] });
    const id = at.cloud.make('uploads', 'A')?.id ?? '';
    expect((await reportLeftInFolder(at.world(), asked, NOBODY)).named).toEqual([id]);
    expect(at.said()).toContain(`Key ${id} on bucket uploads may have been made by a run of this folder`);
  });

  it('is not what came so late that the call cannot have made it', async () => {
    const at = desk();
    const asked = left(at, {});
    at.cloud.pass(30 * 60_000, 0);
    at.cloud.make('uploads', 'stranger');
    expect(await reportLeftInFolder(at.world(), asked, NOBODY)).toEqual({ named: [], isOver: true });
  });

  it('is looked for until nothing can come any more', async () => {
    const at = desk();
    const note = left(at, { key: 'AKIAGONE' });
    expect(await reportLeftInFolder(at.world(), note, NOBODY)).toEqual({ named: [], isOver: false });
    at.cloud.pass(30 * 60_000, 0);
    expect(await reportLeftInFolder(at.world(), note, NOBODY)).toEqual({ named: [], isOver: true });
  });

  it('is not named where it was spoken of, or a resource of this run has it', async () => {
    const at = desk();
    const id = at.cloud.make('uploads', 'A')?.id ?? '';
    const note = left(at, { key: id });
    const world = at.world();
    expect((await reportLeftInFolder(world, note, new Set([id]))).named).toEqual([]);
    world.known.sawInState(id);
    expect((await reportLeftInFolder(world, note, NOBODY)).named).toEqual([]);
    expect(at.said()).toBe('');
  });
});

describe('A resource whose notes are lost', () => {
  it('has every key named that nobody looks after, and the pair of the one before', async () => {
    const at = desk();
    const { key } = await issueKey(ORDER, at.deadWorld());
    const other = at.cloud.make('uploads', 'A')?.id ?? '';
    await refreshKey(at.world(), key.id);
    expect(at.said()).toBe('');
    const found = await refreshKey(at.world(), key.id, {
      exclusive: false,
      hasForgotten: { reported: [], isFirst: true },
    });
    expect(found).toMatchObject({ unaccounted: [{ id: other }] });
    expect(at.said()).toContain(`What was noted beside key ${key.id} of bucket uploads is lost`);
    expect(at.said()).toContain(`--access-key-id ${other}`);
  });

  it('is quiet where there is nothing to lose', async () => {
    const at = desk();
    const { key } = await issueKey(ORDER, at.deadWorld());
    await refreshKey(at.world(), key.id, { exclusive: false, hasForgotten: { reported: [], isFirst: true } });
    expect(at.said()).toBe('');
  });
});

test('a key that the state’s key has replaced, and that the state has lost, is named', async () => {
  const at = desk();
  const first = await issueKey(ORDER, at.deadWorld());
  const world = at.deadWorld();
  world.known.sawInState(first.key.id);
  world.known.release(first.key.id, first.key.id);
  const second = await issueKey({ ...ORDER, replaces: first.key.id }, world);
  await refreshKey(at.world(), second.key.id, { exclusive: false }, first.key.id);
  expect(at.said()).toBe('');
  expect(await refreshKey(at.world(), second.key.id)).toMatchObject({ leftovers: [] });
  expect(at.said()).toContain(
    `Key ${first.key.id} on bucket uploads is alive, and key ${second.key.id} has replaced it`,
  );
  // What it had still to delete is noted nowhere any more, but that the journal proves it this resource's.
  const options = { exclusive: false, hasForgotten: { reported: [], isFirst: true } };
  expect(await refreshKey(at.world(), second.key.id, options)).toMatchObject({
    leftovers: [{ id: first.key.id }],
    unaccounted: [],
  });
});

test('a destination that cannot be asked is a warning, and the key stays as it is', async () => {
  const { deadWorld, world, said } = desk();
  const { key } = await issueKey(ORDER, deadWorld());
  const blind = world();
  const destination = { ...blind.destination, read: () => Promise.reject(new Error('No.')) };
  expect(await refreshKey({ ...blind, destination }, key.id)).toMatchObject({ delivered: true });
  expect(said()).toContain('Cannot verify whether the store still holds the secret');
});

test('what the journal says of another bucket is named, and nothing there is a leftover', async () => {
  const { deadWorld, world, store, cloud, said } = desk();
  const { key } = await issueKey(ORDER, deadWorld());
  const other = cloud.make('archive', 'A')?.id ?? '';
  const intent = newIntent(deadWorld(), ORDER, await world().keys.list(), { before: null, lateWindow: null });
  store.writeJournal({ ...intent, bucket: 'archive', made: other }, store.readJournal().revision);
  expect(await refreshKey(world(), key.id, { exclusive: true })).toMatchObject({ leftovers: [] });
  expect(said()).toContain(`is about key ${other} of bucket archive`);
});

describe('A key of a dead run that lists have shown', () => {
  /** Beside a key of the state, a replacement whose run has died before any list showed its key. */
  async function replacementLeft() {
    const table = desk();
    const { world, deadWorld, store, cloud } = table;
    const { key } = await issueKey(ORDER, deadWorld());
    const { entry, revision } = store.readJournal();
    if (entry?.phase !== 'unconfirmed') throw new Error('It has no mark.');
    const intent = newIntent(deadWorld(), ORDER, await world().keys.list(), {
      before: entry,
      lateWindow: null,
    });
    const left = cloud.make('uploads', 'A');
    if (!left) throw new Error('The bucket is full.');
    const unlistedSince = new Date(left.createdAt).toISOString();
    store.writeJournal({ ...intent, made: left.id, unlistedSince }, revision);
    const leftovers = async () => {
      const refreshed = await refreshKey(world(), key.id);
      return refreshed.state === 'alive' ? refreshed.leftovers.map(({ id }) => id) : null;
    };
    return { ...table, key, left, leftovers };
  }

  test('is gone once they do not show it any more, whoever has deleted it', async () => {
    const { left, leftovers } = await replacementLeft();
    expect(await leftovers()).toEqual([left.id]);
    left.alive = false;
    expect(await leftovers()).toEqual([]);
  });

  test('is gone once this resource has deleted it, though no refresh has seen it', async () => {
    const { world, key, left, leftovers } = await replacementLeft();
    const here = world();
    const current = { id: key.id, status: 'Active', createdAt: key.createdAt };
    const keys = { current, previous: null, leftovers: [left.id], former: null };
    const places = { next: () => Promise.resolve(here), current: here, previous: here };
    const nothing = { retires: false, rotates: false, takesOver: false };
    const policy = { afterDays: null, overlapHours: 0, onStillUsed: 'block' } as const;
    expect(await updateKeys(places, ORDER, policy, keys, nothing)).toMatchObject({
      leftovers: [],
      failures: [],
    });
    expect(left.alive).toBe(false);
    expect(await leftovers()).toEqual([]);
  });

  test('is looked for as long as none has', async () => {
    const { left, leftovers } = await replacementLeft();
    left.alive = false;
    expect(await leftovers()).toEqual([left.id]);
  });
});
