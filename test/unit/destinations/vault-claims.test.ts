import type { DestinationError } from '../../../src/lifecycle/destination.js';
import { issueKey } from '../../../src/lifecycle/issue-key.js';
import { refreshKey } from '../../../src/lifecycle/refresh.js';
import { deleteWithPair } from '../../../src/lifecycle/delete.js';
import type { FaultLane } from '../../support/fault-lane.js';
import { FakeBucket, MortalRun } from '../../support/mortal-run.js';
import { PLAYED } from '../../support/vault/played-answers.js';
import { EVERYTHING } from '../../support/vault/policy.js';
import { VaultWorkbench } from '../../support/vault/workbench.js';
import { newPair } from './contract.js';

const ORDER = { exclusive: true, verifySeconds: 60 };
const bench = new VaultWorkbench();
let lane: FaultLane;
let path: string;
beforeAll(async () => {
  lane = await bench.lane();
});
afterAll(() => bench.close());
beforeEach(() => {
  path = bench.newPath();
});
afterEach(() => {
  lane.clear();
});

const write = (what: string) => new RegExp(`^POST ${bench.mount}/${what}/${path}$`);
/** As the next process sees it. */
const open = () => bench.destination(path, lane);
const isPending = async () => (await bench.consumed(`${path}.lightsail-pending`)) !== null;
const customMetadata = async () =>
  (await bench.request('GET', `${bench.mount}/metadata/${path}`))?.custom_metadata ?? {};

/** A run that claims its version and never hears what became of the write, which Vault takes or does not. */
async function unanswered(isTaken: boolean) {
  const pair = newPair();
  const run = open();
  await run.stage(pair);
  if (isTaken) lane.plan(write('data'), { drop: 'after' }, 1);
  lane.plan(write('data'), { drop: 'before' });
  await expect(run.promote(pair.accessKeyId)).rejects.toThrow('no answer');
  lane.clear();
  return pair;
}

describe('A version that a run has claimed, and of which it had no answer', () => {
  it('is ours where it holds the pair, and is confirmed by the next run', async () => {
    const pair = await unanswered(true);
    expect(await open().read()).toEqual({ current: { accessKeyId: pair.accessKeyId } });
    await open().promote(pair.accessKeyId);
    expect(await customMetadata()).toEqual({ lightsail_access_keys: `${pair.accessKeyId} (version 1)` });
    expect(await isPending()).toBe(false);
    expect(await open().remove(pair.accessKeyId)).toBe('removed');
  });

  it("is not ours where somebody else was first: their value and the pair's copy both stay", async () => {
    const pair = await unanswered(false);
    await bench.put(path);
    expect(await open().read()).toEqual({ current: { accessKeyId: null } });
    await expect(open().promote(pair.accessKeyId)).rejects.toThrow('by another writer');
    expect(await isPending()).toBe(true);
    expect(await open().remove(pair.accessKeyId)).toBe('not-ours');
    expect(await bench.consumed(path)).toEqual({ theirs: 'yes' });
    expect(await customMetadata()).not.toHaveProperty('lightsail_access_key_claim');
  });

  it('is not ours where it holds that key with another secret', async () => {
    const pair = await unanswered(false);
    const copy = await bench.consumed(`${path}.lightsail-pending`);
    const data = JSON.parse(copy?.text ?? '') as object;
    await bench.put(path, { ...data, secretAccessKey: 'another' });
    expect((await open().read()).current).toEqual({ accessKeyId: null });
    expect(pair.secretAccessKey.reveal()).not.toBe('another');
  });

  it('is told by its key alone where the copy is gone', async () => {
    const pair = await unanswered(true);
    await bench.request('DELETE', `${bench.mount}/metadata/${path}.lightsail-pending`);
    expect((await open().read()).current).toEqual({ accessKeyId: pair.accessKeyId });
  });

  it('is still known when the copy is discarded, and when another version is claimed', async () => {
    for (const next of [null, newPair()]) {
      const pair = await unanswered(true);
      if (next) await open().stage(next);
      if (next) await open().promote(next.accessKeyId);
      else await open().discard(pair.accessKeyId);
      expect(await isPending()).toBe(false);
      expect(JSON.stringify(await customMetadata())).toContain(`${pair.accessKeyId} (version`);
      expect(await customMetadata()).not.toHaveProperty('lightsail_access_key_claim');
    }
  });

  it('was overtaken by another write: the run does not take that for its own', async () => {
    const pair = newPair();
    const run = open();
    await run.stage(pair);
    lane.plan(write('data'), { drop: 'before' }, 1);
    const stop = lane.onCall(async (moment, { name }) => {
      if (moment === 'effect-done' && write('data').test(name)) await bench.put(path);
    });
    await expect(run.promote(pair.accessKeyId)).rejects.toThrow('by another writer');
    stop();
    expect((await run.read()).current).toEqual({ accessKeyId: null });
    expect((await open().read()).current).toEqual({ accessKeyId: null });
    expect(await customMetadata()).not.toHaveProperty('lightsail_access_key_claim');
  });
});

describe('A confirmation that Vault does not take', () => {
  it('leaves a pair that this run knows as its own, and the next one proves', async () => {
    const pair = newPair();
    const { token, limitTo } = await bench.operator.limited({ '*': EVERYTHING });
    const without = (right: string, of: string) =>
      limitTo({
        '*': EVERYTHING,
        [`${bench.mount}/${of}/${path}`]: EVERYTHING.filter((one) => one !== right),
      });
    const run = bench.destination(path, lane, {}, { VAULT_TOKEN: token });
    await run.stage(pair);
    const stop = lane.onCall(async (moment, { name }) => {
      if (moment === 'effect-done' && write('data').test(name)) await without('update', 'metadata');
    });
    await expect(run.promote(pair.accessKeyId)).rejects.toThrow('does not permit');
    stop();
    await without('read', 'data');
    expect((await run.read()).current).toEqual({ accessKeyId: pair.accessKeyId });
    expect((await open().read()).current).toEqual({ accessKeyId: pair.accessKeyId });
  });
});

describe('Without the right to read a live pair', () => {
  let token: string;
  beforeEach(async () => {
    const rights = ['create', 'update'];
    ({ token } = await bench.operator.limited({
      '*': EVERYTHING,
      [`${bench.mount}/data/${path}`]: rights,
    }));
  });
  const operator = () => bench.destination(path, lane, {}, { VAULT_TOKEN: token });
  const worldOf = (bucket: FakeBucket, destination = operator()) =>
    new MortalRun().world(bucket, destination);

  it('nobody decides whose a claimed version is: each step is refused, says what to do, and changes nothing', async () => {
    const pair = await unanswered(true);
    const before = await customMetadata();
    const steps = [
      operator().read(),
      operator().stage(newPair()),
      operator().promote(pair.accessKeyId),
      operator().discard(pair.accessKeyId),
      operator().remove(pair.accessKeyId),
    ];
    for (const refused of await Promise.allSettled(steps)) {
      const { message, remedy } = (refused as PromiseRejectedResult).reason as DestinationError;
      expect(message).toContain(`it may be the pair of key ${pair.accessKeyId}`);
      expect(remedy).toContain(`path "${bench.mount}/data/${path}" { capabilities =`);
    }
    expect(await isPending()).toBe(true);
    expect(await customMetadata()).toEqual(before);
    expect(await bench.consumed(path)).toMatchObject({ accessKeyId: pair.accessKeyId });
  });

  it("a refused write is known to be somebody else's", async () => {
    const pair = newPair();
    const run = operator();
    await run.stage(pair);
    const stop = lane.onCall(async (moment, { name }) => {
      if (moment === 'received' && write('data').test(name)) await bench.put(path);
    });
    await expect(run.promote(pair.accessKeyId)).rejects.toThrow('by another writer');
    stop();
    expect((await operator().read()).current).toEqual({ accessKeyId: null });
  });

  it('a lost answer costs no key: it is kept with its copy, and taken over by a run that may read', async () => {
    const bucket = new FakeBucket();
    lane.plan(write('data'), { drop: 'after' }, 1);
    await expect(issueKey(ORDER, worldOf(bucket))).rejects.toThrow('Cannot verify who wrote');
    const [key] = bucket.ids;
    await expect(issueKey(ORDER, worldOf(bucket))).rejects.toThrow('cannot be read');
    expect([bucket.ids, await isPending()]).toEqual([[key], true]);
    expect((await issueKey(ORDER, worldOf(bucket, open()))).key.id).toBe(key);
    expect(await refreshKey(worldOf(bucket), key ?? '')).toMatchObject({ delivered: true });
  });
});

test("The lifecycle leaves a stranger's value that took a dead run's version, and names it.", async () => {
  const bucket = new FakeBucket();
  const killer = new MortalRun({ at: 1, when: 'before' });
  const dying = await bench.lane();
  dying.step = (effect) =>
    dying.calls.some((call) => write('data').test(call)) ? killer.step(effect) : effect();
  const world = new MortalRun().world(bucket, bench.destination(path, dying));
  await Promise.race([issueKey(ORDER, world), killer.died]);
  await bench.put(path);
  const next = new MortalRun().world(bucket, open());
  await expect(issueKey(ORDER, next)).rejects.toThrow('this provider did not write');
  expect([bucket.ids.length, await isPending()]).toEqual([1, true]);
  const [key = ''] = bucket.ids;
  expect(await refreshKey(next, key)).toMatchObject({ delivered: false });
  await deleteWithPair(next, key);
  expect(await bench.consumed(path)).toEqual({ theirs: 'yes' });
});

test('A standby that answers with older metadata for a moment is asked again.', async () => {
  const pair = newPair();
  const destination = open();
  await destination.stage(pair);
  const stop = lane.onCall((moment, { name }) => {
    if (moment !== 'answered' || !write('metadata').test(name)) return;
    stop();
    lane.plan(new RegExp(`^GET ${bench.mount}/metadata/${path}$`), PLAYED.notThereYet, 3);
  });
  await destination.promote(pair.accessKeyId);
  expect((await destination.read()).current).toEqual({ accessKeyId: pair.accessKeyId });
});

test('A standby that does not know a claimed version yet decides nothing about it.', async () => {
  const pair = await unanswered(true);
  for (const reply of [PLAYED.notThereYet, PLAYED.earlierVersion]) {
    lane.plan(new RegExp(`^GET ${bench.mount}/data/${path}$`), reply, 1);
    await expect(open().read()).rejects.toThrow('Cannot verify who wrote');
  }
  expect((await open().read()).current).toEqual({ accessKeyId: pair.accessKeyId });
});
