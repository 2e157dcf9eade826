import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { GetBucketAccessKeysCommand } from '@aws-sdk/client-lightsail';
import fc from 'fast-check';
import { Emulator, EmulatorControl } from '../../../src/emulator/index.js';
import { BUCKET, withEmulator } from './clients.js';
import { sendRaw } from './signer.js';

const listKeys = new GetBucketAccessKeysCommand({ bucketName: BUCKET });

/** Sends bytes that need not be HTTP, and waits until the server closes the connection or a moment has passed. */
function sendBytes(url: string, bytes: Buffer): Promise<void> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.end(bytes));
    socket.resume();
    socket.setTimeout(200, () => socket.destroy());
    socket.on('error', () => undefined);
    socket.on('close', () => {
      resolve();
    });
  });
}

test('no bytes on the wire bring it down', () =>
  withEmulator({}, async ({ emulator, lightsail }) => {
    const property = fc.asyncProperty(
      fc.constantFrom('', 'POST / HTTP/1.1\r\nhost: h\r\ncontent-length: 9\r\n', 'GET /%zz?%zz HTTP/1.1\r\n'),
      fc.uint8Array({ maxLength: 200 }),
      (start, rest) => sendBytes(emulator.url, Buffer.concat([Buffer.from(start), rest])),
    );
    await fc.assert(property, { numRuns: 60 });
    await lightsail.send(listKeys);
  }));

test('strange but well-formed requests are answered', () =>
  withEmulator({}, async ({ emulator }) => {
    const authorization = 'AWS4-HMAC-SHA256 Credential=/////, SignedHeaders=, Signature=';
    const requests = [
      { method: 'GET', path: '/', headers: {} },
      { method: 'OPTIONS', path: '/%ff/%00?%ff=%ff&&=&a', headers: { authorization } },
      { method: 'POST', path: '/', headers: { 'x-amz-target': '' } },
      { method: 'POST', path: '/', headers: { 'x-amz-target': 'Lightsail_20161128.', authorization } },
      { method: 'PATCH', path: `/${BUCKET}/${'k'.repeat(2000)}`, headers: { authorization: 'Basic abc' } },
      { method: 'GET', path: '/_emulator/', headers: {} },
      { method: 'POST', path: '/_emulator/faults', headers: {}, body: Buffer.from('{') },
      { method: 'POST', path: '/_emulator/faults', headers: {}, body: Buffer.from('null') },
      { method: 'POST', path: '/_emulator/buckets/%2e%2e', headers: {} },
    ];
    for (const request of requests) {
      const { status } = await sendRaw(emulator.url, { body: Buffer.alloc(0), ...request });
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
    }
  }));

test('the Date of every answer is the time of the emulator', () =>
  withEmulator({ now: () => new Date('2031-02-03T04:05:06Z') }, async ({ emulator }) => {
    for (const path of ['/', '/_emulator/state', `/${BUCKET}`]) {
      const { headers } = await sendRaw(emulator.url, {
        method: 'GET',
        path,
        headers: {},
        body: Buffer.alloc(0),
      });
      expect(headers.date).toBe('Mon, 03 Feb 2031 04:05:06 GMT');
    }
  }));

test('it closes at once, whatever is under way', async () => {
  const emulator = await Emulator.start({ buckets: [BUCKET] });
  emulator.onCall(() => new Promise(() => undefined));
  const pending = fetch(emulator.url).catch(() => 'refused');
  await emulator.waitFor(() => true);
  await emulator.close();
  expect(await pending).toBe('refused');
  await emulator.close();
});

test('a port that is taken is an error', () =>
  withEmulator({}, async ({ emulator }) => {
    const port = Number(new URL(emulator.url).port);
    await expect(Emulator.start({ port })).rejects.toThrow('EADDRINUSE');
  }));

test('a child process reaches it with the environment it is given', () =>
  withEmulator({}, async ({ emulator }) => {
    const script = `
      const { LightsailClient, GetBucketAccessKeysCommand } = require('@aws-sdk/client-lightsail');
      new LightsailClient({}).send(new GetBucketAccessKeysCommand({ bucketName: '${BUCKET}' })).then(
        () => process.exit(0),
        (error) => { console.error(error); process.exit(1); },
      );`;
    const child = spawn(process.execPath, ['-e', script], {
      env: { PATH: process.env.PATH ?? '', ...emulator.env },
      stdio: ['ignore', 'ignore', 'pipe'],
      cwd: __dirname,
    });
    let said = '';
    child.stderr.on('data', (data: Buffer) => (said += data.toString()));
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect({ code, said: code === 0 ? '' : said }).toEqual({ code: 0, said: '' });
    expect((await new EmulatorControl(emulator.url).calls()).map(({ status }) => status)).toEqual([200]);
  }));
