import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const STARTS_WITHIN = 20_000;

/** moto's server, which speaks for AWS: one for each test file, since it keeps all accounts in one memory. */
export interface Moto {
  readonly url: string;
  stop(): Promise<void>;
}

export async function startMoto(): Promise<Moto> {
  const port = await freePort();
  const server = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  const exited = once(server, 'exit');
  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + STARTS_WITHIN;
  while (!(await answers(url))) {
    if (server.exitCode !== null || Date.now() > deadline) throw new Error('moto_server does not start.');
    await pause(50);
  }
  return {
    url,
    stop: async () => {
      server.kill();
      await exited;
    },
  };
}

async function answers(url: string): Promise<boolean> {
  return fetch(`${url}/moto-api/data.json`).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
