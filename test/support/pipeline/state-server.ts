import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** Passwords of those who may lock and write a state, and of those who may read it. */
export const MAINTAINER = 'maintainer-token';
export const DEVELOPER = 'developer-token';

export interface StateServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Keeps Terraform's states as GitLab does, and refuses to a Developer what GitLab does.
 * https://developer.hashicorp.com/terraform/language/backend/http
 * https://docs.gitlab.com/user/infrastructure/iac/terraform_state/
 */
export async function startStateServer(): Promise<StateServer> {
  const states = new Map<string, Buffer>();
  const locks = new Map<string, Buffer>();
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      const { pathname } = new URL(request.url ?? '/', 'http://state');
      const isLock = pathname.endsWith('/lock');
      const [status, answer] = !mayDo(request)
        ? ([403] as const)
        : isLock
          ? lock(locks, pathname, request.method, body)
          : store(states, pathname, request.method, body);
      response.writeHead(status).end(answer);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function mayDo({ method, headers: { authorization = '' } }: IncomingMessage): boolean {
  const [, password = ''] = Buffer.from(authorization.replace(/^Basic /, ''), 'base64')
    .toString()
    .split(':');
  return password === MAINTAINER || (password === DEVELOPER && method === 'GET');
}

type Answer = readonly [status: number, body?: Buffer];

function lock(locks: Map<string, Buffer>, path: string, method = '', body: Buffer): Answer {
  const holder = locks.get(path);
  if (method === 'DELETE') {
    locks.delete(path);
    return [200];
  }
  if (holder) return [423, holder];
  locks.set(path, body);
  return [200];
}

function store(states: Map<string, Buffer>, path: string, method = '', body: Buffer): Answer {
  const state = states.get(path);
  if (method === 'GET') return state ? [200, state] : [404];
  states.set(path, body);
  return [200];
}
