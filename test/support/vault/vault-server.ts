import { randomUUID } from 'node:crypto';
import type { Exchange, Reply } from '../fault-lane.js';
import { DENIED, DONE, errors, noRoute, UNKNOWN_TOKEN } from './answer.js';
import type { Answer } from './answer.js';
import { Namespace } from './namespace.js';
import { capabilitiesOf, policyWithin } from './policy.js';
import type { Policy } from './policy.js';

export const ROOT_TOKEN = 'root-token';
const ROOT: Policy = { '*': ['root'] };
/** What every token may, unless its own policies deny it. */
const DEFAULT: Policy = { 'sys/capabilities-self': ['update'], 'auth/token/revoke-self': ['update'] };

interface Token {
  readonly namespace: string;
  readonly policies: readonly string[];
  readonly until: number;
}

/** A call as its namespace gets it. */
interface Request {
  readonly method: string;
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly name: string;
  readonly namespace: Namespace;
}

/**
 * A strict stand-in for the HTTP API of OpenBao 2.7, as far as this project uses it. It is no Vault:
 * test/unit/destinations/vault-stand-in.test.ts holds it to what the real server answers.
 */
export class VaultServer {
  readonly #namespaces = new Map([['', new Namespace(false)]]);
  readonly #tokens = new Map<string, Token>();

  readonly handle = (exchange: Exchange): Promise<Reply> => {
    const url = new URL(exchange.path, 'http://vault');
    const whole = decodeURIComponent(url.pathname).replace(/^\/v1\//, '');
    const [status, body] = this.#answer(exchange, ...this.#split(exchange, whole));
    const text = body === undefined ? '' : JSON.stringify(body);
    return Promise.resolve({ status, headers: { 'content-type': 'application/json' }, body: text });
  };

  /** A namespace can be named by its header, and as the path's beginning. */
  #split({ headers }: Exchange, path: string): [namespace: string, path: string] {
    const header = (headers['x-vault-namespace'] ?? '').replace(/\/$/, '');
    const [first = '', ...others] = path.split('/');
    const isFirst = header === '' && this.#namespaces.has(first);
    return isFirst ? [first, others.join('/')] : [header, path];
  }

  #answer({ method, headers, body: text }: Exchange, name: string, path: string): Answer {
    // A listener may be told to ask for it, and so does every agent by default.
    if (headers['x-vault-request'] !== 'true') return errors(412, "missing 'X-Vault-Request' header");
    const body = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
    const namespace = this.#namespaces.get(name);
    if (!namespace) return errors(404, 'namespace not found');
    if (namespace.isSealed) return errors(503, 'namespace is sealed');
    const request = { method, path, body, name, namespace };
    if (path === 'auth/approle/login') return this.#logIn(request);
    const policy = this.#policyOf(headers['x-vault-token'] ?? '', request);
    if (!policy) return UNKNOWN_TOKEN;
    if (path === 'sys/capabilities-self') return capabilities(request, policy);
    if (path === 'auth/token/revoke-self') return this.#revoke(headers['x-vault-token'] ?? '', policy);
    if (path.startsWith('sys/internal/ui/mounts/')) return mountOf(request, policy);
    if (!/^(sys|auth)\//.test(path)) return secretOf(request, policy);
    return policy === ROOT ? this.#own(request) : DENIED;
  }

  /** What the owner does. */
  #own({ method, path, body, name, namespace }: Request): Answer {
    if (`${method} ${path}` === 'POST auth/token/create') {
      return [200, { auth: this.#issue(name, body.policies as string[], Number.parseInt(String(body.ttl))) }];
    }
    const [, child] = /^sys\/namespaces\/([^/]+)(\/delete-sealed)?$/.exec(path) ?? [];
    if (child === undefined) return namespace.answer(method, path, body);
    if (method === 'DELETE') this.#namespaces.delete(child);
    // One with a seal of its own has to be unsealed first.
    else this.#namespaces.set(child, new Namespace(body.seal !== undefined));
    return [200, { data: { path: `${child}/` } }];
  }

  #logIn({ name, namespace, body }: Request): Answer {
    const role = namespace.logIn(body);
    return 'id' in role ? [200, { auth: this.#issue(name, role.policies, role.seconds) }] : role;
  }

  #revoke(token: string, policy: Policy): Answer {
    if (capabilitiesOf(policy, 'auth/token/revoke-self').includes('deny')) return DENIED;
    this.#tokens.delete(token);
    return DONE;
  }

  #issue(namespace: string, policies: readonly string[], seconds: number): object {
    const token = `s.${randomUUID()}`;
    this.#tokens.set(token, { namespace, policies, until: Date.now() + seconds * 1000 });
    return { client_token: token, lease_duration: seconds };
  }

  /** By paths of the namespace that is asked. Undefined for a token that is none. */
  #policyOf(token: string, { name }: Request): Policy | undefined {
    if (token === ROOT_TOKEN) return ROOT;
    const found = this.#tokens.get(token);
    if (!found || found.until <= Date.now()) return undefined;
    const own = this.#namespaces.get(found.namespace)?.policies;
    const policy = Object.assign({}, DEFAULT, ...found.policies.map((each) => own?.get(each))) as Policy;
    if (found.namespace === name) return policy;
    // Of the root one's the paths go through the other namespaces.
    return found.namespace === '' ? policyWithin(`${name}/`, policy) : {};
  }
}

function capabilities({ body }: Request, policy: Policy): Answer {
  if (capabilitiesOf(policy, 'sys/capabilities-self').includes('deny')) return DENIED;
  const paths = body.paths as readonly string[];
  const granted = Object.fromEntries(paths.map((each) => [each, capabilitiesOf(policy, each)]));
  return [200, { ...granted, data: granted }];
}

/** For whoever may do anything below the mount. */
function mountOf({ path, namespace }: Request, policy: Policy): Answer {
  const asked = path.slice('sys/internal/ui/mounts/'.length);
  // The mount in which the path lies, whose own path may be shorter.
  const mount = [...namespace.mounts.keys()].find((name) => `${asked}/`.startsWith(`${name}/`)) ?? asked;
  const kv = namespace.mounts.get(mount);
  const isOpen = Object.keys(policy).some((each) => each.startsWith(`${mount}/`) || each === '*');
  const options = { version: kv === 'kv1' ? '1' : '2' };
  if (kv && isOpen) return [200, { data: { path: `${mount}/`, type: 'kv', options } }];
  const words = `preflight capability check returned 403, please ensure client's policies grant access to path "${mount}/"`;
  return errors(403, words);
}

const NEEDED: Readonly<Record<string, string>> = { GET: 'read', LIST: 'list', DELETE: 'delete' };

function secretOf({ method, path, body, namespace }: Request, policy: Policy): Answer {
  const mount = [...namespace.mounts.keys()].find((name) => path.startsWith(`${name}/`));
  const kv = mount === undefined ? undefined : namespace.mounts.get(mount);
  const [, kind = '', name = ''] = /^([^/]+)(?:\/(.*))?$/.exec(path.slice((mount ?? '').length + 1)) ?? [];
  const granted = capabilitiesOf(policy, path);
  // Metadata alone make a secret, too.
  const exists = kv instanceof Object && kv.has(name);
  const needed = NEEDED[method] ?? (exists ? 'update' : 'create');
  if (!granted.includes('root') && !granted.includes(needed)) return DENIED;
  if (!kv) return noRoute(path);
  if (kv === 'kv1') return method === 'GET' ? [404, { errors: [] }] : [204, undefined];
  return kv.answer(method, kind, name, body);
}
