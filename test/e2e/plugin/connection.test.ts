import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { constants } from 'node:http2';
import * as http2 from 'node:http2';
import { connect as connectSocket, createServer, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { makeCertificate, type ServerCertificate } from '../../../src/plugin/process/certificate.js';
import { bundleToy } from '../../support/plugin/toy-bundle.js';
import { dynamic, ToyClient } from '../../support/plugin/toy-client.js';
import { until } from '../../support/until.js';
import { environment, pem, startToy, type ToyProcess } from '../../support/plugin/toy-process.js';
import { temporaryFolder } from '../../support/temporary/folder.js';

let file: string;
let toy: ToyProcess;
let client: ToyClient;

beforeAll(async () => {
  file = await bundleToy();
  toy = await startToy(file);
  client = new ToyClient(toy);
  await client.call('GetMetadata');
});

afterAll(async () => {
  client.close();
  await toy.exit;
});

function dial(to: ToyProcess): Socket {
  if (to.network === 'unix') return connectSocket(to.address);
  const [host = '', port] = to.address.split(':');
  return connectSocket(Number(port), host);
}

/** What an HTTP/2 client meets that shows this certificate: an answer, or the end of the connection. */
async function attempt(certificate?: ServerCertificate): Promise<'answered' | 'refused'> {
  const socket: TLSSocket = connectTls({
    socket: dial(toy),
    servername: 'localhost',
    ca: pem({ certificate: toy.certificate ?? Buffer.alloc(0) }),
    ALPNProtocols: ['h2'],
    ...(certificate && { key: certificate.privateKey, cert: pem(certificate) }),
  });
  const session = http2.connect('https://localhost', { createConnection: () => socket });
  try {
    return await new Promise((resolve, reject) => {
      session.once('error', reject).once('close', reject);
      const stream = session.request({ ':method': 'POST', 'content-type': 'application/grpc' });
      stream.once('error', reject);
      stream.once('response', () => {
        resolve('answered');
      });
      stream.end();
    });
  } catch {
    return 'refused';
  } finally {
    session.destroy();
  }
}

describe('mutual TLS', () => {
  test('serves the client that Terraform announced', async () => {
    await expect(attempt(toy.client)).resolves.toBe('answered');
  });

  test('refuses another certificate, even for the same name', async () => {
    await expect(attempt(makeCertificate())).resolves.toBe('refused');
  });

  test('refuses a client without a certificate', async () => {
    await expect(attempt()).resolves.toBe('refused');
  });

  test('refuses a client that does not speak TLS, and serves on', async () => {
    const socket = dial(toy);
    socket.write('GET / HTTP/1.1\r\n\r\n');
    await once(socket.resume(), 'close');
    await expect(client.call('GetMetadata')).resolves.toHaveProperty('resources');
  });
});

describe('other ways to connect', () => {
  test('TCP on the loopback interface where there can be no socket', async () => {
    const other = await startToy(file, { PLUGIN_UNIX_SOCKET_DIR: '/nonexistent/folder' });
    expect([other.network, other.address.split(':')[0]]).toEqual(['tcp', '127.0.0.1']);
    const over = new ToyClient(other);
    await expect(over.call('GetMetadata')).resolves.toHaveProperty('resources');
    over.close();
    expect(await other.exit).toEqual([0, null]);
  });

  describe('without TLS', () => {
    let plain: ToyProcess;
    let user: ToyClient;

    beforeAll(async () => {
      plain = await startToy(file, { PLUGIN_CLIENT_CERT: undefined, TF_LOG: 'ERROR' });
      user = new ToyClient(plain);
    });

    afterAll(async () => {
      user.close();
      await plain.exit;
      // None of it was so unforeseen that only the last resort caught it.
      expect(plain.log()).toBe('');
    });

    test('serves, and says so with an empty certificate', async () => {
      expect(plain.certificate).toBeUndefined();
      await expect(user.call('GetMetadata')).resolves.toHaveProperty('resources');
    });

    test('survives random bytes', async () => {
      for (const bytes of [Buffer.alloc(500, 0xff), Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nrubbish')]) {
        const socket = dial(plain);
        socket.on('error', () => undefined).end(bytes);
        await once(socket.resume(), 'close');
      }
      await expect(user.call('GetMetadata')).resolves.toHaveProperty('resources');
    });

    test.each<[string, Buffer, string]>([
      ['nothing at all', Buffer.alloc(0), '13'],
      ['a header cut short', Buffer.from([0, 0]), '13'],
      ['a message cut short', Buffer.from([0, 0, 0, 0, 9, 1]), '13'],
      ['a length beyond any message', Buffer.from([0, 0xff, 0xff, 0xff, 0xff]), '13'],
      ['two messages', Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), '13'],
      ['a compressed message', Buffer.from([1, 0, 0, 0, 0]), '12'],
    ])('answers a request of %s with the right status', async (_, body, expected) => {
      const session = http2.connect('http://localhost', { createConnection: () => dial(plain) });
      const stream = session.request({
        [constants.HTTP2_HEADER_METHOD]: 'POST',
        [constants.HTTP2_HEADER_PATH]: '/tfplugin6.Provider/GetMetadata',
        [constants.HTTP2_HEADER_CONTENT_TYPE]: 'application/grpc',
      });
      stream.end(body);
      const [headers] = (await once(stream, 'response')) as [http2.IncomingHttpHeaders];
      expect(headers['grpc-status']).toBe(expected);
      session.destroy();
    });

    test('answers what is not gRPC with 415', async () => {
      const session = http2.connect('http://localhost', { createConnection: () => dial(plain) });
      const [headers] = (await once(session.request({}).resume(), 'response')) as [http2.IncomingHttpHeaders];
      expect(headers[':status']).toBe(415);
      session.destroy();
    });

    const codes = [constants.NGHTTP2_CANCEL, constants.NGHTTP2_INTERNAL_ERROR];
    test.each(codes)('survives a call that is given up half-way, with code %i', async (code) => {
      const session = http2.connect('http://localhost', { createConnection: () => dial(plain) });
      const stream = session.request({
        ':method': 'POST',
        ':path': '/tfplugin6.Provider/GetMetadata',
        'content-type': 'application/grpc',
      });
      stream.on('error', () => undefined).write(Buffer.from([0, 0]));
      stream.close(code);
      await new Promise((resolve) => stream.once('close', resolve));
      session.destroy();
      await expect(user.call('GetMetadata')).resolves.toHaveProperty('resources');
    });
  });
});

describe('the start', () => {
  const run = (extra: Record<string, string | undefined>) =>
    promisify(execFile)(process.execPath, [file], { env: environment(extra) }).then(
      () => ({ code: 0, stdout: '', stderr: '' }),
      (error: unknown) => error as { code: number; stdout: string; stderr: string },
    );

  test('by hand says what the program is', async () => {
    const { code, stderr } = await run({ TF_PLUGIN_MAGIC_COOKIE: undefined });
    expect([code, stderr]).toEqual([1, expect.stringMatching(/is a Terraform provider/)]);
  });

  test('by a Terraform of another protocol says so where Terraform shows it', async () => {
    const { code, stdout } = await run({ PLUGIN_PROTOCOL_VERSIONS: '4,5' });
    expect([code, stdout]).toEqual([1, expect.stringMatching(/protocol 6.*offers 4, 5/)]);
  });
});

describe('the end', () => {
  const folder = () => temporaryFolder('toy-end');
  const limits = (values: object) => ({ TOY_LIMITS: JSON.stringify(values) });

  /** A way to the provider that can be cut, as when Terraform is killed. */
  async function relay(to: ToyProcess) {
    const sockets: Socket[] = [];
    const server = createServer((near) => {
      const far = dial(to);
      sockets.push(near, far);
      near.on('error', () => undefined).pipe(far);
      far.on('error', () => undefined).pipe(near);
    });
    const address = join(folder(), 'relay');
    await new Promise<void>((resolve) => server.listen(address, resolve));
    const cut = () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    };
    void to.exit.then(cut);
    return { network: 'unix', address, cut };
  }

  /** A provider that is busy creating something. */
  async function busy(extra: Record<string, string> = {}, behaviour = 'slow') {
    const work = folder();
    const process = await startToy(file, extra);
    const wire = await relay(process);
    const user = new ToyClient({ ...process, ...wire });
    await user.call('ConfigureProvider', { config: dynamic({ folder: work }) });
    const name = { name: 'n', behaviour };
    const call = user.call('ApplyResourceChange', {
      typeName: 'toy_item',
      priorState: dynamic(null),
      plannedState: dynamic(name),
      config: dynamic(name),
    });
    await until(() => existsSync(join(work, 'started')));
    return {
      process,
      user,
      call,
      cut: wire.cut,
      work,
      finished: () => readFileSync(join(work, 'finished'), 'utf8'),
    };
  }

  /** Many times of what an end takes, and less than the limits that a test does not mean. */
  const SOON = 45_000;
  const NOT_MEANT = 300_000;

  /** How long the process lives on. */
  async function timeToExit(process: ToyProcess): Promise<number> {
    const from = performance.now();
    expect(await process.exit).toEqual([0, null]);
    expect(existsSync(dirname(process.address))).toBe(false);
    return performance.now() - from;
  }

  test('comes at once when Terraform asks for it, with an answer', async () => {
    const process = await startToy(file, limits({ shutdown: NOT_MEANT }));
    const user = new ToyClient(process);
    await expect(user.raw('/plugin.GRPCController/Shutdown', Buffer.alloc(0))).resolves.toHaveLength(0);
    user.close();
    expect(await timeToExit(process)).toBeLessThan(SOON);
  });

  test('is what ends the streams that Terraform holds open', async () => {
    const process = await startToy(file, limits({ shutdown: 300 }));
    const user = new ToyClient(process);
    const held = ['/plugin.GRPCStdio/StreamStdio', '/plugin.GRPCBroker/StartStream'].map((path) =>
      user.hold(path),
    );
    expect(await Promise.race([...held, sleep(200, 'open')])).toBe('open');
    await user.raw('/plugin.GRPCController/Shutdown', Buffer.alloc(0));
    await Promise.all([...held, process.exit]);
    user.close();
  });

  test('comes within a limit of its own when Terraform asks for it and keeps the connection open', async () => {
    const { process, user, call } = await busy(limits({ shutdown: 100, drain: NOT_MEANT }), 'slow to stop');
    call.catch(() => undefined);
    await user.raw('/plugin.GRPCController/Shutdown', Buffer.alloc(0));
    expect(await timeToExit(process)).toBeLessThan(SOON);
    user.close();
  });

  test('waits for a running call when the connection is lost, and tells it to stop', async () => {
    const { process, user, call, cut, finished } = await busy();
    call.catch(() => undefined);
    cut();
    await timeToExit(process);
    user.close();
    expect(finished()).toBe('stopped');
  });

  test('is not meant when a single call is given up; that call is told to stop', async () => {
    const { process, user, call, work, finished } = await busy();
    user.giveUp();
    await expect(call).rejects.toThrow('CANCELLED');
    await until(() => existsSync(join(work, 'finished')));
    expect(finished()).toBe('stopped');
    await expect(user.call('GetMetadata')).resolves.toHaveProperty('resources');
    user.close();
    await timeToExit(process);
  });

  test('does not wait longer than the limit', async () => {
    const { process, user, call, cut, finished } = await busy(limits({ drain: 50 }), 'slow to stop');
    call.catch(() => undefined);
    cut();
    expect(await timeToExit(process)).toBeLessThan(SOON);
    user.close();
    expect(finished).toThrow('ENOENT');
  });

  test('on SIGTERM comes after the running call, which is answered', async () => {
    const { process, user, call, finished } = await busy();
    process.child.kill('SIGTERM');
    await expect(call).resolves.toHaveProperty('newState');
    await timeToExit(process);
    expect(finished()).toBe('stopped');
    user.close();
  });

  test.each<[string, (toy: ToyProcess, cut: () => void) => void]>([
    ['on SIGTERM', ({ child }) => void child.kill('SIGTERM')],
    [
      'once Terraform is gone',
      (_, cut) => {
        cut();
      },
    ],
  ])('comes %s while a read hangs that nothing can stop', async (_, end) => {
    const { process, user, call, cut } = await busy(limits({ drain: 300 }), 'read a pipe');
    call.catch(() => undefined);
    end(process, cut);
    // Node would wait at its exit for its threads.
    expect(await process.exit).toEqual([null, 'SIGKILL']);
    expect(existsSync(dirname(process.address))).toBe(false);
    user.close();
  });

  test('does not come on SIGINT; StopProvider stops the running calls, and the process serves on', async () => {
    const { process, user, call, finished } = await busy();
    process.child.kill('SIGINT');
    await user.call('StopProvider');
    await expect(call).resolves.toHaveProperty('newState');
    expect(finished()).toBe('stopped');
    await expect(user.call('GetMetadata')).resolves.toHaveProperty('resources');
    user.close();
    await timeToExit(process);
  });

  test('comes when no client ever calls, and a stranger’s connection does not count', async () => {
    const process = await startToy(file, limits({ connect: 400 }));
    const stranger = dial(process);
    stranger.on('error', () => undefined);
    expect(await timeToExit(process)).toBeLessThan(SOON);
    stranger.destroy();
  });

  test('does not come when a stranger leaves', async () => {
    dial(toy).destroy();
    await sleep(100);
    expect(toy.child.exitCode).toBeNull();
  });

  test('comes when the parent dies before it connected', async () => {
    const sockets = folder();
    // It has seen the handshake, and the provider its parent.
    const parent = `const { spawn } = require('child_process');
      const child = spawn(process.execPath, [${JSON.stringify(file)}], { stdio: ['ignore', 'pipe', 'ignore'] });
      child.stdout.once('data', () => setTimeout(() => {
        console.log(require('fs').readdirSync(${JSON.stringify(sockets)}).length);
        process.exit();
      }, 300));`;
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', parent], {
      env: environment({ PLUGIN_UNIX_SOCKET_DIR: sockets, ...limits({ connect: NOT_MEANT }) }),
    });
    expect(stdout).toBe('1\n');
    await until(() => readdirSync(sockets).length === 0);
  });
});
