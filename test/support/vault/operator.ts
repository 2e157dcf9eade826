import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Backend, Reply } from '../fault-lane.js';
import { printPolicy } from './policy.js';
import type { Policy } from './policy.js';

const MOUNTED_WITHIN = 120_000;
/** Of tokens that nobody has to wait for: longer than any test. */
const TOKEN_LASTS = '3600s';

/** A token with a policy of its own, which can be changed while the token is in use. */
export interface Limited {
  readonly token: string;
  readonly limitTo: (policy: Policy) => Promise<void>;
}

/** The owner of a namespace, by the server's own API: stand-in and real server are prepared by the same calls. */
export class Operator {
  readonly #undo: (() => Promise<unknown>)[] = [];

  constructor(
    private readonly backend: Backend,
    private readonly token: string,
    /** Empty: the root one. */
    readonly namespace = '',
  ) {}

  async send(method: string, path: string, body?: object): Promise<Reply> {
    return this.backend({
      method,
      path: `/v1/${path}`,
      headers: {
        'x-vault-token': this.token,
        'x-vault-request': 'true',
        'content-type': 'application/json',
        ...(this.namespace && { 'x-vault-namespace': this.namespace }),
      },
      body: body ? JSON.stringify(body) : '',
    });
  }

  /** The `data` of the answer; null where there is nothing, or nothing was done. */
  async request(method: string, path: string, body?: object): Promise<Record<string, unknown> | null> {
    const reply = await this.send(method, path, body);
    if (reply.status >= 300) return null;
    return reply.body === '' ? {} : (JSON.parse(reply.body) as { data: Record<string, unknown> }).data;
  }

  /** As {@link makeMount}, under a name of its own, and until {@link undo}. */
  async newMount(version: '1' | '2'): Promise<string> {
    const name = `lightsail-test-${randomUUID()}`;
    await this.makeMount(name, version);
    this.#undo.push(() => this.deleteMount(name));
    return name;
  }

  /** Waits until the engine is ready. */
  async makeMount(name: string, version: '1' | '2' = '2'): Promise<void> {
    await this.#do('POST', `sys/mounts/${name}`, { type: 'kv', options: { version } });
    const deadline = Date.now() + MOUNTED_WITHIN;
    while (version === '2' && !(await this.request('GET', `${name}/config`))) {
      if (Date.now() > deadline) throw new Error(`Vault makes no KV engine at ${name}.`);
      await pause(50);
    }
  }

  /** With all that is in it. */
  async deleteMount(name: string): Promise<void> {
    await this.#do('DELETE', `sys/mounts/${name}`);
  }

  async limited(policy: Policy): Promise<Limited> {
    const name = await this.#policy(policy);
    const body = { policies: [name], ttl: TOKEN_LASTS };
    const { auth } = await this.#do('POST', 'auth/token/create', body);
    return {
      token: (auth as { client_token: string }).client_token,
      limitTo: (next) => this.#writePolicy(name, next),
    };
  }

  /** AppRole's method is mounted here, so each namespace can have one role. */
  async appRole(
    policy: Policy,
    seconds: number,
    /** How many times its secret ID is good for a login; 0: as often as one likes. */
    logins = 0,
  ): Promise<{ roleId: string; secretId: string }> {
    const name = await this.#policy(policy);
    await this.#do('POST', 'sys/auth/approle', { type: 'approle' });
    const role = 'auth/approle/role/test';
    await this.#do('POST', role, {
      token_policies: [name],
      token_ttl: `${seconds}s`,
      secret_id_num_uses: logins,
    });
    const id = await this.request('GET', `${role}/role-id`);
    const secret = await this.request('POST', `${role}/secret-id`);
    return { roleId: String(id?.role_id), secretId: String(secret?.secret_id) };
  }

  async newNamespace(): Promise<Operator> {
    const name = await this.#namespace({}, '');
    return new Operator(this.backend, this.token, name);
  }

  /** It has a seal of its own, and nobody has unsealed it: other tests' secrets stay at hand. */
  async sealedNamespace(): Promise<string> {
    return this.#namespace({ seal: 'seal "shamir" { shares = 1\n threshold = 1 }' }, '/delete-sealed');
  }

  /** Everything goes that was made here. */
  async undo(): Promise<void> {
    for (const step of this.#undo.splice(0).reverse()) await step();
  }

  async #namespace(options: object, deletion: string): Promise<string> {
    const name = `lightsail-test-${randomUUID()}`;
    await this.#do('POST', `sys/namespaces/${name}`, options);
    this.#undo.push(() => this.#do('DELETE', `sys/namespaces/${name}${deletion}`));
    return name;
  }

  async #policy(policy: Policy): Promise<string> {
    const name = `lightsail-test-${randomUUID()}`;
    await this.#writePolicy(name, policy);
    this.#undo.push(() => this.#do('DELETE', `sys/policies/acl/${name}`));
    return name;
  }

  async #writePolicy(name: string, policy: Policy): Promise<void> {
    await this.#do('POST', `sys/policies/acl/${name}`, { policy: printPolicy(policy) });
  }

  async #do(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
    const { status, body: text } = await this.send(method, path, body);
    if (status >= 300) throw new Error(`Vault does not ${method} ${path} (${status}): ${text}`);
    return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
  }
}
