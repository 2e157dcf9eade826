import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { VaultKvDestination } from '../../../src/destinations/vault-kv/destination.js';
import type { VaultKvOptions } from '../../../src/destinations/vault-kv/destination.js';
import { FaultLane, forwardTo } from '../fault-lane.js';
import type { Backend, Exchange } from '../fault-lane.js';
import { ROOT_TOKEN, VaultServer } from './vault-server.js';

export function callOf({ method, path }: Exchange): string {
  return `${method} ${decodeURIComponent(path).replace(/^\/v1\//, '')}`;
}

/** The server of npm run test:vault. A developer's VAULT_ADDR alone is no leave to write there. */
function realServer(): { readonly address: string; readonly token: string } | null {
  const { TEST_REAL_VAULT: isAsked, VAULT_ADDR: address, VAULT_TOKEN: token } = process.env;
  if (!isAsked) return null;
  if (!address || !token) throw new Error('npm run test:vault needs VAULT_ADDR and VAULT_TOKEN.');
  return { address, token };
}

const MOUNTED_WITHIN = 20_000;

/** Vault for one test file: the stand-in, or with npm run test:vault the server at VAULT_ADDR. */
export class VaultWorkbench {
  readonly standIn = new VaultServer();
  readonly #real = realServer();
  /** On a real server a KV v2 engine of this workbench's own, so that nobody's secrets are touched. */
  readonly mount = this.#real ? `lightsail-test-${randomUUID()}` : 'secret';
  readonly token = this.#real?.token ?? ROOT_TOKEN;
  readonly #backend: Backend = this.#real ? forwardTo(this.#real.address) : this.standIn.handle;
  readonly #lanes: FaultLane[] = [];
  #mounted: Promise<void> | undefined;

  get isReal(): boolean {
    return this.#real !== null;
  }

  async lane(): Promise<FaultLane> {
    if (this.isReal) await (this.#mounted ??= this.makeMount());
    const lane = await FaultLane.open(this.#backend, callOf);
    this.#lanes.push(lane);
    return lane;
  }

  async close(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.close()));
    if (this.isReal) await this.deleteMount();
  }

  /** As an operator does it, who waits until the engine is ready. */
  async makeMount(): Promise<void> {
    await this.request('POST', `sys/mounts/${this.mount}`, { type: 'kv', options: { version: '2' } });
    const deadline = Date.now() + MOUNTED_WITHIN;
    while (!(await this.request('GET', `${this.mount}/config`))) {
      if (Date.now() > deadline) throw new Error(`Vault makes no KV engine at ${this.mount}.`);
      await pause(50);
    }
  }

  /** With all that is in it. */
  async deleteMount(): Promise<void> {
    await this.request('DELETE', `sys/mounts/${this.mount}`);
  }

  newPath(): string {
    return `app/${randomUUID()}/uploads`;
  }

  destination(
    path: string,
    lane: FaultLane,
    options: Partial<VaultKvOptions> = {},
    env: Record<string, string> = {},
  ): VaultKvDestination {
    return new VaultKvDestination(
      { address: lane.url, mount: this.mount, path, format: 'sdk', ...options },
      { VAULT_TOKEN: this.token, HOME: '/nonexistent', ...env },
    );
  }

  /** As the owner of everything; answers the `data` of the answer. */
  async request(method: string, path: string, body?: object): Promise<Record<string, unknown> | null> {
    const reply = await this.#backend({
      method,
      path: `/v1/${path}`,
      headers: {
        'x-vault-token': this.token,
        'x-vault-request': 'true',
        'content-type': 'application/json',
      },
      body: body ? JSON.stringify(body) : '',
    });
    if (reply.status >= 300) return null;
    return reply.body === '' ? {} : (JSON.parse(reply.body) as { data: Record<string, unknown> }).data;
  }

  /** What a consumer reads; null when there is nothing. */
  async consumed(path: string): Promise<Record<string, string> | null> {
    const found = await this.request('GET', `${this.mount}/data/${path}`);
    return found ? (found.data as Record<string, string>) : null;
  }

  async names(folder: string): Promise<readonly string[]> {
    const found = await this.request('LIST', `${this.mount}/metadata/${folder}`);
    return (found?.keys ?? []) as string[];
  }

  async put(path: string, data: object = { theirs: 'yes' }): Promise<void> {
    await this.request('POST', `${this.mount}/data/${path}`, { data });
  }
}
