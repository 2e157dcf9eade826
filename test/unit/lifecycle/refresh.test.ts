import { issueKey } from '../../../src/lifecycle/issue-key.js';
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

describe('A key that a run of this folder has made, and no resource was saved with', () => {
  const another = (at: ReturnType<typeof desk>) => {
    const key = at.cloud.make('uploads', 'A');
    if (!key) throw new Error('There is no room.');
    return key;
  };
  const made = 'was made by a run of this folder that has not ended in order';

  it('is named by the refresh of another resource of the bucket', async () => {
    const at = desk();
    const { key } = await issueKey(ORDER, at.deadWorld());
    const left = another(at);
    at.deadWorld().runs.noteMade(left.id);
    await refreshKey(at.world(), key.id);
    expect(at.said()).toContain(`Key ${left.id} on bucket uploads ${made}`);
    expect(at.said()).toContain(`--access-key-id ${left.id}`);
  });

  it('is not where its folder knows nothing of it, or a resource of this run has it', async () => {
    const at = desk();
    const { key } = await issueKey(ORDER, at.deadWorld());
    const left = another(at);
    await refreshKey(at.world(), key.id);
    at.deadWorld().runs.noteMade(left.id);
    const world = at.world();
    world.known.sawInState(left.id);
    await refreshKey(world, key.id);
    expect(at.said()).toBe('');
  });

  it('is not named twice where the list alone says so much of it', async () => {
    const at = desk({ route: 'output' });
    const { key } = await issueKey(ORDER, at.deadWorld());
    at.cloud.pass(60_000, 0);
    const left = another(at);
    at.deadWorld().runs.noteMade(left.id);
    await refreshKey(at.world(), key.id);
    expect(at.said()).toContain(`Bucket uploads also holds key ${left.id}`);
    expect(at.said()).not.toContain(made);
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
