import { readdirSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { makeCertificate } from '../../../src/plugin/process/certificate.js';
import {
  handshakeLine,
  listen,
  readHandshake,
  startedByTerraform,
} from '../../../src/plugin/process/handshake.js';
import { COOKIE, pem } from '../../support/plugin/toy-process.js';
import { temporaryFolder } from '../../support/temporary/folder.js';

test('only Terraform’s own cookie counts as a start by Terraform', () => {
  expect(startedByTerraform({ TF_PLUGIN_MAGIC_COOKIE: COOKIE })).toBe(true);
  expect(startedByTerraform({ TF_PLUGIN_MAGIC_COOKIE: 'x' })).toBe(false);
  expect(startedByTerraform({})).toBe(false);
});

test('the protocol versions come in any order', () => {
  expect(() => readHandshake({ PLUGIN_PROTOCOL_VERSIONS: '6, 5' })).not.toThrow();
});

test.each(['4,5', '16', '', undefined])(
  'a Terraform that offers %p is refused with what to do',
  (offered) => {
    expect(() => readHandshake({ PLUGIN_PROTOCOL_VERSIONS: offered })).toThrow(
      /protocol 6.*Use Terraform 1\.0/,
    );
  },
);

test('the client certificate is read from PEM', () => {
  const made = makeCertificate();
  const environment = { PLUGIN_PROTOCOL_VERSIONS: '6', PLUGIN_CLIENT_CERT: pem(made) };
  expect(readHandshake(environment).clientCertificate).toEqual(made.certificate);
  expect(readHandshake({ ...environment, PLUGIN_CLIENT_CERT: '' }).clientCertificate).toBeUndefined();
  expect(() => readHandshake({ ...environment, PLUGIN_CLIENT_CERT: 'x' })).toThrow(/PEM/);
});

test('the line carries the certificate in base64 without padding, or nothing', () => {
  expect(handshakeLine('unix', '/a', Buffer.from([1]))).toBe('1|6|unix|/a|grpc|AQ');
  expect(handshakeLine('tcp', '127.0.0.1:1')).toBe('1|6|tcp|127.0.0.1:1|grpc|');
});

const none = { clientCertificate: undefined, ports: { min: 0, max: 0 } };

test('the socket is for its owner alone, and nothing of it remains', async () => {
  const folder = temporaryFolder('listen');
  const listener = await listen({ ...none, socketDirectory: folder }, 'auto');
  expect(listener.network).toBe('unix');
  expect(statSync(listener.address).mode & 0o077).toBe(0);
  expect(statSync(dirname(listener.address)).mode & 0o777).toBe(0o700);
  expect(listener.address.startsWith(folder)).toBe(true);
  listener.server.close();
  listener.remove();
  listener.remove();
  expect(readdirSync(folder)).toEqual([]);
});

test('the umask is as before', async () => {
  const before = process.umask(0o022);
  const listener = await listen({ ...none, socketDirectory: undefined }, 'auto');
  expect(process.umask(before)).toBe(0o022);
  listener.server.close();
  listener.remove();
});

test.each([
  ['a folder that is not there', '/nonexistent/folder'],
  ['a path too long for a socket', temporaryFolder('x'.repeat(120))],
])('the loopback interface serves in place of %s', async (_, socketDirectory) => {
  const listener = await listen({ ...none, socketDirectory }, 'auto');
  listener.server.close();
  expect(listener.network).toBe('tcp');
  expect(listener.address).toMatch(/^127\.0\.0\.1:\d+$/);
});

test('a TCP port in use is passed over, within the range that Terraform allows', async () => {
  const first = createServer();
  await new Promise<void>((resolve) => first.listen(0, '127.0.0.1', resolve));
  const { port: min } = first.address() as { port: number };
  const within = (max: number) => listen({ ...none, ports: { min, max }, socketDirectory: undefined }, 'tcp');
  await expect(within(min)).rejects.toThrow('EADDRINUSE');
  const listener = await within(min + 20);
  expect(Number(listener.address.split(':')[1])).toBeGreaterThan(min);
  listener.server.close();
  first.close();
});
