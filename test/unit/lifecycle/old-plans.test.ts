import { issueKey } from '../../../src/lifecycle/issue-key.js';
import type { KeyContext } from '../../../src/lifecycle/ports.js';
import { retireKey, updateKeys } from '../../../src/lifecycle/rotate.js';
import { desk, ORDER } from './desk.js';

const POLICY = { afterDays: null, overlapHours: 24, onStillUsed: 'block' } as const;
const LONG_AFTER = 100 * 3_600_000;

/** A plan has announced that the previous key is retired; then something befalls the current one. */
function planned(befalls: 'gone' | 'Inactive' | 'nothing') {
  const { world, cloud, said } = desk();
  const previous = cloud.make('uploads', 'A');
  const current = cloud.make('uploads', 'A');
  if (!previous || !current) throw new Error('The bucket is full.');
  cloud.now += LONG_AFTER;
  const context = world();
  for (const { id } of [previous, current]) context.known.sawInState(id);
  if (befalls === 'gone') current.alive = false;
  if (befalls === 'Inactive') current.status = 'Inactive';
  const alive = () => cloud.alive('uploads').map(({ id }) => id);
  const known = { id: current.id, status: 'Active', createdAt: new Date(current.createdAt) };
  return { context, previous: previous.id, current: known, alive, said };
}

const refusing = (context: KeyContext): KeyContext => ({
  ...context,
  keys: {
    ...context.keys,
    create: () => Promise.resolve({ outcome: 'refused', reason: 'No.', throttled: false }),
  },
});

const at = (context: KeyContext) => ({
  next: () => Promise.resolve(context),
  current: context,
  previous: context,
});

describe('A previous key that a plan has said is retired', () => {
  test('is, where its successor works', async () => {
    const { context, previous, current, alive } = planned('nothing');
    expect(await retireKey(context, previous, POLICY, { ...current, context })).toBe(true);
    expect(alive()).toEqual([current.id]);
  });

  test.each(['gone', 'Inactive'] as const)('stays where its successor is %s by now', async (befalls) => {
    const { context, previous, current, alive, said } = planned(befalls);
    expect(await retireKey(context, previous, POLICY, { ...current, context })).toBe(false);
    expect(alive()).toContain(previous);
    expect(said()).toContain('so consumers have no other key');
  });

  test('stays where its successor is gone, and the next one is refused', async () => {
    const { context, previous, current, alive } = planned('gone');
    const keys = { current, previous, leftovers: [], former: null };
    const work = { retires: true, rotates: true, takesOver: false };
    const updated = await updateKeys(at(refusing(context)), ORDER, POLICY, keys, work);
    expect(updated.failures).toHaveLength(1);
    expect(alive()).toEqual([previous]);
  });
});

test('a key that was Inactive at plan, and is Active by now, is not deleted to make room', async () => {
  const { world, cloud } = desk();
  const own = cloud.make('uploads', 'A');
  cloud.make('uploads', 'stranger');
  if (!own) throw new Error('The bucket is full.');
  const context = refusing(world());
  context.known.sawInState(own.id);
  const current = { id: own.id, status: 'Inactive', createdAt: new Date(own.createdAt) };
  const keys = { current, previous: null, leftovers: [], former: null };
  const work = { retires: false, rotates: true, takesOver: false };
  const updated = await updateKeys(at(context), ORDER, POLICY, keys, work);
  expect(updated.failures).toHaveLength(1);
  expect(cloud.find(own.id)?.alive).toBe(true);
});

test('a key that is gone gives its place to its successor, whatever value lies there by now', async () => {
  const { world, cloud, store } = desk();
  const { key } = await issueKey(ORDER, world());
  store.current = { id: null, secret: 'theirs' };
  const gone = cloud.find(key.id);
  if (gone) gone.alive = false;
  const context = world();
  context.known.sawInState(key.id);
  const keys = { current: null, previous: null, leftovers: [], former: key.id };
  const work = { retires: false, rotates: true, takesOver: false };
  const updated = await updateKeys(at(context), ORDER, POLICY, keys, work);
  expect(updated.failures).toEqual([]);
  expect(store.current).toMatchObject({ id: updated.current });
});
