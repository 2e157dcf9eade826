import type { AccessKey } from './access-key.js';

/** What a process knows at one moment. */
export interface KnownView {
  /** Whether some resource of this process has the key of that ID in its state, or has made it. */
  readonly ours: Pick<ReadonlySet<string>, 'has'>;
  /** Whether its resource is removed, and the key with it. */
  readonly removed: Pick<ReadonlySet<string>, 'has'>;
}

/** A key that is proven to exist, and that no list has shown so far. */
export interface Unlisted extends Pick<AccessKey, 'id' | 'createdAt'> {
  readonly bucket: string;
}

/**
 * The keys that this process can account for. One provider process serves many resources, also of one bucket:
 * what one of them has made or has in its state is nobody's leftover.
 */
export class KnownKeys {
  readonly #inState = new Set<string>();
  readonly #made = new Set<string>();
  readonly #kept = new Set<string>();
  readonly #announced = new Set<string>();
  readonly #unlisted = new Map<string, Unlisted>();
  readonly #listedLate = new Set<string>();
  readonly #deleted = new Map<string, string>();

  /** Some resource's prior state holds the key. */
  sawInState(accessKeyId: string): void {
    this.#inState.add(accessKeyId);
  }

  /** This process has made the key. */
  made(accessKeyId: string): void {
    this.#made.add(accessKeyId);
  }

  has(accessKeyId: string): boolean {
    return this.#inState.has(accessKeyId) || this.#made.has(accessKeyId);
  }

  /** A plan has said what becomes of a key that is in no state: it is taken over, finished or deleted. */
  announced(accessKeyId: string): void {
    this.#announced.add(accessKeyId);
  }

  /** Somebody of this process looks after the key. */
  isAccountedFor(accessKeyId: string): boolean {
    return this.has(accessKeyId) || this.#announced.has(accessKeyId);
  }

  /** Its resource keeps the key, so far as is planned: no other resource's pair may take its place. */
  keep(accessKeyId: string): void {
    this.#kept.add(accessKeyId);
  }

  /** Its own resource is to have another key instead. */
  release(accessKeyId: string): void {
    this.#kept.delete(accessKeyId);
  }

  /** A key of a prior state may be followed by its own resource's next one; a key of another resource's may not. */
  mayBeReplaced(accessKeyId: string): boolean {
    return this.#inState.has(accessKeyId) && !this.#made.has(accessKeyId) && !this.#kept.has(accessKeyId);
  }

  /** The answer that made the key, the state or the journal prove it, and no list has shown it when they were written. */
  expects({ bucket, id, createdAt }: Unlisted): void {
    if (this.#listedLate.has(id) || this.#deleted.has(id)) return;
    this.#unlisted.set(id, { bucket, id, createdAt });
  }

  /** A list has shown the key, or should have by its age. */
  noLongerExpects(accessKeyId: string): void {
    if (this.#unlisted.delete(accessKeyId)) this.#listedLate.add(accessKeyId);
  }

  /** Of these IDs, or of all on a bucket: those that no list has shown yet. */
  unlisted(which: readonly string[] | { readonly bucket: string }): Unlisted[] {
    return [...this.#unlisted.values()].filter(({ id, bucket }) =>
      'bucket' in which ? bucket === which.bucket : which.includes(id),
    );
  }

  isUnlisted(accessKeyId: string): boolean {
    return this.#unlisted.has(accessKeyId);
  }

  /** The same when this process began. */
  wasUnlisted(accessKeyId: string): boolean {
    return this.#unlisted.has(accessKeyId) || this.#listedLate.has(accessKeyId);
  }

  /** This process has deleted the key: whatever a list still shows, it takes no slot and is nobody's. */
  deleted(bucket: string, accessKeyId: string): void {
    this.#deleted.set(accessKeyId, bucket);
    this.#unlisted.delete(accessKeyId);
  }

  isDeleted(accessKeyId: string): boolean {
    return this.#deleted.has(accessKeyId);
  }

  hasDeletedOn(bucket: string): boolean {
    return [...this.#deleted.values()].includes(bucket);
  }
}
