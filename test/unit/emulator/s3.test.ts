import { Readable } from 'node:stream';
import {
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectAclCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { TEST_CREDENTIALS } from '../../../src/emulator/index.js';
import { BUCKET, failure, withEmulator } from './clients.js';

const Bucket = BUCKET;
const AWKWARD_KEY = "folder/ä +&=%'()*!~.txt";

test('an object goes in, is read, described, listed and deleted', () =>
  withEmulator({}, async ({ emulator, s3 }) => {
    const client = s3(emulator.makeStrangerKey(BUCKET));
    const Key = AWKWARD_KEY;
    await client.send(
      new PutObjectCommand({ Bucket, Key, Body: 'hello', ContentType: 'text/plain', Metadata: { a: 'b' } }),
    );
    const got = await client.send(new GetObjectCommand({ Bucket, Key }));
    expect(await got.Body?.transformToString()).toBe('hello');
    const head = await client.send(new HeadObjectCommand({ Bucket, Key }));
    expect(head).toMatchObject({ ContentLength: 5, ContentType: 'text/plain', Metadata: { a: 'b' } });
    const { Contents } = await client.send(new ListObjectsV2Command({ Bucket }));
    expect(Contents).toMatchObject([{ Key, Size: 5, ETag: head.ETag }]);
    await client.send(new DeleteObjectCommand({ Bucket, Key }));
    const error = await failure(client.send(new GetObjectCommand({ Bucket, Key })));
    expect(error).toMatchObject({ name: 'NoSuchKey', $metadata: { httpStatusCode: 404 } });
    // Deleting what is gone succeeds.
    await client.send(new DeleteObjectCommand({ Bucket, Key }));
  }));

test('a stream is uploaded in chunks with a checksum behind them', () =>
  withEmulator({}, async ({ emulator, s3 }) => {
    const client = s3(emulator.makeStrangerKey(BUCKET));
    const content = Buffer.alloc(100_000, 'stream');
    for (const ChecksumAlgorithm of ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const) {
      const Body = Readable.from([content.subarray(0, 70_000), content.subarray(70_000)]);
      await client.send(
        new PutObjectCommand({
          Bucket,
          Key: ChecksumAlgorithm,
          Body,
          ContentLength: content.length,
          ChecksumAlgorithm,
        }),
      );
      const got = await client.send(
        new GetObjectCommand({ Bucket, Key: ChecksumAlgorithm, ChecksumMode: 'ENABLED' }),
      );
      expect(await got.Body?.transformToByteArray()).toEqual(new Uint8Array(content));
      expect(got[`Checksum${ChecksumAlgorithm}`]).toEqual(expect.any(String));
    }
  }));

test('a long list comes page by page, below a prefix, in byte order', () =>
  withEmulator({}, async ({ emulator, s3 }) => {
    const client = s3(emulator.makeStrangerKey(BUCKET));
    for (const Key of ['b', 'a/3', 'a/1', 'a/2', 'a/\u{1F511}', 'a/\uFF01']) {
      await client.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
    }
    const seen: (string | undefined)[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await client.send(
        new ListObjectsV2Command({ Bucket, Prefix: 'a/', MaxKeys: 2, ContinuationToken }),
      );
      expect(page.KeyCount).toBeLessThanOrEqual(2);
      seen.push(...(page.Contents ?? []).map(({ Key }) => Key));
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    expect(seen).toEqual(['a/1', 'a/2', 'a/3', 'a/\uFF01', 'a/\u{1F511}']);
    const after = await client.send(
      new ListObjectsV2Command({ Bucket, StartAfter: 'a/3', EncodingType: 'url' }),
    );
    expect(after.Contents?.map(({ Key }) => Key)).toEqual(['a/%EF%BC%81', 'a/%F0%9F%94%91', 'b']);
  }));

test('virtual-host style finds the bucket in the host name', () =>
  withEmulator({}, async ({ emulator }) => {
    const { port } = new URL(emulator.url);
    const client = new S3Client({
      endpoint: `http://localhost:${port}`,
      region: 'us-east-1',
      credentials: emulator.makeStrangerKey(BUCKET),
      maxAttempts: 1,
    });
    // Not every machine resolves names below localhost, so the address is given and the Host kept.
    client.middlewareStack.add(
      (next) => (args) => {
        Object.assign(args.request as object, { hostname: '127.0.0.1' });
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'low' },
    );
    await client.send(new PutObjectCommand({ Bucket, Key: 'a/b', Body: 'c' }));
    const { Contents } = await client.send(new ListObjectsV2Command({ Bucket }));
    expect(Contents?.map(({ Key }) => Key)).toEqual(['a/b']);
    client.destroy();
  }));

test('only an Active key of the bucket itself is let in', () =>
  withEmulator({ buckets: [BUCKET, 'another-bucket'] }, async ({ emulator, s3 }) => {
    const list = new ListObjectsV2Command({ Bucket });
    const own = emulator.makeStrangerKey(BUCKET);
    await s3(own).send(list);
    const refusals = {
      'a key of another bucket': [emulator.makeStrangerKey('another-bucket'), 'AccessDenied'],
      'the account itself': [TEST_CREDENTIALS, 'AccessDenied'],
      'an unknown key': [{ ...own, accessKeyId: 'AKIAUNKNOWNUNKNOWN00' }, 'InvalidAccessKeyId'],
      'a wrong secret': [{ ...own, secretAccessKey: 'wrong' }, 'SignatureDoesNotMatch'],
      'a token that does not belong': [{ ...own, sessionToken: 'stray' }, 'InvalidToken'],
    } as const;
    for (const [who, [credentials, code]] of Object.entries(refusals)) {
      const error = await failure(s3(credentials).send(list));
      expect([who, error.name]).toEqual([who, code]);
    }
    emulator.setStatus(BUCKET, own.accessKeyId, 'Inactive');
    expect((await failure(s3(own).send(list))).name).toBe('InvalidAccessKeyId');
    emulator.setStatus(BUCKET, own.accessKeyId, 'Active');
    await s3(own).send(list);
  }));

test('a bucket that is not there is named so, and buckets themselves are out of bounds', () =>
  withEmulator({}, async ({ emulator, s3 }) => {
    const client = s3(emulator.makeStrangerKey(BUCKET));
    const missing = await failure(client.send(new ListObjectsV2Command({ Bucket: 'no-such-bucket' })));
    expect(missing).toMatchObject({ name: 'NoSuchBucket', $metadata: { httpStatusCode: 404 } });
    for (const refused of [
      client.send(new ListBucketsCommand({})),
      client.send(new DeleteBucketCommand({ Bucket })),
    ]) {
      expect((await failure(refused)).name).toBe('AccessDenied');
    }
  }));

test('what a query makes another operation is not mistaken for a plain one', () =>
  withEmulator({}, async ({ emulator, s3 }) => {
    const client = s3(emulator.makeStrangerKey(BUCKET));
    const acl = new PutObjectAclCommand({ Bucket, Key: 'a', ACL: 'private' });
    expect(await failure(client.send(acl))).toMatchObject({ name: 'NotImplemented' });
    expect((await client.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(0);
  }));

test('a refused HEAD has a status and nothing else', () =>
  withEmulator({}, async ({ emulator, s3 }) => {
    const key = emulator.makeStrangerKey(BUCKET);
    const head = new HeadBucketCommand({ Bucket });
    await s3(key).send(head);
    for (const wrong of [
      { ...key, accessKeyId: 'AKIAUNKNOWNUNKNOWN00' },
      { ...key, secretAccessKey: 'w' },
    ]) {
      const error = await failure(s3(wrong).send(head));
      expect(error).toMatchObject({ $metadata: { httpStatusCode: 403 } });
      expect(error.name).not.toMatch(/InvalidAccessKeyId|SignatureDoesNotMatch/);
    }
  }));

test('only accepted requests count as use', () =>
  withEmulator({}, async ({ emulator, s3 }) => {
    const key = emulator.makeStrangerKey(BUCKET);
    await failure(s3({ ...key, secretAccessKey: 'w' }).send(new ListObjectsV2Command({ Bucket })));
    expect(emulator.keys(BUCKET)[0]?.lastUsed).toBeUndefined();
    emulator.clock.advance(3_600_000);
    await s3(key).send(new HeadBucketCommand({ Bucket }));
    const used = emulator.keys(BUCKET)[0]?.lastUsed?.date.getTime() ?? 0;
    expect(used - key.createdAt.getTime()).toBeGreaterThanOrEqual(3_600_000);
  }));
