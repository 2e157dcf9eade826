import type { KeyPair } from '../../lifecycle/access-key.js';
import { DestinationError } from '../../lifecycle/destination.js';
import type { Secret } from '../../secret/secret.js';
import { renderPair, wholePairIn } from '../format.js';
import type { Format } from '../format.js';
import { vanishing } from './check.js';
import type { KvApi } from './kv-api.js';
import type { Place } from './place.js';

export interface Pending {
  readonly accessKeyId: string;
  /** The version of the pair's own secret that it is to replace. */
  readonly follows: number;
  readonly text: string;
}

/** As it lies there. */
export interface Found extends Pending {
  /** When Vault deletes it by itself; null where it stays. */
  readonly deletedAt: string | null;
}

/**
 * The pair that is not promoted. A version is current as soon as it is written, so it lies in a secret of its own
 * beside the pair's; the journal sees to it that there is one at a time.
 */
export class PendingPair {
  constructor(
    private readonly api: KvApi,
    private readonly place: Place,
    private readonly format: Format,
  ) {}

  async read(): Promise<Found | null> {
    const content = await this.api.data(this.place);
    const { accessKeyId, follows, text } = (content?.data ?? {}) as Partial<Pending>;
    const isWhole = accessKeyId !== undefined && typeof follows === 'number' && text !== undefined;
    return isWhole ? { accessKeyId, follows, text, deletedAt: content?.deletedAt ?? null } : null;
  }

  async find(accessKeyId: string): Promise<Found | null> {
    const pending = await this.read();
    return pending?.accessKeyId === accessKeyId ? pending : null;
  }

  async write(pair: KeyPair, follows: number): Promise<void> {
    const { accessKeyId } = pair;
    const present = await this.api.data(this.place);
    const pending: Pending = { accessKeyId, follows, text: renderPair(this.format, pair) };
    const written = await this.api.write(this.place, pending, present?.version ?? 0);
    const { version, isDoubtful, deletedAt } = written;
    if (deletedAt !== null) throw vanishing(this.place, `at ${deletedAt}`);
    if (version !== null || (isDoubtful && (await this.find(accessKeyId)))) return;
    throw new DestinationError(
      `Another run is writing ${this.place.name} in Vault.`,
      'Wait until it has ended, then apply again.',
    );
  }

  /** Null where none of that key is there as it was written. */
  async secret(accessKeyId: string): Promise<Secret | null> {
    const pending = await this.find(accessKeyId);
    const pair = pending && wholePairIn(this.format, pending.text);
    return pair?.accessKeyId === accessKeyId ? pair.secretAccessKey : null;
  }

  async delete(accessKeyId: string): Promise<void> {
    if (await this.find(accessKeyId)) await this.api.delete(this.place);
  }
}
