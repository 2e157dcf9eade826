import {
  CreateBucketAccessKeyCommand,
  GetBucketAccessKeysCommand,
  type GetBucketAccessKeysCommandOutput,
  type LightsailClient,
} from '@aws-sdk/client-lightsail';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { type CallPoint, type Fault, TEST_CREDENTIALS } from '../../../src/emulator/index.js';
import { BUCKET, failure, stopTime, withEmulator } from './clients.js';

const operation = 'CreateBucketAccessKey';
const create = (client: LightsailClient): Promise<unknown> =>
  client.send(new CreateBucketAccessKeyCommand({ bucketName: BUCKET }));
const list = (client: LightsailClient): Promise<GetBucketAccessKeysCommandOutput> =>
  client.send(new GetBucketAccessKeysCommand({ bucketName: BUCKET }));

const THROTTLED = { kind: 'error', type: 'ThrottlingException', status: 400 } as const;
const FAILED = { kind: 'error', type: 'ServiceException', status: 500 } as const;

test.each<[fault: Fault, error: RegExp, keys: number]>([
  [{ ...THROTTLED, when: 'before' }, /^ThrottlingException$/, 0],
  [{ ...FAILED, when: 'before' }, /^ServiceException$/, 0],
  [{ ...FAILED, when: 'after' }, /^ServiceException$/, 1],
  [{ kind: 'drop', when: 'before' }, /^Error$|^TimeoutError$/, 0],
  [{ kind: 'drop', when: 'after' }, /^Error$|^TimeoutError$/, 1],
  [{ kind: 'reset', when: 'before' }, /^Error$|^TimeoutError$/, 0],
  [{ kind: 'reset', when: 'after' }, /^Error$|^TimeoutError$/, 1],
  [{ kind: 'truncate', framing: 'short' }, /^Error$|^TimeoutError$/, 1],
  [{ kind: 'truncate', framing: 'complete' }, /^SyntaxError$/, 1],
])('%j fails the call and leaves what it should', (fault, error, keys) =>
  withEmulator({}, async ({ emulator, lightsail }) => {
    const handle = emulator.faults.add({ operation, ...fault });
    expect((await failure(create(lightsail))).name).toMatch(error);
    expect(emulator.keys(BUCKET)).toHaveLength(keys);
    const call = await emulator.waitFor(({ finished }) => finished);
    expect(call).toMatchObject({ operation, effect: keys === 1, faults: [fault.kind] });
    expect(handle.hits).toBe(1);
    // Once is all that was asked for.
    await create(lightsail);
    expect(emulator.keys(BUCKET)).toHaveLength(keys + 1);
  }),
);

test('a dropped connection ends, a reset one breaks, and neither call has a status in the log', () =>
  withEmulator({}, async ({ emulator, lightsail }) => {
    emulator.faults.add({ operation, kind: 'drop', when: 'after' });
    expect((await failure(create(lightsail))).message).toContain('socket hang up');
    emulator.faults.add({ operation, kind: 'reset', when: 'after' });
    expect((await failure(create(lightsail))).message).toContain('read ECONNRESET');
    expect(emulator.log.map(({ status }) => status)).toEqual([undefined, undefined]);
  }));

test('something in between answers instead of the service, and nothing is done', () =>
  withEmulator({}, async ({ emulator, lightsail }) => {
    const page = { status: 302, headers: { server: 'squid' }, body: '<html>Sign in</html>' };
    emulator.faults.add({ operation, kind: 'answer', ...page });
    const { $metadata } = (await failure(create(lightsail))) as { $metadata?: { httpStatusCode?: number } };
    expect($metadata?.httpStatusCode).toBe(302);
    expect(emulator.keys(BUCKET)).toEqual([]);
    expect(emulator.log).toMatchObject([{ status: 302, faults: ['answer'], effect: false }]);
  }));

test('a late effect lands after the connection is gone', () =>
  withEmulator({}, async ({ emulator, lightsail }) => {
    emulator.faults.add({ operation, kind: 'late-effect', ms: 2000 });
    await failure(create(lightsail));
    expect(emulator.keys(BUCKET)).toEqual([]);
    const call = await emulator.waitFor(({ effect }) => effect);
    expect(emulator.keys(BUCKET).map(({ accessKeyId }) => accessKeyId)).toEqual([call.accessKeyId]);
  }));

test('a late effect that finds no free slot any more changes nothing', () =>
  withEmulator({}, async ({ emulator, lightsail }) => {
    const landed = new Promise<void>((resolve) => {
      emulator.onCall((point) => {
        if (point === 'effect-done') resolve();
      });
    });
    emulator.faults.add({ operation, kind: 'late-effect', ms: 2000 });
    await failure(create(lightsail));
    const others = [emulator.makeStrangerKey(BUCKET), emulator.makeStrangerKey(BUCKET)];
    await landed;
    expect(emulator.keys(BUCKET)).toEqual(others);
  }));

test.each(['before', 'after'] as const)(
  'a client that gives up during a delay %s the effect is not saved by it',
  (when) =>
    withEmulator({}, async ({ emulator, lightsail }) => {
      emulator.faults.add({ operation, kind: 'delay', when, ms: 2000 });
      const command = new CreateBucketAccessKeyCommand({ bucketName: BUCKET });
      const gaveUp = new AbortController();
      const error = failure(lightsail.send(command, { abortSignal: gaveUp.signal }));
      await emulator.waitFor(({ effect }) => effect || when === 'before');
      gaveUp.abort();
      expect((await error).name).toBe('AbortError');
      expect(emulator.keys(BUCKET)).toHaveLength(when === 'after' ? 1 : 0);
      await emulator.waitFor(({ effect, finished }) => effect && finished);
      expect(emulator.keys(BUCKET)).toHaveLength(1);
    }),
);

test('a new key is unknown to S3 until it has spread', () =>
  withEmulator({}, async ({ emulator, lightsail, s3 }) => {
    const later = stopTime();
    emulator.faults.add({ operation, kind: 'key-not-accepted', ms: 400 });
    await create(lightsail);
    const [key] = emulator.keys(BUCKET);
    const client = s3(key ?? TEST_CREDENTIALS);
    const use = new ListObjectsV2Command({ Bucket: BUCKET });
    expect((await failure(client.send(use))).name).toBe('InvalidAccessKeyId');
    later(400);
    await client.send(use);
  }));

test.each(['AccessDenied', 'NoSuchBucket'] as const)('a new key is met with %s until it has spread', (code) =>
  withEmulator({}, async ({ emulator, lightsail, s3 }) => {
    emulator.faults.add({ operation, kind: 'key-not-accepted', ms: 60_000, code });
    await create(lightsail);
    const client = s3(emulator.keys(BUCKET)[0] ?? TEST_CREDENTIALS);
    expect((await failure(client.send(new ListObjectsV2Command({ Bucket: BUCKET })))).name).toBe(code);
  }),
);

test('a new key is first unknown, and then without its rights', () =>
  withEmulator({}, async ({ emulator, lightsail, s3 }) => {
    const later = stopTime();
    emulator.faults.add({ kind: 'key-not-accepted', ms: 400 });
    emulator.faults.add({ kind: 'key-not-accepted', ms: 60_000, afterMs: 400, code: 'AccessDenied' });
    await create(lightsail);
    const client = s3(emulator.keys(BUCKET)[0] ?? TEST_CREDENTIALS);
    const use = new ListObjectsV2Command({ Bucket: BUCKET });
    expect((await failure(client.send(use))).name).toBe('InvalidAccessKeyId');
    later(400);
    expect((await failure(client.send(use))).name).toBe('AccessDenied');
  }));

test('every third front end is behind, and a connection always leads to the same one', () =>
  withEmulator({}, async ({ emulator, lightsail, s3 }) => {
    emulator.faults.add({ kind: 'key-not-accepted', ms: 60_000, everyFrontEnd: 3 });
    await create(lightsail);
    const names: string[] = [];
    for (let connection = 1; connection <= 6; connection += 1) {
      const client = s3(emulator.keys(BUCKET)[0] ?? TEST_CREDENTIALS);
      const use = () =>
        client.send(new ListObjectsV2Command({ Bucket: BUCKET })).then(
          () => 'ok',
          (error: unknown) => (error instanceof Error ? error.name : ''),
        );
      const answers = new Set([await use(), await use(), await use()]);
      names.push([...answers].join());
    }
    expect(names).toEqual(['ok', 'ok', 'InvalidAccessKeyId', 'ok', 'ok', 'InvalidAccessKeyId']);
  }));

test('a new key is missing from so many lists, and takes its slot all the same', () =>
  withEmulator({}, async ({ emulator, lightsail }) => {
    emulator.makeStrangerKey(BUCKET);
    // Without an operation, such a fault still waits for the call that makes a key.
    emulator.faults.add({ kind: 'key-not-listed', calls: 2 });
    await list(lightsail);
    await create(lightsail);
    const lengths: unknown[] = [];
    for (let i = 0; i < 3; i += 1) lengths.push((await list(lightsail)).accessKeys?.length);
    expect(lengths).toEqual([1, 1, 2]);
    expect((await failure(create(lightsail))).name).toBe('InvalidInputException');
  }));

test('a fault meets the calls it names: operation, bucket, from the nth on, so many times', () =>
  withEmulator({ buckets: [BUCKET, 'another-bucket'] }, async ({ emulator, lightsail }) => {
    const match = { operation: 'GetBucketAccessKeys', bucket: BUCKET, nth: 2, times: 2 };
    const handle = emulator.faults.add({ ...match, ...THROTTLED, when: 'before' });
    await lightsail.send(new GetBucketAccessKeysCommand({ bucketName: 'another-bucket' }));
    await create(lightsail);
    await list(lightsail);
    await failure(list(lightsail));
    await failure(list(lightsail));
    await list(lightsail);
    expect(handle.hits).toBe(2);
  }));

test('a fault meets each so-manieth call, from the nth on', () =>
  withEmulator({}, async ({ emulator, lightsail }) => {
    const handle = emulator.faults.add({ nth: 2, every: 3, times: 2, ...THROTTLED, when: 'before' });
    const met: number[] = [];
    for (let call = 1; call <= 9; call += 1) await list(lightsail).catch(() => met.push(call));
    expect(met).toEqual([2, 5]);
    expect(handle.hits).toBe(2);
  }));

test('a fault without end lasts until it is removed', () =>
  withEmulator({}, async ({ emulator, lightsail }) => {
    const handle = emulator.faults.add({ times: 'always', ...FAILED, when: 'before' });
    for (let i = 0; i < 3; i += 1) await failure(list(lightsail));
    handle.remove();
    await list(lightsail);
    emulator.faults.add({ times: 'always', ...FAILED, when: 'before' });
    emulator.faults.clear();
    await list(lightsail);
  }));

test('a badly signed request uses up no fault', () =>
  withEmulator({}, async ({ emulator, lightsail, lightsailAs }) => {
    emulator.faults.add({ operation, ...FAILED, when: 'before' });
    const stranger = lightsailAs({ ...TEST_CREDENTIALS, secretAccessKey: 'wrong' });
    expect((await failure(create(stranger))).name).toBe('InvalidSignatureException');
    expect((await failure(create(lightsail))).name).toBe('ServiceException');
  }));

test('a hook sees each call arrive, take effect and be answered, and holds it meanwhile', () =>
  withEmulator({}, async ({ emulator, lightsail }) => {
    const seen: [CallPoint, string, number][] = [];
    const stop = emulator.onCall(async (point, call) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      seen.push([point, call.operation, emulator.keys(BUCKET).length]);
    });
    await create(lightsail);
    while (seen.length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    stop();
    await list(lightsail);
    expect(seen).toEqual([
      ['received', operation, 0],
      ['effect-done', operation, 1],
      ['answered', operation, 1],
    ]);
  }));

test('the log tells who asked for what, and no secret', () =>
  withEmulator({}, async ({ emulator, lightsail, s3 }) => {
    await create(lightsail);
    const [key] = emulator.keys(BUCKET);
    await s3(key ?? TEST_CREDENTIALS).send(new ListObjectsV2Command({ Bucket: BUCKET }));
    const accessKeyId = key?.accessKeyId;
    expect(emulator.log).toMatchObject([
      { service: 'lightsail', operation, bucket: BUCKET, accessKeyId, status: 200, effect: true },
      { service: 's3', operation: 'ListObjectsV2', bucket: BUCKET, accessKeyId, status: 200, effect: false },
    ]);
    expect(JSON.stringify(emulator.log)).not.toContain(key?.secretAccessKey);
    await expect(emulator.waitFor(() => false, 20)).rejects.toThrow('seen: CreateBucketAccessKey 200');
  }));

test.each([
  [null, null],
  [0, 0],
  [3 * 86_400_000, 3 * 86_400_000],
  [-3_600_000, -3_600_000],
])('the Date of an answer with the fault date of %j ms is that far from the clock', (ms, ahead) =>
  withEmulator({}, async ({ emulator, lightsail }) => {
    emulator.faults.add({ kind: 'date', ms });
    const dates: (string | undefined)[] = [];
    lightsail.middlewareStack.add(
      (next) => async (input) => {
        const result = await next(input);
        dates.push((result.response as { headers: Record<string, string> }).headers.date);
        return result;
      },
      { step: 'deserialize', priority: 'low' },
    );
    await list(lightsail);
    const [date] = dates;
    if (ahead === null) expect(date).toBeUndefined();
    else {
      const milliseconds = Date.parse(date ?? '') - emulator.clock.now().getTime() - ahead;
      expect(Math.abs(milliseconds)).toBeLessThan(30_000);
    }
  }),
);
