import type { KeyPair } from '../../lifecycle/access-key.js';
import { DestinationError } from '../../lifecycle/destination.js';
import type { Delivery, Destination, Holding } from '../../lifecycle/destination.js';
import type { Secret } from '../../secret/secret.js';
import type { Format } from '../format.js';
import type { Patience } from '../patience.js';
import { assertWritable } from './check.js';
import { VaultJournal } from './journal.js';
import { KvApi } from './kv-api.js';
import { pairData } from './pair-data.js';
import { PendingPair } from './pending-pair.js';
import type { Pending } from './pending-pair.js';
import { Place } from './place.js';
import { MissingMount } from './refusal.js';
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

/** A secret of a KV v2 mount of Vault or OpenBao. The pair in it is never read: its custom metadata says whose it is. */
export class VaultKvDestination implements Destination {
  readonly title: string;
  readonly form: string;
  readonly reference: string;
  readonly journal: VaultJournal;
  readonly keepsChanged =
    'as an earlier version, as long as the mount keeps those and until the key is destroyed';
  readonly #api: KvApi;
  readonly #place: Place;
  readonly #format: Format;
  readonly #pending: PendingPair;
  /** The version that was there when the situation was judged: only as judged may a value of others be replaced. */
  #judged: number | undefined;
  /** Versions that were announced for a pair and went to another writer. */
  readonly #lost = new Set<number>();

  constructor(options: VaultKvOptions, env: Environment = process.env, patience?: Patience) {
    this.#api = new KvApi(options, env, patience);
    this.#place = new Place(options.mount, options.path);
    this.#format = options.format;
    this.#pending = new PendingPair(this.#api, this.#place.pending, options.format);
    const { namespace } = this.#api;
    this.form = options.format;
    this.title = `Vault secret ${this.#place.name}${namespace ? ` (namespace ${namespace})` : ''}`;
    this.reference = this.#place.nameIn(namespace);
    this.journal = new VaultJournal(this.#api, this.#place.journal);
  }

  async check(): Promise<void> {
    this.#place.assertValid();
    await assertWritable(this.#api, this.#place);
  }

  async read(): Promise<Holding> {
    const metadata = await this.#metadata();
    this.#judged = metadata?.version ?? 0;
    const current = metadata?.latest === 'readable' ? { accessKeyId: this.#keyIn(metadata) } : null;
    const pending = await this.#pending.read();
    const isPending = pending && pending.accessKeyId !== current?.accessKeyId;
    return { current, pending: isPending ? [pending.accessKeyId] : [] };
  }

  async stage(pair: KeyPair): Promise<void> {
    const metadata = await this.#metadata();
    const current = metadata?.latest === 'readable' ? this.#keyIn(metadata) : undefined;
    if (current === pair.accessKeyId) return;
    if (current === null && metadata?.version !== this.#judged) throw this.#changedByOthers();
    await this.#pending.write(pair, metadata?.version ?? 0);
  }

  async staged(accessKeyId: string): Promise<Secret | null> {
    return this.#pending.secret(accessKeyId);
  }

  async promote(accessKeyId: string): Promise<Delivery> {
    const metadata = await this.#metadata();
    if (metadata?.latest !== 'readable' || this.#keyIn(metadata) !== accessKeyId) {
      const pending = await this.#pending.find(accessKeyId);
      if (!pending) throw this.#notStaged(accessKeyId);
      if ((metadata?.version ?? 0) !== pending.follows) throw this.#changedByOthers();
      await this.#announce(accessKeyId, metadata);
      await this.#write(pending);
    }
    // The pair is delivered, whatever becomes of its copy: the next run takes that away.
    await this.#pending.delete(accessKeyId).catch(() => undefined);
    return { reference: this.reference, secret: null };
  }

  async discard(accessKeyId: string): Promise<void> {
    await this.#pending.delete(accessKeyId);
    const metadata = await this.#metadata();
    const isAnnounced = metadata?.keys.get(metadata.version + 1) === accessKeyId;
    if (isAnnounced) await this.#api.writeCustomMetadata(this.#place, metadata.withNext(null));
  }

  async remove(accessKeyId: string): Promise<'removed' | 'absent' | 'not-ours'> {
    try {
      return await this.#remove(accessKeyId);
    } catch (error) {
      if (error instanceof MissingMount) return 'absent';
      throw error;
    }
  }

  async #remove(accessKeyId: string): Promise<'removed' | 'absent' | 'not-ours'> {
    await this.discard(accessKeyId);
    const metadata = await this.#metadata();
    const isThere = metadata?.latest === 'readable';
    const isOurs = metadata !== null && this.#keyIn(metadata) === accessKeyId;
    if (isOurs) await this.#api.delete(this.#place);
    const { entry, revision } = await this.journal.read();
    const isOver = entry ? entry.phase !== 'intent' && entry.accessKeyId === accessKeyId : isOurs || !isThere;
    if (isOver) await this.journal.clear(revision);
    if (isOurs) return isThere ? 'removed' : 'absent';
    return isThere ? 'not-ours' : 'absent';
  }

  /**
   * Whose pair the next version is going to be is written down first: then the one write that makes it current also
   * makes it known, without anybody having to read it.
   */
  async #announce(accessKeyId: string, before: SecretMetadata | null): Promise<void> {
    const version = before?.version ?? 0;
    await this.#api.writeCustomMetadata(this.#place, (before ?? NOTHING).withNext(accessKeyId));
    const after = await this.#metadata();
    if (after?.keys.get(version + 1) === accessKeyId) return;
    throw new DestinationError(
      `${this.title} does not keep custom metadata, which tells whose pair it is.`,
      'Vault keeps it from version 1.9 on, and OpenBao always.',
    );
  }

  async #write({ text, follows: version }: Pending): Promise<void> {
    const written = await this.#api.write(this.#place, pairData(this.#format, text), version);
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
