import type { AwsAccess } from '../../../src/aws/access.js';
import type { Destination } from '../../../src/lifecycle/destination.js';
import { ParameterApi } from '../../../src/destinations/ssm-parameter/parameter-api.js';
import { issueKey } from '../../../src/lifecycle/issue-key.js';
import { deleteWithPair } from '../../../src/lifecycle/delete.js';
import type { FaultLane } from '../../support/fault-lane.js';
import { FakeBucket, MortalRun } from '../../support/mortal-run.js';
import { SsmWorkbench } from '../../support/ssm/workbench.js';
import { newPair } from './contract.js';
import { sharedBy } from '../../support/destinations/shared-by.js';

const ORDER = { exclusive: true, verifySeconds: 60 };
const LAG = 700;
const NOTHING = { status: 200, body: '{"Parameters":[]}' };
let bench: SsmWorkbench;
let lane: FaultLane;
let name: string;
let access: AwsAccess;
beforeAll(async () => {
  bench = await SsmWorkbench.open();
  lane = await bench.lane();
});
afterAll(() => bench.close());
beforeEach(() => {
  name = bench.newName();
  access = bench.access(lane);
});
afterEach(() => {
  bench.lag.milliseconds = 0;
  lane.clear();
});

/** Another call in the same process. */
const open = (): Destination => bench.destination(name, lane, {}, access);

async function deliver(destination: Destination) {
  const pair = newPair();
  await destination.stage(pair);
  await destination.promote(pair.accessKeyId);
  return pair;
}

test('A pair that this run has staged is promoted without being looked for.', async () => {
  const destination = open();
  const pair = newPair();
  await destination.stage(pair);
  lane.plan(/^DescribeParameters \S+pending/, NOTHING);
  await destination.promote(pair.accessKeyId);
  expect((await destination.read()).current).toEqual({ accessKeyId: pair.accessKeyId });
});

describe('Where Parameter Store tells what was there a moment ago', () => {
  beforeEach(() => {
    bench.lag.milliseconds = LAG;
  });

  test('a key is replaced in one go: made, destroyed and made again, each with its journal', async () => {
    const bucket = new FakeBucket();
    const keys = [];
    for (let time = 0; time < 3; time++) {
      const { key } = await issueKey(ORDER, new MortalRun().world(bucket, open()));
      keys.push(key.id);
      expect(JSON.parse((await bench.consumed(name)) ?? '{}')).toMatchObject({ accessKeyId: key.id });
      await deleteWithPair(new MortalRun().world(bucket, open()), key.id);
      expect([bucket.ids, await bench.consumed(name)]).toEqual([[], null]);
    }
    expect(new Set(keys).size).toBe(3);
  });

  test('a deleted pair is looked past, and a value that somebody puts there is not', async () => {
    const pair = await deliver(open());
    expect(await open().remove(pair.accessKeyId)).toBe('removed');
    expect((await open().read()).current).toBeNull();
    expect(await open().remove(pair.accessKeyId)).toBe('absent');
    await bench.put({ Name: name });
    const next = newPair();
    const run = open();
    await run.stage(next);
    await expect(run.promote(next.accessKeyId)).rejects.toThrow('by another writer');
    expect(await bench.consumed(name)).toBe('theirs');
    expect((await open().read()).current).toEqual({ accessKeyId: null });
  });
});

test('A name is waited for whose deleted parameter still shows with a version that this run wrote and never saw.', async () => {
  open();
  const api = new ParameterApi(access, name, { shared: sharedBy(access) });
  const write = { Name: `${name}.lightsail-journal`, Type: 'String', Value: 'ours' } as const;
  expect(await api.put(write)).toBe(1);
  expect(await api.history(write.Name)).toHaveLength(1);
  expect(await api.put({ ...write, Overwrite: true })).toBe(2);
  bench.lag.milliseconds = LAG;
  await api.delete(write.Name);
  expect(await api.put(write)).toBe(1);
});

test('A parameter that is there and never shows is not waited for without end, nor overwritten.', async () => {
  await bench.put({ Name: name });
  lane.plan(/^DescribeParameters \S+uploads$/, NOTHING);
  const destination = open();
  const pair = newPair();
  await destination.stage(pair);
  await expect(destination.promote(pair.accessKeyId)).rejects.toThrow('by another writer');
  expect(await bench.consumed(name)).toBe('theirs');
});
