import { randomUUID } from 'node:crypto';
import { VaultKvDestination } from '../../../src/destinations/vault-kv/store.js';
import type { VaultKvOptions } from '../../../src/destinations/vault-kv/store.js';
import { FaultLane, forwardTo } from '../fault-lane.js';
import type { Backend, Exchange } from '../fault-lane.js';
import { LateReads } from './late-reads.js';
import { Operator } from './operator.js';
import { ROOT_TOKEN, VaultServer } from './vault-server.js';

export function callOf({ method, path }: Exchange): string {
  return `${method} ${decodeURIComponent(path).replace(/^\/v1\//, '')}`;
}

/** The stand-in, or the server of npm run test:vault. A developer's VAULT_ADDR alone is no leave to write there. */
function server(): { readonly backend: Backend; readonly token: string } {
  const { TEST_REAL_VAULT: isAsked, VAULT_ADDR: address, VAULT_TOKEN: token } = process.env;
  if (!isAsked) return { backend: new VaultServer().handle, token: ROOT_TOKEN };
  if (!address || !token) throw new Error('npm run test:vault needs VAULT_ADDR and VAULT_TOKEN.');
  return { backend: forwardTo(address), token };
}

/** Vault for one test file. No test can tell which server it is, so none is left out on either. */
export class VaultWorkbench {
  /** A KV engine of this workbench's own, so that nobody's secrets are touched. */
  readonly mount = `lightsail-test-${randomUUID()}`;
  readonly backend: Backend;
  readonly token: string;
  readonly operator: Operator;
  /** On the way of every lane. */
  readonly late: LateReads;
  readonly #lanes: FaultLane[] = [];
  #mounted: Promise<void> | undefined;

  constructor() {
    ({ backend: this.backend, token: this.token } = server());
    this.operator = new Operator(this.backend, this.token);
    this.late = new LateReads(this.backend, this.token);
  }

  async lane(): Promise<FaultLane> {
    await (this.#mounted ??= this.makeMount());
    const lane = await FaultLane.open(this.late.handle, callOf);
    this.#lanes.push(lane);
    return lane;
  }

  async close(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.close()));
    await this.operator.undo();
    await this.deleteMount();
  }

  /** Where it is not there, or no more. */
  async makeMount(): Promise<void> {
    if (!(await this.request('GET', `${this.mount}/config`))) await this.operator.makeMount(this.mount);
  }

  async deleteMount(): Promise<void> {
    await this.operator.deleteMount(this.mount);
  }

  /** Somebody else, with whatever token. */
  as(token: string, namespace = ''): Operator {
    return new Operator(this.backend, token, namespace);
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
    return this.operator.request(method, path, body);
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
