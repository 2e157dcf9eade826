import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';

/** moto's server, which speaks for AWS: one for each test file, since it keeps all accounts in one memory. */
export interface Moto {
  readonly url: string;
  stop(): Promise<void>;
}

export async function startMoto(): Promise<Moto> {
  // It chooses the port: one that was found free before may be somebody else's by now, perhaps another moto's.
  const server = spawn('moto_server', ['-H', '127.0.0.1', '-p', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = once(server, 'exit');
  const url = await urlOf(server);
  return {
    url,
    stop: async () => {
      server.kill();
      await exited;
    },
  };
}

/** As it logs it once it listens; what it logs later, a line for each request, is not kept. */
function urlOf(server: ChildProcessByStdio<null, null, Readable>): Promise<string> {
  return new Promise((resolve, reject) => {
    let log = '';
    const read = (text: string) => {
      log += text;
      const url = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(log)?.[1];
      if (url === undefined) return;
      server.stderr.off('data', read).resume();
      resolve(url);
    };
    server.stderr.setEncoding('utf8').on('data', read);
    server.once('error', reject).once('exit', () => {
      reject(new Error(`moto_server does not start:\n${log}`));
    });
  });
}
