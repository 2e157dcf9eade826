import { issueKey } from '../../../src/lifecycle/issue-key.js';
import { BucketNotFound } from '../../../src/lifecycle/ports.js';
import type { KeyContext, Listing } from '../../../src/lifecycle/ports.js';
import { refreshKey } from '../../../src/lifecycle/refresh.js';
import { announceRemoval } from '../../../src/lifecycle/remove.js';
import { desk, ORDER } from './desk.js';

/** A list as a replica would give it that is behind. */
type Replica = (listing: Listing) => Listing;

const withoutKeys: Replica = (listing) => ({ ...listing, keys: [] });
const withoutBucket: Replica = () => {
  throw new BucketNotFound('uploads');
};

/** The first lists come from these replicas. */
function behind(context: KeyContext, ...replicas: readonly Replica[]) {
  const asked: (boolean | undefined)[] = [];
  const list: KeyContext['keys']['list'] = async (options) => {
    const replica = replicas[asked.length];
    asked.push(options?.isAnew);
    const listing = await context.keys.list(options);
    return replica ? replica(listing) : listing;
  };
  return { context: { ...context, keys: { ...context.keys, list } }, asked };
}

describe('A key of the state that one list does not show', () => {
  test('counts as alive where the next list shows it, and nothing is said', async () => {
    const { world, deadWorld, said } = desk();
    const { key } = await issueKey(ORDER, deadWorld());
    const { context, asked } = behind(world(), withoutKeys);
    expect(await refreshKey(context, key.id)).toMatchObject({ state: 'alive', key: { id: key.id } });
    expect(asked).toEqual([undefined, true]);
    expect(said()).toBe('');
  });

  test('is gone where the next list does not show it either', async () => {
    const { world, deadWorld, said } = desk();
    const { key } = await issueKey(ORDER, deadWorld());
    const { context, asked } = behind(world(), withoutKeys, withoutKeys);
    expect(await refreshKey(context, key.id)).toMatchObject({ state: 'gone' });
    expect(asked).toHaveLength(2);
    expect(said()).toContain(`Key ${key.id} of bucket uploads does not exist any more`);
  });

  test('stays the previous key where it is one', async () => {
    const { world, deadWorld, cloud } = desk();
    const { key } = await issueKey(ORDER, deadWorld());
    const previous = cloud.make('uploads', 'A')?.id ?? '';
    const withoutPrevious: Replica = (listing) => ({
      ...listing,
      keys: listing.keys.filter(({ id }) => id !== previous),
    });
    const { context } = behind(world(), withoutPrevious);
    expect(await refreshKey(context, key.id, ORDER, previous)).toMatchObject({ previous: { id: previous } });
  });

  test('takes nothing from what the first list has shown: a leftover that the next one does not show counts as alive', async () => {
    const { world, deadWorld, cloud } = desk();
    const { key } = await issueKey(ORDER, deadWorld());
    const leftover = cloud.make('uploads', 'A')?.id ?? '';
    const without = (id: string): Replica => {
      return (listing) => ({ ...listing, keys: listing.keys.filter((each) => each.id !== id) });
    };
    const { context } = behind(world(), without(key.id), withoutKeys);
    const found = await refreshKey(context, key.id);
    expect(found).toMatchObject({ state: 'gone' });
    expect(found.listed.map(({ id }) => id)).toEqual([leftover]);
  });

  test('is asked for once where the first list shows it', async () => {
    const { world, deadWorld } = desk();
    const { key } = await issueKey(ORDER, deadWorld());
    const { context, asked } = behind(world());
    await refreshKey(context, key.id);
    expect(asked).toHaveLength(1);
  });
});

test('a bucket that one replica does not know is looked at again before a destroy, which reports what is there', async () => {
  const { world, cloud, said } = desk();
  const { key } = await issueKey(ORDER, world());
  cloud.now += 1000;
  const other = cloud.make('uploads', 'A')?.id ?? '';
  const { context } = behind(world(), withoutBucket);
  context.known.sawInState(key.id);
  const going = {
    bucket: 'uploads',
    held: [key.id],
    leftovers: [],
    createdAt: key.createdAt,
    accounted: [],
    exclusive: false,
  };
  const seen = await announceRemoval({ current: context, previous: context }, going);
  expect(seen?.listing.keys.map(({ id }) => id)).toEqual([key.id, other]);
  expect(said()).toContain(other);
});

test('the plan of a destroy names the leftovers that go with the resource, as no refresh before it is shown', async () => {
  const { world, cloud, said } = desk();
  const { key } = await issueKey(ORDER, world());
  cloud.now += 1000;
  const left = cloud.make('uploads', 'A')?.id ?? '';
  const context = world();
  context.known.sawInState(key.id);
  const going = { bucket: 'uploads', createdAt: key.createdAt, accounted: [], exclusive: false };
  const places = { current: context, previous: context };
  await announceRemoval(places, {
    ...going,
    held: [key.id, left, 'AKIAGONE'],
    leftovers: [left, 'AKIAGONE'],
  });
  expect(said()).toContain(`Key ${left} of bucket uploads will be deleted`);
  expect(said()).not.toContain('AKIAGONE');
});
