import type { FaultLane } from '../fault-lane.js';
import { VaultWorkbench } from '../vault/workbench.js';
import { afterCall, escaped } from './store.js';
import type { Store } from './store.js';

interface Version {
  readonly deletion_time: string;
  readonly destroyed: boolean;
}

/** Vault: the strict stand-in, or the server of npm run test:vault. A place is a path below the mount. */
export class VaultStore implements Store {
  readonly member = 'vault_kv';

  /** The version that {@link overwrite} has written, by place. */
  readonly #theirs = new Map<string, number>();

  private constructor(
    readonly workbench: VaultWorkbench,
    readonly lane: FaultLane,
  ) {}

  static async open(): Promise<VaultStore> {
    const workbench = new VaultWorkbench();
    return new VaultStore(workbench, await workbench.lane());
  }

  get url(): string {
    return this.lane.url;
  }

  get token(): string {
    return this.workbench.token;
  }

  close(): Promise<void> {
    return this.workbench.close();
  }

  newPlace(): Promise<string> {
    return Promise.resolve(this.workbench.newPath());
  }

  route(place: string, format = 'sdk', more = ''): string {
    const { mount } = this.workbench;
    return `vault_kv {\nmount = "${mount}"\npath = "${place}"\nformat = "${format}"${more}\n}`;
  }

  title(place: string): string {
    return `Vault secret ${this.workbench.mount}/${place}`;
  }

  /** The format `sdk` is spread over the secret's keys; any other is its key `value`. */
  async consumed(place: string): Promise<string | null> {
    const found = await this.workbench.consumed(place);
    return found && (found.value ?? JSON.stringify(found));
  }

  reference(place: string): Promise<string> {
    return Promise.resolve(`${this.workbench.mount}/${place}`);
  }

  /** Of the versions that can be read: Vault keeps the names of what was deleted. */
  async left(place: string): Promise<readonly string[]> {
    const names = [place, `${place}.lightsail-journal`, `${place}.lightsail-pending`];
    const found = await Promise.all(names.map((name) => this.workbench.consumed(name)));
    return names.filter((_, index) => found[index] !== null);
  }

  async lose(place: string): Promise<void> {
    await this.workbench.request('DELETE', `${this.workbench.mount}/data/${place}`);
  }

  async overwrite(place: string, value?: string): Promise<void> {
    await this.workbench.put(place, ...(value === undefined ? [] : [JSON.parse(value) as object]));
    this.#theirs.set(place, (await this.#versions(place)).length);
  }

  async keepsOverwritten(place: string): Promise<boolean> {
    const version = (await this.#versions(place))[(this.#theirs.get(place) ?? 0) - 1];
    return version?.deletion_time === '' && !version.destroyed;
  }

  /** Of the place's secret, the first one first. */
  async #versions(place: string): Promise<readonly Version[]> {
    const metadata = await this.workbench.request('GET', `${this.workbench.mount}/metadata/${place}`);
    return Object.values((metadata?.versions ?? {}) as Readonly<Record<string, Version>>);
  }

  after(step: 'stage' | 'promote', place: string, happens: () => Promise<void>): () => void {
    const suffix = { stage: '\\.lightsail-pending', promote: '' }[step];
    const name = new RegExp(`^POST ${this.workbench.mount}/data/${escaped(place)}${suffix}$`);
    return afterCall(this.lane, name, happens);
  }
}
