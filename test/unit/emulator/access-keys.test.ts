import {
  CreateBucketAccessKeyCommand,
  DeleteBucketAccessKeyCommand,
  GetBucketAccessKeysCommand,
} from '@aws-sdk/client-lightsail';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { BUCKET, failure, withEmulator } from './clients.js';

const bucketName = BUCKET;

test('creating a key answers its secret this once, and no last use', () =>
  withEmulator({}, async ({ lightsail }) => {
    const { accessKey, operations } = await lightsail.send(new CreateBucketAccessKeyCommand({ bucketName }));
    expect(accessKey).toEqual({
      accessKeyId: expect.stringMatching(/^[A-Z0-9]{20}$/) as string,
      secretAccessKey: expect.stringMatching(/^[A-Za-z0-9/+]{40}$/) as string,
      status: 'Active',
      createdAt: expect.any(Date) as Date,
    });
    expect(operations).toMatchObject([{ operationType: 'CreateBucketAccessKey', resourceName: BUCKET }]);
    const { accessKeys } = await lightsail.send(new GetBucketAccessKeysCommand({ bucketName }));
    expect(accessKeys?.[0]).not.toHaveProperty('secretAccessKey');
  }));

test('every secret holds the characters that break clients which do not escape', () =>
  withEmulator({}, ({ emulator }) => {
    for (let i = 0; i < 50; i += 1) {
      const key = emulator.makeStrangerKey(BUCKET);
      expect(key.secretAccessKey).toMatch(/^(?=.*\/)(?=.*\+).{40}$/);
      emulator.deleteKey(BUCKET, key.accessKeyId);
    }
    return Promise.resolve();
  }));

test('a third key is an invalid input, whoever made the first two', () =>
  withEmulator({}, async ({ emulator, lightsail }) => {
    emulator.makeStrangerKey(BUCKET);
    await lightsail.send(new CreateBucketAccessKeyCommand({ bucketName }));
    const error = await failure(lightsail.send(new CreateBucketAccessKeyCommand({ bucketName })));
    expect(error).toMatchObject({ name: 'InvalidInputException', $metadata: { httpStatusCode: 400 } });
    expect(emulator.keys(BUCKET)).toHaveLength(2);
    expect(emulator.log.at(-1)).toMatchObject({ effect: false, status: 400 });
  }));

test('an Inactive key takes its slot all the same', () =>
  withEmulator({}, async ({ emulator, lightsail }) => {
    emulator.setStatus(BUCKET, emulator.makeStrangerKey(BUCKET).accessKeyId, 'Inactive');
    emulator.makeStrangerKey(BUCKET);
    const error = await failure(lightsail.send(new CreateBucketAccessKeyCommand({ bucketName })));
    expect(error.name).toBe('InvalidInputException');
  }));

test('a key never used says N/A and no date, a used one says when and where', () =>
  withEmulator({}, async ({ emulator, lightsail, s3 }) => {
    const key = emulator.makeStrangerKey(BUCKET);
    const before = await lightsail.send(new GetBucketAccessKeysCommand({ bucketName }));
    expect(before.accessKeys?.[0]?.lastUsed).toEqual({ region: 'N/A', serviceName: 'N/A' });
    await s3(key).send(new ListObjectsV2Command({ Bucket: BUCKET }));
    const after = await lightsail.send(new GetBucketAccessKeysCommand({ bucketName }));
    expect(after.accessKeys?.[0]?.lastUsed).toEqual({
      lastUsedDate: expect.any(Date) as Date,
      region: 'us-east-1',
      serviceName: 's3',
    });
  }));

test('deleting a key frees its slot and ends its power', () =>
  withEmulator({}, async ({ emulator, lightsail, s3 }) => {
    const { accessKeyId, secretAccessKey } = emulator.makeStrangerKey(BUCKET);
    await lightsail.send(new DeleteBucketAccessKeyCommand({ bucketName, accessKeyId }));
    expect(emulator.keys(BUCKET)).toEqual([]);
    const used = await failure(
      s3({ accessKeyId, secretAccessKey }).send(new ListObjectsV2Command({ Bucket: BUCKET })),
    );
    expect(used.name).toBe('InvalidAccessKeyId');
  }));

const GONE = {
  NotFoundException: { name: 'NotFoundException', status: 400 },
  DoesNotExist: { name: 'InvalidInputException', message: /DoesNotExist/, status: 400 },
  'type DoesNotExist': { name: 'DoesNotExist', status: 400 },
  words: { name: 'InvalidInputException', message: /^The (AccessKey|Bucket) does not exist\.$/, status: 400 },
  '404': { message: /^Not found\.$/, status: 404 },
} as const;

test.each(Object.keys(GONE) as (keyof typeof GONE)[])('what is gone can be reported as %s', (goneAs) =>
  withEmulator({ goneAs }, async ({ lightsail }) => {
    const accessKeyId = 'AKIAAAAAAAAAAAAAAAAA';
    const errors = await Promise.all([
      failure(lightsail.send(new DeleteBucketAccessKeyCommand({ bucketName, accessKeyId }))),
      failure(lightsail.send(new GetBucketAccessKeysCommand({ bucketName: 'no-such-bucket' }))),
    ]);
    for (const error of errors) {
      const { status, ...said }: { status: number; name?: string; message?: RegExp } = GONE[goneAs];
      if (said.name !== undefined) expect(error.name).toBe(said.name);
      if (said.message) expect(error.message).toMatch(said.message);
      expect(error).toMatchObject({ $metadata: { httpStatusCode: status } });
    }
  }),
);

test('a key ID or a bucket name against its pattern is an invalid input', () =>
  withEmulator({}, async ({ lightsail }) => {
    for (const accessKeyId of ['short', 'akiaaaaaaaaaaaaaaaaa']) {
      const error = await failure(
        lightsail.send(new DeleteBucketAccessKeyCommand({ bucketName, accessKeyId })),
      );
      expect(error.name).toBe('InvalidInputException');
    }
    for (const wrong of ['ab', 'Upper-Case', '-begins', 'ends-', 'a'.repeat(55), undefined]) {
      const error = await failure(lightsail.send(new GetBucketAccessKeysCommand({ bucketName: wrong })));
      expect(error.name).toBe('InvalidInputException');
    }
  }));

test('time moves keys forward without locking clients out', () =>
  withEmulator({}, async ({ emulator, lightsail }) => {
    const old = emulator.makeStrangerKey(BUCKET);
    emulator.clock.advance(90 * 86_400_000);
    const { accessKey } = await lightsail.send(new CreateBucketAccessKeyCommand({ bucketName }));
    const age = (accessKey?.createdAt?.getTime() ?? 0) - old.createdAt.getTime();
    expect(Math.round(age / 86_400_000)).toBe(90);
    // The SDK has now corrected its clock by the Date header, and must still be heard.
    await lightsail.send(new GetBucketAccessKeysCommand({ bucketName }));
    emulator.clock.advance(86_400_000);
    await lightsail.send(new GetBucketAccessKeysCommand({ bucketName }));
  }));

test('creation times are whole seconds', () =>
  withEmulator({ now: () => new Date('2030-01-02T03:04:05.678Z') }, async ({ emulator, lightsail }) => {
    // The client signs with the time of its machine, years from the emulator's.
    await lightsail.send(new CreateBucketAccessKeyCommand({ bucketName }));
    expect(emulator.keys(BUCKET)[0]?.createdAt).toEqual(new Date('2030-01-02T03:04:05Z'));
  }));

test('the keys of a bucket can be put back as they were, as often as that is wanted', () =>
  withEmulator({}, ({ emulator }) => {
    const kept = emulator.makeStrangerKey(BUCKET);
    const restore = emulator.keepKeys(BUCKET);
    for (let i = 0; i < 2; i += 1) {
      emulator.setStatus(BUCKET, kept.accessKeyId, 'Inactive');
      emulator.makeStrangerKey(BUCKET);
      restore();
      expect(emulator.keys(BUCKET)).toEqual([kept]);
    }
    return Promise.resolve();
  }));

test("somebody else's key can be of an earlier time", () =>
  withEmulator({}, ({ emulator }) => {
    const createdAt = new Date('2020-01-02T03:04:05Z');
    expect(emulator.makeStrangerKey(BUCKET, createdAt)).toMatchObject({ createdAt });
    return Promise.resolve();
  }));

test('keys that are made older were made that much earlier, and the clock stays', () =>
  withEmulator({}, async ({ emulator, lightsail }) => {
    const { createdAt } = emulator.makeStrangerKey(BUCKET);
    const now = emulator.clock.now().getTime();
    emulator.age(86_400_000);
    const { accessKeys } = await lightsail.send(new GetBucketAccessKeysCommand({ bucketName }));
    expect(accessKeys?.[0]?.createdAt).toEqual(new Date(createdAt.getTime() - 86_400_000));
    expect(emulator.clock.now().getTime() - now).toBeLessThan(60_000);
    expect(() => {
      emulator.age(-1);
    }).toThrow(RangeError);
  }));
