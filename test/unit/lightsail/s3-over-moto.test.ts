import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SignedRequestCheck } from '../../../src/lightsail/s3-check.js';
import { Secret } from '../../../src/secret/secret.js';
import { type Moto, startMoto } from '../../support/moto.js';
import { MotoIam, type Pair } from '../../support/moto-iam.js';
import { BUCKET, clientFor, REGION } from './lab.js';

const OTHER_SECRET = 'another secret of forty characters 00000';
const UNKNOWN_ID = 'AKIANOTKNOWNYET00000';

let moto: Moto;
let pair: Pair;
let withoutRights: Pair;

beforeAll(async () => {
  moto = await startMoto();
  const iam = new MotoIam(moto.url, REGION);
  await iam.createBucket(BUCKET);
  pair = await iam.createUser('uploader', { mayUse: BUCKET });
  withoutRights = await iam.createUser('nobody');
  await iam.enforce();
});
afterAll(() => moto.stop());

/** What the provider makes of a pair, by the requests that it signs with it. */
function check({ accessKeyId, secretAccessKey }: Pair) {
  const { connection } = clientFor(moto.url);
  return new SignedRequestCheck(connection).accepts({
    bucket: BUCKET,
    region: REGION,
    accessKeyId,
    secretAccessKey: new Secret(secretAccessKey),
    createdAt: new Date(),
  });
}

/** What S3 answers to a consumer, who has nothing but AWS's SDK. */
async function use<Result>(credentials: Pair, work: (client: S3Client) => Promise<Result>): Promise<Result> {
  const client = new S3Client({ endpoint: moto.url, region: REGION, forcePathStyle: true, credentials });
  try {
    return await work(client);
  } finally {
    client.destroy();
  }
}
const list = (client: S3Client) => client.send(new ListObjectsV2Command({ Bucket: BUCKET }));

describe('Where S3 checks signatures against IAM', () => {
  it('a pair is accepted, and its consumer writes and reads an object with it', async () => {
    expect(await check(pair)).toEqual({ state: 'accepted' });
    const object = { Bucket: BUCKET, Key: 'greeting.txt' };
    const text = await use(pair, async (client) => {
      await client.send(new PutObjectCommand({ ...object, Body: 'Hello.' }));
      return (await client.send(new GetObjectCommand(object))).Body?.transformToString();
    });
    expect(text).toBe('Hello.');
  });

  it('a pair that may do nothing is told from one that S3 does not know', async () => {
    await expect(use(withoutRights, list)).rejects.toMatchObject({ name: 'AccessDenied' });
    expect(await check(withoutRights)).toMatchObject({ state: 'denied' });
  });

  it.each([
    ['with a wrong secret', 'SignatureDoesNotMatch', () => ({ ...pair, secretAccessKey: OTHER_SECRET })],
    ['with an unknown key ID', 'InvalidAccessKeyId', () => ({ ...pair, accessKeyId: UNKNOWN_ID })],
  ])('a pair %s is not accepted, because S3 says %s', async (_what, code, wrong) => {
    await expect(use(wrong(), list)).rejects.toMatchObject({ name: code });
    expect(await check(wrong())).toMatchObject({
      state: 'not-yet',
      reason: expect.stringContaining(code) as string,
    });
  });
});
