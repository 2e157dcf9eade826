import type { AwsAccess } from '../../../src/aws/access.js';
import { RecentLabels } from '../../../src/destinations/secrets-manager/metadata.js';
import { deleteWithPair } from '../../../src/lifecycle/delete.js';
import { issueKey } from '../../../src/lifecycle/issue-key.js';
import { FaultLane, forwardTo } from '../../support/fault-lane.js';
import { FakeBucket, MortalRun } from '../../support/mortal-run.js';
import { LateMetadata } from '../../support/secrets-manager/late-metadata.js';
import { keyIn, newPair, Workbench } from '../../support/secrets-manager/workbench.js';
import { entryFor } from './contract.js';

const ORDER = { exclusive: true, verifySeconds: 60 };
let bench: Workbench;
let late: LateMetadata;
let lane: FaultLane;
beforeAll(async () => {
  bench = await Workbench.open();
  late = new LateMetadata(forwardTo(bench.proxy.url));
  lane = await FaultLane.open(late.handle, ({ headers }) => headers['x-amz-target'] ?? '');
});
afterAll(async () => {
  await lane.close();
  await bench.close();
});
afterEach(() => {
  late.milliseconds = 0;
  lane.clear();
});

/** Another process. */
const newAccess = (): AwsAccess => bench.access(undefined, undefined, lane.url);
const open = (secretId: string, access = newAccess()) => bench.destination(secretId, access, null);

describe('Secrets Manager whose metadata are three seconds old', () => {
  test('a key is made, replaced and destroyed, and none besides it', async () => {
    const { name } = await bench.newSecret();
    late.milliseconds = 3000;
    const bucket = new FakeBucket();
    const first = new MortalRun();
    const { key } = await issueKey(ORDER, first.world(bucket, open(name)));
    expect(keyIn(await bench.consumed(name))).toBe(key.id);
    const second = new MortalRun();
    const world = second.world(bucket, open(name));
    world.known.sawInState(key.id);
    world.known.release(key.id, key.id);
    const { key: next } = await issueKey({ ...ORDER, replaces: key.id }, world);
    expect([bucket.ids, keyIn(await bench.consumed(name))]).toEqual([[key.id, next.id], next.id]);
    await deleteWithPair(new MortalRun().world(bucket, open(name)), next.id);
    expect([bucket.ids, keyIn(await bench.consumed(name))]).toEqual([[key.id], null]);
    expect([...first.notices, ...second.notices]).toEqual([]);
  });

  test('a value that somebody else has made current is seen, and left', async () => {
    const { name } = await bench.newSecret();
    const access = newAccess();
    const run = bench.destination(name, access);
    await run.read();
    const pair = newPair();
    await run.stage(pair);
    late.milliseconds = 500;
    await bench.overwrite(name, 'theirs');
    await expect(run.promote(pair.accessKeyId)).rejects.toThrow('by another writer');
    expect(await bench.consumed(name)).toBe('theirs');
    expect((await bench.destination(name, access).read()).current).toEqual({ accessKeyId: null });
  });
});

test('An entry of the journal that AWS says is there already is no rival’s where its content is ours.', async () => {
  const { name } = await bench.newSecret();
  const { journal } = open(name);
  const body = JSON.stringify({ __type: 'ResourceExistsException', message: 'It exists.' });
  const headers = { 'content-type': 'application/x-amz-json-1.1' };
  // The write is done, its answer is lost, and its repetition is refused.
  const first = await journal.write(entryFor(newPair()), '0');
  lane.plan(/PutSecretValue/, { drop: 'after' }, 1);
  lane.plan(/PutSecretValue/, { status: 400, headers, body }, 1);
  const entry = entryFor(newPair());
  const written = await journal.write(entry, first?.revision ?? '');
  expect(written?.entry).toEqual(entry);
  expect(await open(name).journal.read()).toEqual(written);
});

describe('What this process knows of labels', () => {
  const shown = (version: string) => new Map([['AWSCURRENT', version]]);

  test('holds against metadata of a moment ago, and not against what was never there', () => {
    let now = 0;
    const recent = new RecentLabels(() => now);
    expect(recent.over('arn', shown('one')).get('AWSCURRENT')).toBe('one');
    recent.moved('arn', 'AWSCURRENT', 'two', 'one');
    expect(recent.over('arn', shown('one')).get('AWSCURRENT')).toBe('two');
    expect(recent.over('arn', shown('theirs')).get('AWSCURRENT')).toBe('theirs');
    expect(recent.over('other', shown('one')).get('AWSCURRENT')).toBe('one');
    now = 11_000;
    expect(recent.over('arn', shown('one')).get('AWSCURRENT')).toBe('one');
  });
});
