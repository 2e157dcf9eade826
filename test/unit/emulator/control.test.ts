import { GetBucketAccessKeysCommand } from '@aws-sdk/client-lightsail';
import { EmulatorControl, type Fault } from '../../../src/emulator/index.js';
import { BUCKET, failure, withEmulator } from './clients.js';

const listKeys = new GetBucketAccessKeysCommand({ bucketName: BUCKET });

test('everything can be steered from another process', () =>
  withEmulator({ buckets: [] }, async ({ emulator }) => {
    const control = new EmulatorControl(emulator.url);
    await control.createBucket(BUCKET);
    const key = await control.makeStrangerKey(BUCKET);
    await control.setStatus(BUCKET, key.accessKeyId, 'Inactive');
    const before = emulator.clock.now().getTime();
    const time = await control.advanceClock(86_400_000);
    expect(time.getTime() - before).toBeGreaterThanOrEqual(86_400_000);
    const state = await control.state();
    expect(state).toMatchObject({
      region: 'us-east-1',
      buckets: [{ name: BUCKET, keys: [{ ...key, status: 'Inactive' }] }],
    });
    await control.age(60_000);
    expect(emulator.keys(BUCKET)[0]?.createdAt).toEqual(new Date(key.createdAt.getTime() - 60_000));
    await control.deleteKey(BUCKET, key.accessKeyId);
    expect(emulator.keys(BUCKET)).toEqual([]);
    await control.deleteBucket(BUCKET);
    expect(emulator.buckets).toEqual([]);
  }));

test('no answer holds a secret', () =>
  withEmulator({}, async ({ emulator }) => {
    const get = async (path: string, method = 'GET'): Promise<string> =>
      (await fetch(`${emulator.url}/_emulator/${path}`, { method })).text();
    const made = await get(`buckets/${BUCKET}/stranger-key`, 'POST');
    const [key] = emulator.keys(BUCKET);
    expect(made).toContain(key?.accessKeyId);
    for (const answer of [made, await get('state'), await get('calls')]) {
      expect(answer).not.toContain('secretAccessKey');
      expect(answer).not.toContain(key?.secretAccessKey);
    }
  }));

test('faults are added, removed and cleared, and calls are read with their times', () =>
  withEmulator({}, async ({ emulator, lightsail }) => {
    const control = new EmulatorControl(emulator.url);
    const fault: Fault = {
      kind: 'error',
      when: 'before',
      type: 'ServiceException',
      status: 500,
      times: 'always',
    };
    const id = await control.addFault(fault);
    expect((await failure(lightsail.send(listKeys))).name).toBe('ServiceException');
    await control.removeFault(id);
    await lightsail.send(listKeys);
    await control.addFault(fault);
    await control.clearFaults();
    await lightsail.send(listKeys);
    const calls = await control.calls();
    expect(calls.map(({ status }) => status)).toEqual([500, 200, 200]);
    expect(calls[0]?.at).toBeInstanceOf(Date);
  }));

test.each<Fault>([
  { kind: 'operations', status: 'Failed', errorCode: 'NoLuck' },
  { kind: 'body', body: '', contentType: 'text/html', operation: 'GetBuckets' },
  { kind: 'no-effect', times: 'always' },
  { kind: 'key-not-known', ms: 500 },
])('the fault %j can be added from outside', (fault) =>
  withEmulator({}, async ({ emulator }) => {
    expect(await new EmulatorControl(emulator.url).addFault(fault)).toBe(1);
  }),
);

test.each([
  [{ kind: 'explode' }, 'The kind of a fault is one of error, answer'],
  [{ kind: 'drop' }, 'wrong or missing when'],
  [{ kind: 'drop', when: 'after', opperation: 'CreateBucket' }, 'has no opperation'],
  [{ kind: 'error', when: 'after', type: 'X', status: 200 }, 'wrong or missing status'],
  [{ kind: 'delay', when: 'after', ms: -1 }, 'wrong or missing ms'],
  [{ kind: 'drop', when: 'after', nth: 0 }, 'wrong or missing nth'],
  [{ kind: 'operations', status: 'Done' }, 'wrong or missing status'],
  [{ kind: 'body' }, 'wrong or missing body'],
  [{ kind: 'no-effect', when: 'after' }, 'has no when'],
  [{ kind: 'key-not-known' }, 'wrong or missing ms'],
])('the misspelt fault %j is refused, and says why', (fault, message) =>
  withEmulator({}, async ({ emulator }) => {
    const control = new EmulatorControl(emulator.url);
    const error = await failure(control.addFault(fault as unknown as Fault));
    expect(error.message).toContain(message);
  }),
);

test('what cannot be done is refused with a reason', () =>
  withEmulator({}, async ({ emulator }) => {
    const control = new EmulatorControl(emulator.url);
    const attempts: [Promise<unknown>, string][] = [
      [control.makeStrangerKey('no-such-bucket'), 'There is no bucket no-such-bucket.'],
      [control.deleteKey(BUCKET, 'AKIANONE'), `The bucket ${BUCKET} has no key AKIANONE.`],
      [control.setStatus(BUCKET, 'AKIANONE', 'Active'), 'has no key AKIANONE'],
      [control.createBucket(BUCKET), 'exists already'],
      [control.createBucket('x'), 'is not a bucket name'],
      [control.advanceClock(-1), 'zero or more milliseconds'],
      [control.advanceClock('soon' as unknown as number), 'advanceMs is missing'],
    ];
    for (const [attempt, message] of attempts) expect((await failure(attempt)).message).toContain(message);
    await control.makeStrangerKey(BUCKET);
    await control.makeStrangerKey(BUCKET);
    expect((await failure(control.makeStrangerKey(BUCKET))).message).toContain('no slot');
  }));
