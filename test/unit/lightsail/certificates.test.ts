import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignedRequestCheck } from '../../../src/lightsail/s3-check.js';
import { Secret } from '../../../src/secret/secret.js';
import { BUCKET, clientFor, REGION, type RawServer, serveRaw } from './lab.js';
import { PRIVATE, SELF_SIGNED } from './self-signed.js';

const STS = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
  <AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>
  <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;
const S3 = `<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>${BUCKET}</Name></ListBucketResult>`;

let server: RawServer;
let folder: string;
let extraCaCertificates: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'certificates-'));
  extraCaCertificates = join(folder, 'ca.pem');
  writeFileSync(extraCaCertificates, SELF_SIGNED.cert);
  server = await serveRaw((request, response) => {
    const lightsail = String(request.headers['x-amz-target']).startsWith('Lightsail_');
    response.end(lightsail ? '{"accessKeys":[]}' : request.method === 'POST' ? STS : S3);
  }, SELF_SIGNED);
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

function tryAll(settings: object) {
  const assumeRole = { roleArn: 'arn:aws:iam::123456789012:role/keys' };
  const endpoints = { lightsail: server.url, s3: server.url, sts: server.url };
  const plain = clientFor(server.url, settings);
  const assumed = clientFor(server.url, { assumeRole, endpoints, ...settings });
  const pair = {
    bucket: BUCKET,
    region: REGION,
    accessKeyId: 'AKIA',
    secretAccessKey: new Secret('s'),
    createdAt: new Date(),
  };
  return { plain, assumed, s3: () => new SignedRequestCheck(plain.connection).accepts(pair) };
}

it('an endpoint of an authority of the user’s own is trusted by every client', async () => {
  const { plain, assumed, s3 } = tryAll({ extraCaCertificates: [extraCaCertificates] });
  await expect(plain.keys.list()).resolves.toMatchObject({ keys: [] });
  await expect(s3()).resolves.toEqual({ state: 'accepted' });
  await expect(assumed.keys.list()).resolves.toMatchObject({ keys: [] });
  expect(server.requests()).toBe(6);
});

it('of several files with authorities each is trusted, although another cannot be read', async () => {
  const other = join(folder, 'other.pem');
  writeFileSync(other, PRIVATE.authority);
  for (const files of [
    [extraCaCertificates, other],
    [other, join(folder, 'none'), extraCaCertificates],
  ]) {
    const { plain } = tryAll({ extraCaCertificates: files });
    await expect(plain.keys.list()).resolves.toMatchObject({ keys: [] });
  }
});

it.each(['without that authority', 'with a file that cannot be read'])(
  '%s nothing is ever sent',
  async (how) => {
    const { plain, assumed, s3 } = tryAll(
      how.startsWith('with ') ? { extraCaCertificates: [join(folder, 'none')] } : {},
    );
    await expect(plain.keys.list()).rejects.toThrow('GetBucketAccessKeys failed');
    await expect(s3()).resolves.toMatchObject({ state: 'not-yet' });
    await expect(assumed.keys.list()).rejects.toThrow();
    const outcome = await plain.keys.create();
    expect(outcome.outcome).toBe('refused');
    expect(JSON.stringify(outcome)).toContain('DEPTH_ZERO_SELF_SIGNED_CERT');
    expect(await assumed.keys.create()).toMatchObject({ outcome: 'refused' });
    expect(server.requests()).toBe(0);
  },
);
