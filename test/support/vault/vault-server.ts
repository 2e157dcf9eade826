import type { Exchange, Reply } from '../fault-lane.js';
import { KvSecrets } from './kv-secrets.js';

export const ROOT_TOKEN = 'root-token';

/** A policy as Vault has it: capabilities by path; a trailing * covers what begins so. */
export type Policy = Readonly<Record<string, readonly string[]>>;

/** A strict stand-in for Vault's HTTP API, as far as this project uses it. It is no Vault. */
export class VaultServer {
  isSealed = false;
  /** By namespace and mount: `team/secret`. */
  readonly mounts = new Map<string, KvSecrets | 'kv1'>([['secret', new KvSecrets()]]);
  readonly policies = new Map<string, Policy>([[ROOT_TOKEN, { '*': ['root'] }]]);
  readonly appRoles = new Map<string, { secretId: string; token: string; seconds: number }>();

  readonly handle = (exchange: Exchange): Promise<Reply> => {
    const url = new URL(exchange.path, 'http://vault');
    const path = decodeURIComponent(url.pathname).replace(/^\/v1\//, '');
    const [status, body] = this.#answer(exchange, path);
    const text = body === undefined ? '' : JSON.stringify(body);
    return Promise.resolve({ status, headers: { 'content-type': 'application/json' }, body: text });
  };

  #answer({ method, headers, body: text }: Exchange, path: string): Answer {
    if (this.isSealed) return errors(503, 'Vault is sealed');
    if (headers['x-vault-request'] !== 'true') return errors(400, 'missing X-Vault-Request');
    const body = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
    const namespace = headers['x-vault-namespace'];
    if (/^auth\/[^/]+\/login$/.test(path)) return this.#logIn(body);
    const policy = this.policies.get(headers['x-vault-token'] ?? '');
    if (!policy) return errors(403, 'permission denied');
    if (path === 'sys/capabilities-self') {
      const granted = Object.fromEntries(
        (body.paths as string[]).map((each) => [each, capabilities(policy, each)]),
      );
      return [200, { ...granted, data: granted }];
    }
    const prefix = namespace ? `${namespace}/` : '';
    if (path.startsWith('sys/internal/ui/mounts/')) {
      const kv = this.mounts.get(prefix + path.slice('sys/internal/ui/mounts/'.length));
      if (!kv) return errors(403, 'preflight capability check returned 403');
      return [200, { data: { type: 'kv', options: { version: kv === 'kv1' ? '1' : '2' } } }];
    }
    if (path.startsWith('sys/mounts/')) return this.#mount(method, prefix + path.slice('sys/mounts/'.length));
    return this.#kv(method, prefix, path, body, policy);
  }

  #mount(method: string, name: string): Answer {
    if (method === 'DELETE') this.mounts.delete(name);
    else this.mounts.set(name, new KvSecrets());
    return [204, undefined];
  }

  #kv(method: string, prefix: string, path: string, body: Record<string, unknown>, policy: Policy): Answer {
    const mount = [...this.mounts.keys()].find((name) => (prefix + path).startsWith(`${name}/`));
    const kv = mount === undefined ? undefined : this.mounts.get(mount);
    if (mount === undefined || !kv) {
      const granted = capabilities(policy, path);
      if (granted.includes('deny')) return errors(403, 'permission denied');
      return errors(404, `no handler for route "${path}". route entry not found.`);
    }
    if (method === 'GET' && path === `${mount}/config`) return [200, { data: {} }];
    const [, kind = '', name = ''] =
      /^(data|metadata)\/(.+)$/.exec((prefix + path).slice(mount.length + 1)) ?? [];
    const exists = kv !== 'kv1' && kv.has(name);
    const needed =
      { GET: 'read', LIST: 'list', DELETE: 'delete', POST: exists ? 'update' : 'create' }[method] ?? 'sudo';
    const granted = capabilities(policy, path);
    if (!granted.includes('root') && !granted.includes(needed)) return errors(403, 'permission denied');
    if (kv === 'kv1') return method === 'GET' ? [404, { errors: [] }] : [204, undefined];
    return kv.answer(method, kind as 'data' | 'metadata', name, body);
  }

  #logIn({ role_id: role, secret_id: secret }: Record<string, unknown>): Answer {
    const found = this.appRoles.get(String(role));
    if (found?.secretId !== secret || !found) return errors(400, 'invalid role or secret ID');
    return [200, { auth: { client_token: found.token, lease_duration: found.seconds } }];
  }
}

export type Answer = readonly [status: number, body: object | undefined];

export function errors(status: number, ...messages: string[]): Answer {
  return [status, { errors: messages }];
}

function capabilities(policy: Policy, path: string): readonly string[] {
  const matching = Object.keys(policy)
    .filter((each) => (each.endsWith('*') ? path.startsWith(each.slice(0, -1)) : each === path))
    .sort((a, b) => b.length - a.length);
  return policy[matching[0] ?? ''] ?? ['deny'];
}
