import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignedRequestCheck } from '../../../src/lightsail/s3-check.js';
import { Secret } from '../../../src/secret/secret.js';
import { type ConnectProxy, startConnectProxy } from './connect-proxy.js';
import { isolateEnvironment } from './environment.js';
import { BUCKET, clientFor, REGION, type RawServer, serveRaw } from './lab.js';
import { PRIVATE } from './self-signed.js';

const KEY = {
  accessKeyId: 'AKIAOFTHEANSWER00000',
  secretAccessKey: 'S3cr3t/of+the/answer/0123456789abcdefghij',
};
const STS = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
  <AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>
  <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;
const S3 = `<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>${BUCKET}</Name></ListBucketResult>`;

let server: RawServer;
let proxy: ConnectProxy;
let folder: string;
let settings: object;

isolateEnvironment();
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'proxy-'));
  const authority = join(folder, 'ca.pem');
  writeFileSync(authority, PRIVATE.authority);
  settings = {
    extraCaCertificates: [authority],
    endpoints: {
      lightsail: 'https://lightsail.example.test',
      s3: 'https://s3.example.test',
      sts: 'https://sts.example.test',
      ssm: 'https://ssm.example.test',
    },
  };
  server = await serveRaw((request, response) => {
    const target = String(request.headers['x-amz-target']);
    if (target.endsWith('CreateBucketAccessKey')) response.end(JSON.stringify({ accessKey: KEY }));
    else if (target.startsWith('Lightsail_')) response.end('{"accessKeys":[]}');
    else response.end(request.method === 'POST' ? STS : S3);
  }, PRIVATE);
  proxy = await startConnectProxy(server.url);
});
afterEach(async () => {
  await proxy.close();
  await server.close();
  rmSync(folder, { recursive: true });
});

const client = (other: object = {}, limits: object = {}) =>
  clientFor(server.url, { ...settings, ...other, maxAttempts: 1 }, limits);

it.each(['HTTPS_PROXY', 'https_proxy'])('%s is the way to every service', async (name) => {
  process.env[name] = proxy.url;
  const assumeRole = { roleArn: 'arn:aws:iam::123456789012:role/keys' };
  const { keys, connection } = client({ assumeRole });
  await expect(keys.list()).resolves.toMatchObject({ keys: [] });
  const pair = {
    bucket: BUCKET,
    region: REGION,
    accessKeyId: 'AKIA',
    secretAccessKey: new Secret('s'),
    createdAt: new Date(),
  };
  expect(await new SignedRequestCheck(connection).accepts(pair)).toEqual({ state: 'accepted' });
  expect(proxy.tunnels).toEqual([
    'sts.example.test:443',
    'lightsail.example.test:443',
    ...Array<string>(3).fill('s3.example.test:443'),
  ]);
});

it('the handler that other clients are made with goes through the proxy as well', async () => {
  process.env.HTTPS_PROXY = proxy.url;
  const { LightsailClient, GetBucketAccessKeysCommand } = await import('@aws-sdk/client-lightsail');
  const { connection } = client();
  const other = new LightsailClient({
    ...(await connection.clientOptions('ssm')),
  });
  await other.send(new GetBucketAccessKeysCommand({ bucketName: BUCKET }));
  expect(proxy.tunnels).toEqual(['ssm.example.test:443']);
});

it('HTTP_PROXY is the way to http endpoints alone', async () => {
  process.env.HTTP_PROXY = proxy.url;
  const plain = await serveRaw((_request, response) => response.end('{"accessKeys":[]}'));
  const behind = await startConnectProxy(plain.url);
  process.env.HTTP_PROXY = behind.url;
  await client({ endpoints: { lightsail: 'http://lightsail.example.test' } }).keys.list();
  expect(behind.tunnels).toEqual(['lightsail.example.test:80']);
  await expect(client().keys.list()).rejects.toThrow('GetBucketAccessKeys failed');
  expect(behind.tunnels).toHaveLength(1);
  await behind.close();
  await plain.close();
});

it('what NO_PROXY names is asked without the proxy', async () => {
  process.env.HTTPS_PROXY = proxy.url;
  process.env.NO_PROXY = 'other.test, example.test';
  await expect(client().keys.list()).rejects.toThrow('GetBucketAccessKeys failed');
  expect(proxy.tunnels).toEqual([]);
});

it('this machine itself is asked without the proxy', async () => {
  process.env.HTTPS_PROXY = proxy.url;
  await client({ endpoints: { lightsail: server.url } }).keys.list();
  expect(proxy.tunnels).toEqual([]);
  expect(server.requests()).toBe(1);
});

it('a connection is kept for lists, and every creation has one of its own', async () => {
  process.env.HTTPS_PROXY = proxy.url;
  const { keys } = client();
  await keys.list();
  await keys.list();
  expect(proxy.tunnels).toHaveLength(1);
  for (const tunnels of [2, 3]) {
    expect(await keys.create()).toMatchObject({ outcome: 'created' });
    expect(proxy.tunnels).toHaveLength(tunnels);
  }
});

it('a proxy gets its name and password, and no error holds them', async () => {
  process.env.HTTPS_PROXY = proxy.url.replace('//', '//me:hush%21@');
  await client().keys.list();
  expect(proxy.authorizations).toEqual([`Basic ${Buffer.from('me:hush!').toString('base64')}`]);
  await proxy.close();
  const failed = await client()
    .keys.list()
    .catch((error: unknown) => String(error));
  expect(failed).toContain(`Proxy ${proxy.url} gave no connection to lightsail.example.test:443`);
  expect(failed).not.toContain('hush');
});

it('an authority that is not trusted is not trusted through the proxy either', async () => {
  process.env.HTTPS_PROXY = proxy.url;
  const outcome = await client({ extraCaCertificates: [] }).keys.create();
  expect(outcome).toMatchObject({ outcome: 'refused' });
  expect(server.requests()).toBe(0);
});

it.each(['refuses', 'resets', 'hangs'] as const)(
  'a proxy that %s the tunnel has sent nothing: the creation is refused',
  async (answer) => {
    const bad = await startConnectProxy(server.url, answer);
    process.env.HTTPS_PROXY = bad.url;
    // The proxy's limit is a tenth shorter, and begins once the proxy is reached: on a busy machine that takes a while.
    const outcome = await client({}, { connect: 5000 }).keys.create();
    expect(outcome).toMatchObject({ outcome: 'refused' });
    expect(JSON.stringify(outcome)).toContain(`Proxy ${bad.url} gave no connection`);
    if (answer === 'refuses') expect(JSON.stringify(outcome)).toContain('it answered HTTP 407');
    expect(bad.tunnels).toHaveLength(1);
    expect(server.requests()).toBe(0);
    await bad.close();
  },
);

it('a proxy of a kind that is not known is an error, without its address', async () => {
  process.env.HTTPS_PROXY = 'socks5://me:hush@127.0.0.1:1080';
  const outcome = await client().keys.create();
  expect(outcome).toMatchObject({ outcome: 'refused' });
  expect(JSON.stringify(outcome)).toContain('HTTPS_PROXY is not the address of an HTTP proxy');
  expect(JSON.stringify(outcome)).not.toContain('hush');
});
