import type { KeyPair } from '../../lifecycle/access-key.js';
import { DestinationError } from '../../lifecycle/destination.js';
import type { Delivery, Destination, Holding } from '../../lifecycle/destination.js';
import type { Secret } from '../../secret/secret.js';
import type { Format } from '../format.js';
import { assertWritable } from './check.js';
import { VaultJournal } from './journal.js';
import { KvApi } from './kv-api.js';
import { pairData } from './pair-data.js';
import { Place } from './place.js';
import { NOTHING } from './secret-metadata.js';
import type { SecretMetadata } from './secret-metadata.js';
import type { Environment } from './settings.js';

export interface VaultKvOptions {
  /** Else the environment's: VAULT_ADDR. */
  readonly address?: string;
  readonly mount: string;
  readonly path: string;
  readonly namespace?: string;
  readonly format: Format;
}

interface Staged {
  readonly pair: KeyPair;
  /** The latest version at that time: only this one is replaced. */
  readonly version: number;
}

/**
 * A secret of a KV v2 mount of Vault or OpenBao. A version is current as soon as it is written, so a pair that is not
 * promoted stays in this process: a second path would show it to everybody whose policy covers the folder. A run that
 * dies in between leaves a key that the journal names, and the next run deletes it.
 */
export class VaultKvDestination implements Destination {
  readonly title: string;
  readonly reference: string;
  readonly journal: VaultJournal;
  readonly #api: KvApi;
  readonly #place: Place;
  readonly #format: Format;
  readonly #staged = new Map<string, Staged>();
  /** Versions that were announced for a pair and went to another writer. */
  readonly #lost = new Set<number>();

  constructor(options: VaultKvOptions, env: Environment = process.env) {
    this.#api = new KvApi(options, env);
    this.#place = new Place(options.mount, options.path);
    this.#format = options.format;
    const { namespace } = this.#api;
    this.title = `Vault secret ${this.#place.name}${namespace ? ` (namespace ${namespace})` : ''}`;
    this.reference = this.#place.name;
    this.journal = new VaultJournal(this.#api, this.#place.journal);
  }

  async check(): Promise<void> {
    this.#place.assertValid();
    await assertWritable(this.#api, this.#place);
  }

  async read(): Promise<Holding> {
    const metadata = await this.#metadata();
    const isThere = metadata?.latest === 'readable';
    return {
      current: isThere ? { accessKeyId: this.#keyIn(metadata) } : null,
      pending: [...this.#staged.keys()],
    };
  }

  async stage(pair: KeyPair): Promise<void> {
    const metadata = await this.#metadata();
    const current = metadata?.latest === 'readable' ? this.#keyIn(metadata) : undefined;
    if (current === pair.accessKeyId) return;
    if (current === null) throw this.#changedByOthers();
    this.#staged.set(pair.accessKeyId, { pair, version: metadata?.version ?? 0 });
  }

  staged(accessKeyId: string): Promise<Secret | null> {
    return Promise.resolve(this.#staged.get(accessKeyId)?.pair.secretAccessKey ?? null);
  }

  async promote(accessKeyId: string): Promise<Delivery> {
    const metadata = await this.#metadata();
    if (metadata?.latest !== 'readable' || this.#keyIn(metadata) !== accessKeyId) {
      const staged = this.#staged.get(accessKeyId);
      if (!staged) throw this.#notStaged(accessKeyId);
      if ((metadata?.version ?? 0) !== staged.version) throw this.#changedByOthers();
      await this.#announce(accessKeyId, staged.version);
      await this.#write(staged);
    }
    this.#staged.delete(accessKeyId);
    return { reference: this.reference, secret: null };
  }

  async discard(accessKeyId: string): Promise<void> {
    this.#staged.delete(accessKeyId);
    const metadata = await this.#metadata();
    const isAnnounced = metadata?.keys.get(metadata.version + 1) === accessKeyId;
    if (isAnnounced) await this.#api.writeCustomMetadata(this.#place, metadata.withNext(null));
  }

  async remove(accessKeyId: string): Promise<'removed' | 'absent' | 'not-ours'> {
    await this.discard(accessKeyId);
    const metadata = await this.#metadata();
    const isOurs = metadata !== null && this.#keyIn(metadata) === accessKeyId;
    if (isOurs) await this.#api.delete(this.#place);
    const isThere = metadata?.latest === 'readable';
    const { entry, revision } = await this.journal.read();
    const isOver = entry ? entry.phase !== 'intent' && entry.accessKeyId === accessKeyId : isOurs || !isThere;
    if (isOver) await this.journal.clear(revision);
    return isOurs ? 'removed' : isThere ? 'not-ours' : 'absent';
  }

  /**
   * Whose pair the next version is going to be is written down first: then the one write that makes it current also
   * makes it known, without anybody having to read it.
   */
  async #announce(accessKeyId: string, version: number): Promise<void> {
    const before = await this.#metadata();
    if ((before?.version ?? 0) !== version) throw this.#changedByOthers();
    await this.#api.writeCustomMetadata(this.#place, (before ?? NOTHING).withNext(accessKeyId));
    const after = await this.#metadata();
    if (after?.keys.get(version + 1) === accessKeyId) return;
    throw new DestinationError(
      `${this.title} does not keep custom metadata, which tells whose pair it is.`,
      'Vault keeps it from version 1.9 on, and OpenBao always.',
    );
  }

  async #write({ pair, version }: Staged): Promise<void> {
    const written = await this.#api.write(this.#place, pairData(this.#format, pair), version);
    if (written.version !== null) return;
    const after = await this.#metadata();
    if (written.isDoubtful && after?.version === version + 1) return;
    this.#lost.add(version + 1);
    // What somebody else wrote must not be taken for ours.
    if (after) await this.#api.writeCustomMetadata(this.#place, after.without(version + 1));
    throw this.#changedByOthers();
  }

  #keyIn(metadata: SecretMetadata): string | null {
    return this.#lost.has(metadata.version) ? null : metadata.accessKeyId;
  }

  #metadata(): Promise<SecretMetadata | null> {
    this.#place.assertValid();
    return this.#api.metadata(this.#place);
  }

  #changedByOthers(): DestinationError {
    return new DestinationError(
      `${this.title} was changed by somebody else and was not overwritten.`,
      'Move that value away or delete it, or choose another path.',
    );
  }

  #notStaged(accessKeyId: string): DestinationError {
    return new DestinationError(
      `The pair of key ${accessKeyId} is not pending at ${this.title}.`,
      'Apply again: a new key is made.',
    );
  }
}
