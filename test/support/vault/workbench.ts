import { randomUUID } from 'node:crypto';
import { VaultKvDestination } from '../../../src/destinations/vault-kv/destination.js';
import type { VaultKvOptions } from '../../../src/destinations/vault-kv/destination.js';
import { FaultLane, forwardTo } from '../fault-lane.js';
import type { Backend, Exchange } from '../fault-lane.js';
import { ROOT_TOKEN, VaultServer } from './vault-server.js';

export function callOf({ method, path }: Exchange): string {
  return `${method} ${decodeURIComponent(path).replace(/^\/v1\//, '')}`;
}

/**
 * Vault for one test file: the server at VAULT_ADDR with its token, where there is one (VAULT_MOUNT, a KV v2 engine,
 * is then written to), else the stand-in.
 */
export class VaultWorkbench {
  readonly standIn = new VaultServer();
  readonly isReal = Boolean(process.env.VAULT_ADDR);
  readonly mount = process.env.VAULT_MOUNT ?? 'secret';
  readonly token = process.env.VAULT_ADDR ? (process.env.VAULT_TOKEN ?? '') : ROOT_TOKEN;
  readonly #backend: Backend = process.env.VAULT_ADDR
    ? forwardTo(process.env.VAULT_ADDR)
    : this.standIn.handle;
  readonly #lanes: FaultLane[] = [];

  async lane(): Promise<FaultLane> {
    const lane = await FaultLane.open(this.#backend, callOf);
    this.#lanes.push(lane);
    return lane;
  }

  async close(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.close()));
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
