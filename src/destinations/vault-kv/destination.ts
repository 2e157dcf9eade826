import type { KeyPair } from '../../lifecycle/access-key.js';
import { DestinationError } from '../../lifecycle/destination.js';
import type { Delivery, Destination, Holding } from '../../lifecycle/destination.js';
import { markOf } from '../../lifecycle/journal/entry.js';
import { recordIn } from '../../lifecycle/snapshot.js';
import type { Secret } from '../../secret/secret.js';
import type { Format } from '../format.js';
import type { Patience } from '../patience.js';
import { assertWritable, vanishing } from './check.js';
import { Claims } from './claims.js';
import { VaultJournal } from './journal.js';
import { KvApi } from './kv-api.js';
import type { ApiOptions } from './kv-api.js';
import { pairData } from './pair-data.js';
import { PendingPair } from './pending-pair.js';
import type { Pending } from './pending-pair.js';
import { Place } from './place.js';
import { MissingMount } from './refusal.js';
import type { SecretMetadata } from './secret-metadata.js';
import type { Environment } from './settings.js';

export interface VaultKvOptions extends ApiOptions {
  readonly mount: string;
  readonly path: string;
  readonly format: Format;
}

/**
 * A secret of a KV v2 mount of Vault or OpenBao. Its custom metadata says whose the pair in it is, which is read only
 * where a run could not find out whether it wrote it.
 */
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
  readonly #claims: Claims;
  /** The version that was there when the situation was judged: only as judged may a value of others be replaced. */
  #judged: number | undefined;

  constructor(options: VaultKvOptions, env: Environment = process.env, patience?: Patience) {
    this.#api = new KvApi(options, env, patience);
    this.#place = new Place(options.mount, options.path);
    this.#format = options.format;
    this.#pending = new PendingPair(this.#api, this.#place.pending, options.format);
    this.#claims = new Claims(this.#api, this.#place, this.#pending);
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
    const metadata = await this.#settled();
    this.#judged = metadata?.version ?? 0;
    const current = metadata?.latest === 'readable' ? { accessKeyId: metadata.accessKeyId } : null;
    const pending = await this.#pending.read();
    const isPending = pending && pending.accessKeyId !== current?.accessKeyId;
    return { current, pending: isPending ? [pending.accessKeyId] : [] };
  }

  async stage(pair: KeyPair): Promise<void> {
    const metadata = await this.#settled();
    const current = metadata?.latest === 'readable' ? metadata.accessKeyId : undefined;
    if (current === pair.accessKeyId) return;
    if (current === null && metadata?.version !== this.#judged) throw this.#changedByOthers();
    if (metadata?.deletesAfter) throw vanishing(this.#place, `after ${metadata.deletesAfter}`);
    await this.#pending.write(pair, metadata?.version ?? 0);
  }

  async staged(accessKeyId: string): Promise<Secret | null> {
    return this.#pending.secret(accessKeyId);
  }

  async promote(accessKeyId: string): Promise<Delivery> {
    const metadata = await this.#metadata();
    const settled = metadata && (await this.#claims.settle(metadata));
    const isCurrent = settled?.latest === 'readable' && settled.accessKeyId === accessKeyId;
    if (!isCurrent) await this.#makeCurrent(accessKeyId, settled);
    else if (metadata?.openClaim) await this.#claims.write(settled);
    // The pair is delivered, whatever becomes of its copy: the next run takes that away.
    await this.#pending.delete(accessKeyId).catch(() => undefined);
    return { reference: this.reference, secret: null };
  }

  async discard(accessKeyId: string): Promise<void> {
    const metadata = await this.#metadata();
    if (metadata?.claim?.accessKeyId === accessKeyId) {
      // Before its copy goes, which proves whose the version is.
      await this.#claims.write((await this.#claims.settle(metadata)).withoutClaim());
    }
    await this.#pending.delete(accessKeyId);
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
    const metadata = await this.#settled();
    const isThere = metadata?.latest === 'readable';
    const isOurs = metadata?.accessKeyId === accessKeyId;
    if (isOurs) await this.#api.delete(this.#place);
    const record = await recordIn(this.journal);
    const isOver = record?.entry ? markOf(record.entry, accessKeyId) !== null : isOurs || !isThere;
    if (record && isOver) await this.journal.clear(record.revision);
    if (isOurs) return isThere ? 'removed' : 'absent';
    return isThere ? 'not-ours' : 'absent';
  }

  async #makeCurrent(accessKeyId: string, before: SecretMetadata | null): Promise<void> {
    const pending = await this.#pending.find(accessKeyId);
    if (!pending) throw this.#notStaged(accessKeyId);
    if (pending.deletedAt !== null) throw vanishing(this.#place, `at ${pending.deletedAt}`);
    if ((before?.version ?? 0) !== pending.follows) throw this.#changedByOthers();
    const claimed = await this.#claims.make(accessKeyId, before);
    await this.#claims.write(await this.#write(pending, claimed));
  }

  /** Answers the metadata in which the pair's version is confirmed. */
  async #write({ accessKeyId, text, follows }: Pending, claimed: SecretMetadata): Promise<SecretMetadata> {
    const written = await this.#api.write(this.#place, pairData(this.#format, text), follows);
    if (!written.isDoubtful) this.#claims.note(claimed.claim, written.version === null ? 'lost' : 'won');
    if (written.version !== null) return claimed.confirmed();
    const after = await this.#api.metadataOnce(this.#place, (seen) => (seen?.version ?? 0) > follows);
    const settled = after && (await this.#claims.settle(after));
    if (settled?.accessKeyId === accessKeyId) return settled;
    // What somebody else wrote must not be taken for ours.
    if (settled) await this.#claims.write(settled.withoutClaim());
    throw this.#changedByOthers();
  }

  async #settled(): Promise<SecretMetadata | null> {
    const metadata = await this.#metadata();
    return metadata && this.#claims.settle(metadata);
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
