import { issueKey } from '../../../src/lifecycle/issue-key.js';
import { deleteWithPair } from '../../../src/lifecycle/delete.js';
import { desk, ORDER } from './desk.js';

test('the key goes first, then its pair and the journal', async () => {
  const { world, cloud, store } = desk();
  const one = world();
  const { key } = await issueKey(ORDER, one);
  await deleteWithPair(one, key.id);
  expect([cloud.alive('uploads'), store.current, store.readJournal().entry]).toEqual([[], null, null]);
});

test('a pair of another key stays where it is', async () => {
  const { world, store } = desk();
  store.current = { id: 'AKIAOTHER', secret: 'theirs' };
  await deleteWithPair(world(), 'AKIAOURS');
  expect(store.current.id).toBe('AKIAOTHER');
});

test('a key that cannot be deleted stays in the state, with its pair', async () => {
  const { world, store } = desk();
  const one = world();
  const { key } = await issueKey(ORDER, one);
  const keys = { ...one.keys, delete: () => Promise.reject(new Error('Not now.')) };
  await expect(deleteWithPair({ ...one, keys }, key.id)).rejects.toThrow(
    `Key ${key.id} of bucket uploads could not`,
  );
  expect(store.current?.id).toBe(key.id);
});

test('a destination that refuses is a warning that names the dead pair', async () => {
  const { world, said } = desk();
  const one = world();
  const { key } = await issueKey(ORDER, one);
  const destination = { ...one.destination, remove: () => Promise.reject(new Error('Locked.')) };
  await deleteWithPair({ ...one, destination }, key.id);
  expect(said()).toContain(`The pair of key ${key.id} of bucket uploads is left behind at the store`);
});

test('what is still to be looked out for outlives the pair', async () => {
  const { world, store } = desk({}, new Map([[5, 'late-1000']]));
  const one = world();
  const { key } = await issueKey(ORDER, one);
  await deleteWithPair(one, key.id);
  expect(store.readJournal().entry).toMatchObject({
    phase: 'intent',
    released: true,
    lateWindow: { baseline: [] },
  });
});
