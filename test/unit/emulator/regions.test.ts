import {
  CreateBucketAccessKeyCommand,
  GetBucketAccessKeysCommand,
  GetBucketsCommand,
  RegionName,
} from '@aws-sdk/client-lightsail';
import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { LIGHTSAIL_REGIONS, TEST_CREDENTIALS } from '../../../src/emulator/index.js';
import { BUCKET, failure, withEmulator } from './clients.js';

test('the Regions of Lightsail are those of its API', () => {
  expect([...LIGHTSAIL_REGIONS].sort()).toEqual(Object.values(RegionName).sort());
});

test('each Region that is served has the buckets, and keys of its own', async () => {
  await withEmulator({ regions: ['eu-central-1'] }, async ({ emulator, lightsail, lightsailAs }) => {
    const frankfurt = lightsailAs(TEST_CREDENTIALS, 'eu-central-1');
    const { accessKey } = await frankfurt.send(new CreateBucketAccessKeyCommand({ bucketName: BUCKET }));
    const list = new GetBucketAccessKeysCommand({ bucketName: BUCKET });
    expect((await frankfurt.send(list)).accessKeys).toHaveLength(1);
    expect((await lightsail.send(list)).accessKeys).toEqual([]);
    expect(emulator.keys(BUCKET)).toMatchObject([{ accessKeyId: accessKey?.accessKeyId }]);
    const { buckets } = await frankfurt.send(new GetBucketsCommand({}));
    expect(buckets).toMatchObject([{ name: BUCKET, location: { regionName: 'eu-central-1' } }]);
  });
});

test('S3 takes a key in the Region in which it was made', async () => {
  await withEmulator({ regions: ['eu-central-1'] }, async ({ emulator, lightsailAs }) => {
    const frankfurt = lightsailAs(TEST_CREDENTIALS, 'eu-central-1');
    await frankfurt.send(new CreateBucketAccessKeyCommand({ bucketName: BUCKET }));
    const [credentials = TEST_CREDENTIALS] = emulator.keys(BUCKET);
    const head = (region: string) => {
      const client = new S3Client({ endpoint: emulator.url, region, credentials, forcePathStyle: true });
      return client.send(new HeadBucketCommand({ Bucket: BUCKET })).finally(() => {
        client.destroy();
      });
    };
    await head('eu-central-1');
    await expect(head('us-east-1')).rejects.toThrow();
    expect(emulator.keys(BUCKET)).toMatchObject([{ lastUsed: { region: 'eu-central-1' } }]);
  });
});

test('a Region that is not served is refused', async () => {
  await withEmulator({ regions: ['eu-central-1'] }, async ({ lightsailAs }) => {
    const paris = lightsailAs(TEST_CREDENTIALS, 'eu-west-3');
    expect(await failure(paris.send(new GetBucketsCommand({})))).toMatchObject({
      name: 'InvalidSignatureException',
      message: expect.stringContaining('eu-west-3') as string,
    });
  });
});

test('what is done to a bucket from outside finds its keys in each Region', async () => {
  await withEmulator({ regions: ['eu-central-1'] }, async ({ emulator, lightsailAs }) => {
    const frankfurt = lightsailAs(TEST_CREDENTIALS, 'eu-central-1');
    const list = new GetBucketAccessKeysCommand({ bucketName: BUCKET });
    await frankfurt.send(new CreateBucketAccessKeyCommand({ bucketName: BUCKET }));
    const [key] = emulator.keys(BUCKET);
    const id = key?.accessKeyId ?? '';

    emulator.setStatus(BUCKET, id, 'Inactive');
    emulator.age(86_400_000);
    const [listed] = (await frankfurt.send(list)).accessKeys ?? [];
    expect(listed?.status).toBe('Inactive');
    expect(Date.now() - (listed?.createdAt?.getTime() ?? 0)).toBeGreaterThan(86_000_000);

    const restore = emulator.keepKeys(BUCKET);
    emulator.deleteKey(BUCKET, id);
    expect((await frankfurt.send(list)).accessKeys).toEqual([]);
    restore();
    expect((await frankfurt.send(list)).accessKeys).toHaveLength(1);
    emulator.setLag({ deletedKeyMs: 60_000 });
    emulator.deleteKey(BUCKET, id);
    expect((await frankfurt.send(list)).accessKeys).toHaveLength(1);

    emulator.deleteBucket(BUCKET);
    expect(emulator.buckets).toEqual([]);
    expect(await failure(frankfurt.send(list))).toMatchObject({ name: 'NotFoundException' });
  });
});
