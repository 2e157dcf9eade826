import { issueKey } from '../../../src/lifecycle/issue-key.js';
import { LifecycleError } from '../../../src/lifecycle/lifecycle-error.js';
import type { Acceptance, KeyContext } from '../../../src/lifecycle/ports.js';
import { removeKeys } from '../../../src/lifecycle/remove.js';
import { desk, ORDER } from './desk.js';

/** As with `create_before_destroy`: one process makes the new resource's key, then removes the old resource with its own. */
async function replacement(answerAgain: Acceptance | null = null) {
  const { world, cloud } = desk();
  const old = cloud.make('uploads', 'A')?.id ?? '';
  const here = world();
  here.known.sawInState(old);
  const accepted: number[] = [];
  const deleted: number[] = [];
  const accepts: KeyContext['s3']['accepts'] = async (pair) => {
    const answer = accepted.length > 0 && answerAgain ? answerAgain : await here.s3.accepts(pair);
    if (answer.state === 'accepted') accepted.push(cloud.now);
    return answer;
  };
  const keys: KeyContext['keys'] = {
    ...here.keys,
    delete: (id) => {
      deleted.push(cloud.now);
      return here.keys.delete(id);
    },
  };
  const context = { ...here, keys, s3: { accepts } };
  const { key } = await issueKey(ORDER, context);
  const going = {
    bucket: 'uploads',
    held: [old],
    leftovers: [],
    createdAt: new Date(0),
    accounted: [old],
    exclusive: false,
  };
  const removed = await removeKeys(
    { current: context, previous: context },
    [{ key: old, at: 'current' }],
    going,
    null,
  );
  return { old, made: key.id, removed, accepted, deleted, alive: cloud.alive('uploads').map(({ id }) => id) };
}

it('the old key of a resource that is replaced goes 15 s after S3 has accepted the new one, and once more', async () => {
  const { made, removed, accepted, deleted, alive } = await replacement();
  expect(removed.failures).toEqual([]);
  expect(alive).toEqual([made]);
  const [first = 0, again = 0] = accepted;
  expect(again - first).toBeGreaterThanOrEqual(15_000);
  expect(deleted[0]).toBeGreaterThanOrEqual(again);
});

it('it stays in the state where S3 does not accept the new one again, and the error says why', async () => {
  const { old, made, removed, deleted, alive } = await replacement({
    state: 'not-yet',
    reason: 'InvalidAccessKeyId.',
  });
  expect(alive).toEqual([old, made]);
  expect(deleted).toEqual([]);
  const [failure] = removed.failures;
  expect(failure).toBeInstanceOf(LifecycleError);
  expect(String(failure)).toMatch(
    new RegExp(
      `Key ${old} of bucket uploads could not be deleted: S3 has not accepted key ${made}, .*InvalidAccessKeyId`,
    ),
  );
});
