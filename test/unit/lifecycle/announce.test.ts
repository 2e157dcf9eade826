import { announceIssue } from './announce.js';
import { issueKey } from '../../../src/lifecycle/issue-key.js';
import { confirm } from '../../../src/lifecycle/journal/confirm.js';
import { desk, ORDER } from './desk.js';

test('an empty bucket needs no word', async () => {
  const { world, said, cloud } = desk();
  await announceIssue(ORDER, world(), null);
  expect([said(), cloud.keys]).toEqual(['', []]);
});

test('a key that nobody accounts for is named with its age and use', async () => {
  const { world, said, cloud } = desk();
  const key = cloud.make('uploads', 'stranger');
  cloud.pass(3 * 86_400_000, 0);
  await announceIssue(ORDER, world(), null);
  expect(said()).toMatch(
    new RegExp(`Bucket uploads already holds key ${key?.id ?? ''}: .*3 days ago, never used`),
  );
});

test('an adoption is announced, and nothing is changed', async () => {
  const { world, deadWorld, said, store } = desk();
  const { key } = await issueKey(ORDER, deadWorld());
  const before = store.readJournal();
  await announceIssue(ORDER, world(), null);
  expect(said()).toContain(`Key ${key.id} of bucket uploads will be taken over from a run that died`);
  expect(store.readJournal()).toEqual(before);
});

test('a full bucket is an error of the plan', async () => {
  const { world, cloud } = desk();
  cloud.make('uploads', 'stranger');
  cloud.make('uploads', 'stranger');
  await expect(announceIssue(ORDER, world(), null)).rejects.toThrow('has no room for another access key');
});

test('keys that the same apply deletes first leave room', async () => {
  const { world, cloud } = desk();
  const [ours, left] = [cloud.make('uploads', 'A')?.id ?? '', cloud.make('uploads', 'A')?.id ?? ''];
  await expect(announceIssue(ORDER, world(), ours)).rejects.toThrow('has no room');
  await announceIssue(ORDER, world(), ours, [left]);
});

test('a planned replacement lets the apply replace the pair without a trace of its predecessor, for a day', async () => {
  const { world, cloud } = desk();
  const first = world();
  const { key } = await issueKey(ORDER, first);
  await confirm(first, key.id);
  await expect(issueKey(ORDER, world())).rejects.toThrow('already holds key');
  const planning = world();
  planning.known.sawInState(key.id);
  await announceIssue(ORDER, planning, null);
  cloud.pass(25 * 3_600_000, 0);
  await expect(issueKey(ORDER, world())).rejects.toThrow('already holds key');
  await announceIssue(ORDER, planning, null);
  await issueKey(ORDER, world());
  expect(cloud.keys).toHaveLength(2);
});
