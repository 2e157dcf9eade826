import { issueKey } from '../../../src/lifecycle/issue-key.js';
import { newIntent } from '../../../src/lifecycle/journal/new-entry.js';
import { refreshKey } from '../../../src/lifecycle/refresh.js';
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
  expect(said()).toContain(`speaks of key ${other} of bucket archive`);
});
