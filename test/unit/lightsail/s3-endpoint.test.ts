import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignedRequestCheck } from '../../../src/lightsail/s3-check.js';
import { Secret } from '../../../src/secret/secret.js';
import { BUCKET, clientFor, type RawServer, REGION, serveRaw } from './lab.js';

const before = { ...process.env };
let folder: string;
let server: RawServer;
/** By a name: an address is asked by path in any case. */
const url = () => server.url.replace('127.0.0.1', 'localhost');
const asked = new Set<string>();

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 's3-endpoint-'));
  asked.clear();
  server = await serveRaw((request, response) => {
    asked.add(`${String(request.headers.host)} ${String(request.url).replace(/\?.*/, '')}`);
    response.end(`<ListBucketResult><Name>${BUCKET}</Name></ListBucketResult>`);
  });
});
afterEach(async () => {
  for (const name of Object.keys(process.env))
    if (!(name in before)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, before);
  await server.close();
  rmSync(folder, { recursive: true });
});

const tryPair = (endpoints: object = {}) =>
  new SignedRequestCheck(clientFor(server.url, { endpoints }).connection).accepts({
    bucket: BUCKET,
    region: REGION,
    accessKeyId: 'AKIA',
    secretAccessKey: new Secret('secret'),
    createdAt: null,
  });

it.each<[string, () => object]>([
  ['the provider block', () => ({ s3: url() })],
  [
    'AWS_ENDPOINT_URL_S3',
    () => {
      process.env.AWS_ENDPOINT_URL_S3 = url();
      return {};
    },
  ],
  [
    'the services section of a profile',
    () => {
      const file = join(folder, 'config');
      writeFileSync(
        file,
        `[profile here]\nservices = local\n[services local]\ns3 =\n  endpoint_url = ${url()}\n`,
      );
      Object.assign(process.env, { AWS_CONFIG_FILE: file, AWS_PROFILE: 'here' });
      return {};
    },
  ],
])('an endpoint that %s names is asked for the bucket by its path', async (_where, name) => {
  expect(await tryPair(name())).toEqual({ state: 'accepted' });
  expect([...asked]).toEqual([`${new URL(url()).host} /${BUCKET}/`]);
});
