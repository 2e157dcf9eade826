import { announceIssue } from '../lifecycle/announce.js';
import { issueKey } from '../../../src/lifecycle/issue-key.js';
import type { Issued } from '../../../src/lifecycle/issue-key.js';
import { refreshKey } from '../../../src/lifecycle/refresh.js';
import { deleteWithPair } from '../../../src/lifecycle/delete.js';
import { FakeBucket, MortalRun } from '../../support/mortal-run.js';
import { keyIn, secretIn, Workbench } from '../../support/secrets-manager/workbench.js';

const ORDER = { exclusive: true, verifySeconds: 60 };

let bench: Workbench;
beforeAll(async () => {
  bench = await Workbench.open();
});
afterAll(() => bench.close());
afterEach(() => {
  bench.proxy.faults.clear();
});

/** One resource with its bucket, its secret and what its state holds. */
async function newResource() {
  const bucket = new FakeBucket();
  const secret = await bench.newSecret();
  return {
    bucket,
    secret,
    /** A run that dies after its last call, in the world as it is before the next one. */
    run: (lastCall?: number) => {
      const process = new MortalRun(lastCall === undefined ? null : { at: lastCall, when: 'after' });
      const destination = bench.destination(secret.name, bench.accessBy(process.step));
      return { process, world: process.world(bucket, destination) };
    },
  };
}

type Resource = Awaited<ReturnType<typeof newResource>>;

async function create({ run }: Resource): Promise<string> {
  return (await issueKey(ORDER, run().world)).key.id;
}

async function rotate({ run }: Resource, previous: string, lastCall?: number) {
  const { process, world } = run(lastCall);
  world.known.sawInState(previous);
  return Promise.race([issueKey(ORDER, world), process.died]);
}

/** A consumer never reads anything but the empty value and pairs that the bucket has given out. */
function expectOnlyWholeValues({ bucket, secret }: Resource): void {
  for (const value of bench.proxy.everCurrent(secret.arn)) {
    const content = JSON.parse(value) as Record<string, unknown>;
    if (content.empty === true) continue;
    expect(bucket.secrets.get(String(content.secretAccessKey))).toBe(content.accessKeyId);
  }
}

test('Create, refresh, rotate, retire and destroy: consumers always find nothing or a pair that works.', async () => {
  const resource = await newResource();
  const { bucket, secret, run } = resource;
  await announceIssue(ORDER, run().world, null);
  expect(await bench.consumed(secret.arn)).toBeNull();

  const first = await create(resource);
  expect(bucket.accepts(secretIn(await bench.consumed(secret.arn)))).toBe(first);
  expect(await refreshKey(run().world, first)).toMatchObject({ state: 'alive', delivered: true });

  const second = (await rotate(resource, first)) as Issued;
  expect(keyIn(await bench.consumed(secret.arn))).toBe(second.key.id);
  expect(second.delivery.reference).toBe(`${secret.arn}:::lightsail-access-key-${second.key.id}`);
  expect(bucket.ids).toEqual([first, second.key.id]);
  await deleteWithPair(run().world, first);
  expect(bucket.accepts(secretIn(await bench.consumed(secret.arn)))).toBe(second.key.id);
  expect(await refreshKey(run().world, second.key.id)).toMatchObject({ delivered: true });

  await deleteWithPair(run().world, second.key.id);
  expect(bucket.ids).toEqual([]);
  expect(bench.proxy.everCurrent(secret.arn).map(keyIn)).toEqual([null, first, second.key.id, null]);
  expectOnlyWholeValues(resource);
  expect(await create(resource)).toEqual(keyIn(await bench.consumed(secret.arn)));
});

test("Another stack's secret is refused, naming its key.", async () => {
  const resource = await newResource();
  const key = await create(resource);
  await refreshKey(resource.run().world, key);
  const other = new FakeBucket('downloads');
  const world = new MortalRun().world(other, bench.destination(resource.secret.name), [resource.bucket]);
  await expect(issueKey(ORDER, world)).rejects.toThrow(`already holds key ${key} of bucket uploads`);
  expect(other.ids).toEqual([]);
  expect(keyIn(await bench.consumed(resource.secret.arn))).toBe(key);
});

test('Of ten applies at once one makes a key.', async () => {
  const resource = await newResource();
  const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => create(resource)));
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(resource.bucket.ids).toHaveLength(1);
  expect(keyIn(await bench.consumed(resource.secret.arn))).toBe(resource.bucket.ids[0]);
});

test.each(['DescribeSecret', 'GetSecretValue', 'PutSecretValue', 'UpdateSecretVersionStage'])(
  'Without the right to call %s no key is left behind, and the old pair works on.',
  async (action) => {
    const resource = await newResource();
    const { bucket, secret } = resource;
    const first = await create(resource);
    bench.proxy.faults.plan(action, { kind: 'refuse', error: 'AccessDeniedException', message: 'no' });
    await expect(rotate(resource, first)).rejects.toThrow(`secretsmanager:${action}`);
    expect(bucket.ids).toEqual([first]);
    expect(bucket.accepts(secretIn(await bench.consumed(secret.arn)))).toBe(first);
    bench.proxy.faults.clear();
    const next = (await rotate(resource, first)) as Issued;
    expect(keyIn(await bench.consumed(secret.arn))).toBe(next.key.id);
  },
);

test('A value that somebody else made current is seen at refresh, and makes the key due for replacement.', async () => {
  const resource = await newResource();
  const key = await create(resource);
  await bench.overwrite(resource.secret.arn, 'theirs');
  const { process, world } = resource.run();
  expect(await refreshKey(world, key)).toMatchObject({ state: 'alive', delivered: false });
  expect(process.notices[0]?.summary).toContain(`The secret of key ${key} of bucket uploads is no longer at`);
});

describe('A process that dies after any call', () => {
  test('of its creation leaves nothing that the next run does not finish.', async () => {
    const calls = await atEachCall(async (resource, lastCall) => {
      const { process, world } = resource.run(lastCall);
      if ((await Promise.race([issueKey(ORDER, world), process.died])) !== 'died') return 'over';
      await expectSettled(resource, [await create(resource)]);
      return 'died';
    });
    expect(calls).toBeGreaterThan(15);
  });

  test('of a rotation leaves the old pair or the new one, and the next run ends with both keys.', async () => {
    const calls = await atEachCall(async (resource, lastCall) => {
      const first = await create(resource);
      if ((await rotate(resource, first, lastCall)) !== 'died') return 'over';
      expect(resource.bucket.accepts(secretIn(await bench.consumed(resource.secret.arn)))).not.toBeNull();
      const second = (await rotate(resource, first)) as Issued;
      await expectSettled(resource, [first, second.key.id]);
      return 'died';
    });
    expect(calls).toBeGreaterThan(15);
  });

  test('of a destruction leaves nothing that a second one does not remove.', async () => {
    const calls = await atEachCall(async (resource, lastCall) => {
      const key = await create(resource);
      const { process, world } = resource.run(lastCall);
      if ((await Promise.race([deleteWithPair(world, key), process.died])) !== 'died') return 'over';
      await deleteWithPair(resource.run().world, key);
      expect(resource.bucket.ids).toEqual([]);
      const versions = Object.values(await bench.labels(resource.secret.arn));
      expect(versions.filter((version) => version.startsWith('lightsail-access-key-'))).toEqual([]);
      expect(keyIn(await bench.consumed(resource.secret.arn))).toBeNull();
      const journal = await resource.run().world.destination.journal?.read();
      expect(journal?.entry).toBeNull();
      return 'died';
    });
    expect(calls).toBeGreaterThan(8);
  });
});

/** Answers after how many calls the work is over. */
async function atEachCall(
  work: (resource: Resource, lastCall: number) => Promise<'died' | 'over'>,
): Promise<number> {
  for (let lastCall = 1; ; lastCall++) {
    const outcome = await work(await newResource(), lastCall).catch((error: unknown) => {
      throw new Error(`After call ${lastCall}: ${String(error)}`, { cause: error });
    });
    if (outcome === 'over') return lastCall;
  }
}

/** No orphan, and what consumers find is the newest of the keys that are to be there. */
async function expectSettled(resource: Resource, keys: readonly string[]): Promise<void> {
  const { bucket, secret } = resource;
  expect(bucket.ids).toEqual(keys);
  expect(keyIn(await bench.consumed(secret.arn))).toBe(keys.at(-1));
  expectOnlyWholeValues(resource);
}
