import { JournalKeeper } from '../../../src/lifecycle/journal/keeper.js';
import { newIntent, newMark } from '../../../src/lifecycle/journal/new-entry.js';
import type { KeyContext } from '../../../src/lifecycle/ports.js';
import { desk, ORDER } from './desk.js';

const intentOf = async (world: KeyContext) =>
  newIntent(world, ORDER, await world.keys.list(), { before: null, lateWindow: null });

test('of two writers with the same reading one wins, and the other is told', async () => {
  const { world, store } = desk();
  const [one, two] = [world(), world()];
  const reading = store.readJournal();
  await new JournalKeeper(one, reading).begin(await intentOf(one));
  await expect(new JournalKeeper(two, reading).begin(await intentOf(two))).rejects.toThrow(
    'Another run was first at the store',
  );
});

test('a key cannot be written down once another run has taken the creation over', async () => {
  const { world, store } = desk();
  const one = world();
  const intent = await intentOf(one);
  const keeper = new JournalKeeper(one, store.readJournal());
  await keeper.begin(intent);
  store.writeJournal(intent, store.readJournal().revision);
  expect(await keeper.record({ ...intent, made: 'AKIANEW' })).toBe(false);
});

test('giving up restores what was there before', async () => {
  const { world, store } = desk();
  const one = world();
  const listing = await one.keys.list();
  const key = { id: 'AKIAOLD', status: 'Active', createdAt: listing.asOf, lastUse: null };
  const before = newMark(one, key, listing, null, ORDER);
  const keeper = new JournalKeeper(one, store.readJournal());
  const intent = newIntent(one, ORDER, listing, { before, lateWindow: null });
  await keeper.begin(intent);
  await keeper.giveUp(intent);
  expect(store.readJournal().entry).toEqual(before);
});

test('a journal that fails at the end is a warning: the key is made', async () => {
  const { world, store, said } = desk();
  const one = world();
  const keeper = new JournalKeeper(one, store.readJournal());
  const intent = await intentOf(one);
  await keeper.begin(intent);
  store.writeJournal = () => {
    throw new Error('It is full.');
  };
  await keeper.release(intent);
  expect(said()).toContain('The journal of the store for bucket uploads cannot be written: It is full.');
});

test('without a journal every step is silent', async () => {
  const { world, said } = desk({ route: 'output' });
  const one = world();
  const keeper = new JournalKeeper(one, null);
  const intent = await intentOf(one);
  await keeper.begin(intent);
  await keeper.record(intent);
  await keeper.giveUp(intent);
  expect(said()).toBe('');
});
