import {
  CreateBucketCommand,
  DeleteBucketCommand,
  GetBucketBundlesCommand,
  GetBucketsCommand,
  GetOperationCommand,
  GetOperationsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateBucketBundleCommand,
  UpdateBucketCommand,
} from '@aws-sdk/client-lightsail';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { BUCKET, failure, withEmulator } from './clients.js';

const bucketName = BUCKET;

test('a bucket made with tags is described with them', () =>
  withEmulator({ buckets: [] }, async ({ lightsail }) => {
    const tags = [{ key: 'team', value: 'storage' }, { key: 'key-only' }];
    await lightsail.send(new CreateBucketCommand({ bucketName, bundleId: 'small_1_0', tags }));
    const { buckets } = await lightsail.send(new GetBucketsCommand({ bucketName }));
    expect(buckets).toMatchObject([
      {
        name: BUCKET,
        resourceType: 'Bucket',
        bundleId: 'small_1_0',
        arn: expect.stringMatching(/^arn:aws:lightsail:us-east-1:\d{12}:Bucket\//) as string,
        location: { regionName: 'us-east-1' },
        createdAt: expect.any(Date) as Date,
        state: { code: 'OK' },
        tags: [
          { key: 'team', value: 'storage' },
          { key: 'key-only', value: '' },
        ],
      },
    ]);
  }));

test('a name that is taken and a bundle that is not sold are invalid inputs', () =>
  withEmulator({}, async ({ lightsail }) => {
    for (const input of [
      { bucketName, bundleId: 'small_1_0' },
      { bucketName: 'another-bucket', bundleId: 'tiny_9_9' },
      { bucketName: 'another-bucket', bundleId: undefined },
    ]) {
      const error = await failure(lightsail.send(new CreateBucketCommand(input)));
      expect(error.name).toBe('InvalidInputException');
    }
  }));

test('tags are added, replaced and taken away', () =>
  withEmulator({}, async ({ lightsail }) => {
    const tag = (tags: { key: string; value: string }[]): Promise<unknown> =>
      lightsail.send(new TagResourceCommand({ resourceName: BUCKET, tags }));
    await tag([{ key: 'a', value: '1' }]);
    await tag([
      { key: 'a', value: '2' },
      { key: 'b', value: '3' },
    ]);
    await lightsail.send(new UntagResourceCommand({ resourceName: BUCKET, tagKeys: ['b'] }));
    const { buckets } = await lightsail.send(new GetBucketsCommand({ bucketName }));
    expect(buckets?.[0]?.tags).toEqual([{ key: 'a', value: '2' }]);
  }));

test('a bucket with too many or unfit tags is not made at all', () =>
  withEmulator({ buckets: [] }, async ({ emulator, lightsail }) => {
    const many = Array.from({ length: 51 }, (_, i) => ({ key: `k${i}`, value: 'v' }));
    for (const tags of [many, [{ key: 'aws:reserved', value: 'v' }], [{ key: '', value: 'v' }]]) {
      const command = new CreateBucketCommand({ bucketName, bundleId: 'small_1_0', tags });
      expect((await failure(lightsail.send(command))).name).toBe('InvalidInputException');
    }
    expect(emulator.buckets).toEqual([]);
  }));

test('a bucket that has keys or objects goes only by force, and takes them with it', () =>
  withEmulator({ buckets: [BUCKET, 'with-an-object'] }, async ({ emulator, lightsail, s3 }) => {
    const key = emulator.makeStrangerKey('with-an-object');
    await s3(key).send(new PutObjectCommand({ Bucket: 'with-an-object', Key: 'a', Body: 'b' }));
    emulator.deleteKey('with-an-object', key.accessKeyId);
    emulator.makeStrangerKey(BUCKET);
    for (const name of [BUCKET, 'with-an-object']) {
      const error = await failure(lightsail.send(new DeleteBucketCommand({ bucketName: name })));
      expect(error.name).toBe('InvalidInputException');
      await lightsail.send(new DeleteBucketCommand({ bucketName: name, forceDelete: true }));
    }
    expect(emulator.buckets).toEqual([]);
  }));

test('all buckets are listed page by page', () => {
  const names = Array.from({ length: 230 }, (_, i) => `bucket-${String(i).padStart(3, '0')}`);
  return withEmulator({ buckets: names }, async ({ lightsail }) => {
    const seen: (string | undefined)[] = [];
    let pageToken: string | undefined;
    let pages = 0;
    do {
      const answer = await lightsail.send(new GetBucketsCommand({ pageToken }));
      seen.push(...(answer.buckets ?? []).map(({ name }) => name));
      pageToken = answer.nextPageToken;
      pages += 1;
    } while (pageToken !== undefined);
    expect({ pages, seen }).toEqual({ pages: 3, seen: names });
  });
});

test('a page token that no answer has given is an invalid input', () =>
  withEmulator({}, async ({ lightsail }) => {
    const unwrapped = Buffer.from('bucket-000').toString('base64url');
    for (const pageToken of [
      '',
      'bucket-000',
      unwrapped,
      `${Buffer.from('after:b-0').toString('base64url')}=`,
    ]) {
      const error = await failure(lightsail.send(new GetBucketsCommand({ pageToken })));
      expect(error.name).toBe('InvalidInputException');
    }
  }));

test('settings and bundle change as told', () =>
  withEmulator({}, async ({ lightsail }) => {
    const cors = {
      rules: [{ id: 'all', allowedOrigins: ['*'], allowedMethods: ['GET'] }],
    };
    await lightsail.send(new UpdateBucketCommand({ bucketName, versioning: 'Enabled', cors }));
    await lightsail.send(new UpdateBucketBundleCommand({ bucketName, bundleId: 'medium_1_0' }));
    const { buckets } = await lightsail.send(new GetBucketsCommand({ bucketName }));
    expect(buckets?.[0]).toMatchObject({ objectVersioning: 'Enabled', bundleId: 'medium_1_0' });
    expect(buckets?.[0]).not.toHaveProperty('cors');
    const asked = await lightsail.send(new GetBucketsCommand({ bucketName, includeCors: true }));
    expect(asked.buckets?.[0]?.cors).toEqual(cors);
    const error = await failure(lightsail.send(new UpdateBucketCommand({ bucketName, versioning: 'On' })));
    expect(error.name).toBe('InvalidInputException');
  }));

test('an operation is Started at first and Succeeded a little later', () =>
  withEmulator({ buckets: [], operationMs: 50 }, async ({ lightsail }) => {
    const created = await lightsail.send(new CreateBucketCommand({ bucketName, bundleId: 'small_1_0' }));
    const [started] = created.operations ?? [];
    expect(started).toMatchObject({ status: 'Started', isTerminal: false, resourceType: 'Bucket' });
    await new Promise((resolve) => setTimeout(resolve, 60));
    const later = await lightsail.send(new GetOperationCommand({ operationId: started?.id }));
    expect(later.operation).toMatchObject({ id: started?.id, status: 'Succeeded', isTerminal: true });
    const all = await lightsail.send(new GetOperationsForResourceCommand({ resourceName: BUCKET }));
    expect(all.operations?.map(({ id }) => id)).toEqual([started?.id]);
    const error = await failure(lightsail.send(new GetOperationCommand({ operationId: 'none' })));
    expect(error.name).toBe('NotFoundException');
  }));

test('the bundles on sale are listed', () =>
  withEmulator({}, async ({ lightsail }) => {
    const { bundles } = await lightsail.send(new GetBucketBundlesCommand({}));
    expect(bundles?.map(({ bundleId }) => bundleId)).toEqual(['small_1_0', 'medium_1_0', 'large_1_0']);
  }));
