import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import { createServer as createSilentServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { TLSSocket } from 'node:tls';
import { VaultKvDestination } from '../../../src/destinations/vault-kv/store.js';
import { credentialsFrom, settingsFrom } from '../../../src/destinations/vault-kv/connection.js';
import { Patience } from '../../../src/destinations/patience.js';
import type { Secret } from '../../../src/secret/secret.js';
import { VaultWorkbench } from '../../support/vault/workbench.js';
import { PRIVATE } from '../lightsail/self-signed.js';
import { newPair } from './contract.js';

const bench = new VaultWorkbench();
/** What came with each request. */
const authorizations: (string | undefined)[] = [];
const tokens: (string | undefined)[] = [];
/** Of each connection: the name that was asked for, and whether a certificate of ours came with it. */
const connections: { readonly name: string; readonly isCertified: boolean }[] = [];
let server: Server;
let folder: string;
let address: string;

beforeAll(async () => {
  await bench.makeMount();
  const { cert, key, authority } = PRIVATE;
  server = createServer(
    { cert, key, ca: authority, requestCert: true, rejectUnauthorized: false },
    (request, response) => {
      void text(request).then(async (body) => {
        const headers = request.headers as Record<string, string>;
        authorizations.push(headers.authorization);
        tokens.push(headers['x-vault-token']);
        const reply = await bench.backend({
          method: request.method ?? '',
          path: request.url ?? '',
          headers,
          body,
        });
        response.writeHead(reply.status, reply.headers).end(reply.body);
      });
    },
  );
  server.on('secureConnection', (socket: TLSSocket & { servername?: string | false }) => {
    connections.push({ name: String(socket.servername), isCertified: 'raw' in socket.getPeerCertificate() });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  address = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  folder = mkdtempSync(join(tmpdir(), 'vault-'));
  mkdirSync(join(folder, 'ca', 'below'), { recursive: true });
  mkdirSync(join(folder, 'empty'));
  writeFileSync(join(folder, 'ca.pem'), PRIVATE.authority);
  writeFileSync(join(folder, 'ca', 'below', 'ca.pem'), PRIVATE.authority);
  writeFileSync(join(folder, 'cert.pem'), PRIVATE.cert);
  writeFileSync(join(folder, 'key.pem'), PRIVATE.key);
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
  await bench.close();
});

function destination(env: Record<string, string>, patience?: Patience): VaultKvDestination {
  return new VaultKvDestination(
    { mount: bench.mount, path: 'app', format: 'sdk' },
    { VAULT_ADDR: address, VAULT_TOKEN: bench.token, HOME: '/nonexistent', ...env },
    patience,
  );
}

async function refusalOf(env: Record<string, string>, patience?: Patience): Promise<string> {
  return destination(env, patience)
    .read()
    .then(
      () => 'It was not refused.',
      (error: unknown) => String(error),
    );
}

describe('The connection is what the environment says', () => {
  test.each<[string, () => Record<string, string>]>([
    ['VAULT_CACERT: a file', () => ({ VAULT_CACERT: join(folder, 'ca.pem') })],
    ['VAULT_CACERT_BYTES: the certificates themselves', () => ({ VAULT_CACERT_BYTES: PRIVATE.authority })],
    ['VAULT_CAPATH: a folder, and the folders in it', () => ({ VAULT_CAPATH: join(folder, 'ca') })],
    [
      'NODE_EXTRA_CA_CERTS, where Vault has none of its own',
      () => ({ NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') }),
    ],
    ['VAULT_SKIP_VERIFY: 1', () => ({ VAULT_SKIP_VERIFY: '1' })],
    ['VAULT_SKIP_VERIFY: true', () => ({ VAULT_SKIP_VERIFY: 'true' })],
    ['BAO_CACERT: a name of OpenBao', () => ({ BAO_CACERT: join(folder, 'ca.pem') })],
  ])('%s', async (_, env) => {
    expect(await destination(env()).read()).toEqual({ current: null });
  });

  test('a server whose certificate nobody vouches for is refused, and the message names what helps', async () => {
    for (const env of [{}, { VAULT_SKIP_VERIFY: 'false' }, { VAULT_CAPATH: join(folder, 'empty') }]) {
      expect(await refusalOf(env)).toContain('SELF_SIGNED_CERT_IN_CHAIN');
    }
    const error: unknown = await destination({})
      .read()
      .catch((reason: unknown) => reason);
    expect(error).toHaveProperty('remedy', expect.stringContaining('VAULT_CACERT'));
  });

  test('VAULT_TLS_SERVER_NAME is the name that is asked for and that the certificate has to bear', async () => {
    const trust = { VAULT_CACERT: join(folder, 'ca.pem') };
    await destination({ ...trust, VAULT_TLS_SERVER_NAME: 'vault.example.test' }).read();
    expect(connections.at(-1)?.name).toBe('vault.example.test');
    const other = await refusalOf({ ...trust, VAULT_TLS_SERVER_NAME: 'vault.elsewhere.test' });
    expect(other).toContain('ERR_TLS_CERT_ALTNAME_INVALID');
  });

  test('VAULT_CLIENT_CERT and VAULT_CLIENT_KEY are shown to the server', async () => {
    const trust = { VAULT_CACERT: join(folder, 'ca.pem') };
    await destination(trust).read();
    expect(connections.at(-1)?.isCertified).toBe(false);
    const files = { VAULT_CLIENT_CERT: join(folder, 'cert.pem'), VAULT_CLIENT_KEY: join(folder, 'key.pem') };
    await destination({ ...trust, ...files }).read();
    expect(connections.at(-1)?.isCertified).toBe(true);
  });

  test('the address: the one of the provider block, the agent’s, the server’s, and the default of the CLI', () => {
    const both = { VAULT_ADDR: 'https://server/', VAULT_AGENT_ADDR: 'https://agent' };
    expect(settingsFrom({ address: 'https://block' }, both).address).toBe('https://block');
    expect(settingsFrom({}, both).address).toBe('https://agent');
    expect(settingsFrom({}, { VAULT_ADDR: 'https://server/', BAO_ADDR: 'https://bao' }).address).toBe(
      'https://server',
    );
    expect(settingsFrom({}, { BAO_ADDR: 'https://bao', VAULT_ADDR: '' }).address).toBe('https://bao');
    expect(settingsFrom({}, {}).address).toBe('https://127.0.0.1:8200');
  });

  test('a name and a password in the address go to the server, and stand in no message', async () => {
    const [scheme, rest] = address.split('//') as [string, string];
    const withLogin = `${scheme}//svc:p%40ssword-of-svc@${rest}`;
    const trust = { VAULT_CACERT: join(folder, 'ca.pem') };
    await destination({ ...trust, VAULT_ADDR: withLogin }).read();
    expect(authorizations.at(-1)).toBe(`Basic ${Buffer.from('svc:p@ssword-of-svc').toString('base64')}`);
    for (const env of [
      { VAULT_ADDR: withLogin },
      { VAULT_ADDR: 'http://svc:p%40ssword-of-svc@127.0.0.1:1' },
      { VAULT_ADDR: 'svc:p%40ssword-of-svc@vault.example.test' },
      { VAULT_ADDR: 'https:/svc:p%40ssword-of-svc@vault.example.test' },
      { ...trust, VAULT_ADDR: withLogin, VAULT_TOKEN: 'none' },
    ]) {
      const said = await refusalOf(env, new Patience({ total: 200, least: 50 }));
      expect(said).toMatch(/127\.0\.0\.1|vault\.example\.test/);
      expect(said).not.toMatch(/ssword/);
    }
  });

  test('an agent gets no token where this run has none, and a server is not asked without one', async () => {
    const trust = { VAULT_CACERT: join(folder, 'ca.pem'), VAULT_TOKEN: '' };
    const said = await refusalOf({ ...trust, VAULT_AGENT_ADDR: address });
    expect(said).toContain('Vault does not permit read');
    expect(tokens.at(-1)).toBeUndefined();
    expect(await refusalOf(trust)).toContain('There is no token for Vault');
    expect(await refusalOf({ ...trust, BAO_SECRET_ID: 'sesame' })).toContain(
      'There is no token for Vault: BAO_SECRET_ID is set, and VAULT_ROLE_ID is not.',
    );
  });

  test('every token that this run gets is told before it is used', async () => {
    const told: string[] = [];
    const learn = (secret: Secret) => told.push(secret.reveal());
    const HOME = join(folder, 'signed-in');
    mkdirSync(HOME);
    writeFileSync(join(HOME, '.vault-token'), bench.token);
    const { roleId, secretId } = await bench.operator.appRole({ [`${bench.mount}/*`]: ['read'] }, 60);
    const roles = { VAULT_ROLE_ID: roleId, VAULT_SECRET_ID: secretId };
    for (const env of [{ HOME }, { HOME: '/nonexistent', ...roles }]) {
      await new VaultKvDestination(
        { mount: bench.mount, path: 'app', format: 'sdk', learn },
        { VAULT_ADDR: address, VAULT_SKIP_VERIFY: '1', ...env },
      ).read();
    }
    expect(told[0]).toBe(bench.token);
    expect(told.at(-1)).toBe(tokens.at(-1));
    expect(new Set(told).size).toBe(2);
  });

  test.each([
    ['90', 90_000],
    ['90s', 90_000],
    ['2m', 120_000],
    ['1m30s', 90_000],
    ['500ms', 500],
    ['1.5h', 5_400_000],
    ['soon', 60_000],
    ['0', 60_000],
  ])('VAULT_CLIENT_TIMEOUT %s', (text, milliseconds) => {
    expect(settingsFrom({}, { VAULT_CLIENT_TIMEOUT: text }).timeLimit).toBe(milliseconds);
  });

  test('the token: VAULT_TOKEN before AppRole, and that before what "vault login" has left', () => {
    const HOME = join(folder, 'home');
    mkdirSync(HOME);
    writeFileSync(join(HOME, '.vault-token'), 'of the file\n');
    const role = { VAULT_ROLE_ID: 'role', VAULT_SECRET_ID: 'sesame', VAULT_APPROLE_MOUNT: 'machines' };
    const token = credentialsFrom({ HOME, ...role, VAULT_TOKEN: 'of the environment' });
    expect((token as Secret).reveal()).toBe('of the environment');
    const appRole = credentialsFrom({ HOME, ...role });
    expect(appRole).toMatchObject({ mount: 'machines', roleId: 'role' });
    expect(JSON.stringify(appRole)).not.toContain('sesame');
    expect((credentialsFrom({ HOME }) as Secret).reveal()).toBe('of the file');
    expect(credentialsFrom({ HOME: '/nonexistent' })).toBeNull();
  });
});

test('A server that takes calls and never answers is given up, at VAULT_CLIENT_TIMEOUT or earlier.', async () => {
  const silent = createSilentServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const VAULT_ADDR = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const impatient = await refusalOf({ VAULT_ADDR }, new Patience({ total: 200, least: 50 }));
  expect(impatient).toContain('had no answer within 0.2 s');
  const limited = await refusalOf({ VAULT_ADDR, VAULT_CLIENT_TIMEOUT: '50ms' });
  expect(limited).toContain('had no answer within 0.05 s');
  silent.close();
});

test('The reference leads a consumer to the pair whose own namespace is another one, or none.', async () => {
  const at = (namespace: string) =>
    destination({ VAULT_CACERT: join(folder, 'ca.pem'), VAULT_NAMESPACE: namespace });
  expect(at('').reference).toBe(`${bench.mount}/app`);
  expect(at('admin/team/').reference).toBe(`admin/team/${bench.mount}/app`);
  const one = new VaultKvDestination(
    { mount: '/secret/', path: 'app', namespace: 'team', format: 'sdk' },
    { VAULT_NAMESPACE: 'elsewhere' },
  );
  expect(one.reference).toBe('team/secret/app');
  const pair = newPair();
  const root = at('');
  await root.stage(pair);
  expect((await root.promote(pair.accessKeyId)).reference).toBe(`${bench.mount}/app`);
});
