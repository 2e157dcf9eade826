import { randomUUID } from 'node:crypto';
import { DONE, errors, noRoute } from './answer.js';
import type { Answer } from './answer.js';
import { KvSecrets } from './kv-secrets.js';
import { parsePolicy } from './policy.js';
import type { Policy } from './policy.js';

interface Role {
  readonly id: string;
  readonly secretId: string;
  readonly policies: readonly string[];
  readonly seconds: number;
  /** How many more times its secret ID is good for a login. */
  logins: number;
}

type Body = Readonly<Record<string, unknown>>;

/** One namespace of the stand-in, prepared by the calls that prepare a real one. */
export class Namespace {
  readonly mounts = new Map<string, KvSecrets | 'kv1'>();
  readonly policies = new Map<string, Policy>();
  #roles: Map<string, Role> | null = null;

  constructor(readonly isSealed: boolean) {}

  /** A call that takes the owner. */
  answer(method: string, path: string, body: Body): Answer {
    const [, prefix = '', name = ''] =
      /^(sys\/(?:mounts|policies\/acl|auth)|auth\/approle\/role)\/(.+)$/.exec(path) ?? [];
    switch (`${method} ${prefix}`) {
      case 'POST sys/mounts':
        return this.#mount(name, body);
      case 'DELETE sys/mounts':
        this.mounts.delete(name);
        return DONE;
      case 'POST sys/policies/acl':
        this.policies.set(name, parsePolicy(String(body.policy)));
        return DONE;
      case 'DELETE sys/policies/acl':
        this.policies.delete(name);
        return DONE;
      case 'POST sys/auth':
        if (name !== 'approle') break;
        this.#roles = new Map();
        return DONE;
      case 'POST auth/approle/role':
      case 'GET auth/approle/role':
        return this.#role(method, name, body, path);
    }
    return noRoute(path);
  }

  /** The role that is logging in; an answer where none is. */
  logIn({ role_id: id, secret_id: secretId }: Body): Role | Answer {
    if (!this.#roles) return noRoute('auth/approle/login');
    if (secretId === undefined) return errors(400, 'missing secret_id');
    const found = [...this.#roles.values()].find((role) => role.id === id && role.secretId === secretId);
    if (!found || found.logins <= 0) return errors(400, 'invalid role or secret ID');
    found.logins -= 1;
    return found;
  }

  #mount(name: string, { options }: Body): Answer {
    if (this.mounts.has(name)) return errors(400, `path is already in use at ${name}/`);
    const { version } = (options ?? {}) as { version?: string };
    this.mounts.set(name, version === '2' ? new KvSecrets() : 'kv1');
    return DONE;
  }

  #role(method: string, path: string, body: Body, whole: string): Answer {
    const [name = '', part] = path.split('/');
    const role = this.#roles?.get(name);
    if (!this.#roles) return noRoute(whole);
    if (method === 'POST' && part === undefined) {
      const seconds = Number.parseInt(String(body.token_ttl));
      const policies = body.token_policies as readonly string[];
      const ids = { id: randomUUID(), secretId: randomUUID() };
      const logins = Number(body.secret_id_num_uses) || Infinity;
      this.#roles.set(name, { ...ids, policies, seconds, logins });
      return DONE;
    }
    if (!role) return [404, { errors: [] }];
    if (method === 'GET' && part === 'role-id') return [200, { data: { role_id: role.id } }];
    if (method === 'POST' && part === 'secret-id') return [200, { data: { secret_id: role.secretId } }];
    return noRoute(whole);
  }
}
