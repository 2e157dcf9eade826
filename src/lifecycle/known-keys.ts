import type { FreshPair } from './acceptance.js';
import type { AccessKey } from './access-key.js';
import type { LateWindow, UnlistedKey } from './journal/entry.js';
import type { Listing } from './ports.js';

/** What a process knows at one moment. */
export interface KnownView {
  /** Whether some resource of this process has the key of that ID in its state, or has made it. */
  readonly ours: Pick<ReadonlySet<string>, 'has'>;
  /** Whether its resource is removed, and the key with it. */
  readonly removed: Pick<ReadonlySet<string>, 'has'>;
}

/**
 * The keys that this process can account for. One provider process serves many resources, also of one bucket:
 * what one of them has made or has in its state is no leftover.
 */
export class KnownKeys {
  readonly #inState = new Set<string>();
  readonly #made = new Set<string>();
  readonly #kept = new Set<string>();
  readonly #successors = new Map<string, string | null>();
  readonly #announced = new Set<string>();
  readonly #delivered = new Map<string, string>();
  readonly #listed = new Set<string>();
  readonly #unlisted = new Map<string, Date>();
  /** Of keys that were unlisted once, of deleted ones, and of those that are given up. */
  readonly #bucketOf = new Map<string, string>();
  readonly #deleted = new Set<string>();
  readonly #givenUp = new Map<string, Date>();
  readonly #fresh = new Map<string, FreshPair>();
  readonly #triedAt = new Map<string, Date>();
  readonly #leftOpen = new Map<string, LateWindow>();
  /** By the last list. */
  #asOf = new Date();

  /** A list has shown these keys: from now on one without them says something. */
  listed(keys: readonly Pick<AccessKey, 'id'>[], asOf?: Date): void {
    if (asOf) this.#asOf = asOf;
    for (const { id } of keys) {
      this.#listed.add(id);
      this.#unlisted.delete(id);
      this.#givenUp.delete(id);
    }
  }

  /** The key was made then, and no list has shown it so far. */
  notListed(accessKeyId: string, madeAt: Date): void {
    if (!this.#listed.has(accessKeyId)) this.#unlisted.set(accessKeyId, madeAt);
  }

  /** When a key was made that no list has shown yet; null for every other one. */
  unlistedSince(accessKeyId: string): Date | null {
    return this.#unlisted.get(accessKeyId) ?? this.#givenUp.get(accessKeyId) ?? null;
  }

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

  /** A resource of this process manages the key. */
  isAccountedFor(accessKeyId: string): boolean {
    return this.has(accessKeyId) || this.#announced.has(accessKeyId);
  }

  /** Its resource's state says that it has put the key's pair there. */
  delivered(accessKeyId: string, reference: string): void {
    this.#delivered.set(accessKeyId, reference);
  }

  readonly wasDeliveredTo = (accessKeyId: string, reference: string | null): boolean =>
    reference !== null && this.#delivered.get(accessKeyId) === reference;

  /** Its resource keeps the key, so far as is planned: no other resource's pair may take its place. */
  keep(accessKeyId: string): void {
    this.#kept.add(accessKeyId);
  }

  /**
   * Its own resource is to have another key instead. `inPlaceOf`: the key that the other one follows where the resource
   * stays; null where the resource itself is made anew.
   */
  release(accessKeyId: string, inPlaceOf: string | null): void {
    this.#kept.delete(accessKeyId);
    this.#successors.set(accessKeyId, inPlaceOf);
  }

  /**
   * A key of a prior state may be followed by its own resource's next one; a key of another resource's may not.
   * `inPlaceOf`: the key that the new one follows; undefined for a resource without a state.
   */
  mayBeReplaced(accessKeyId: string, inPlaceOf: string | undefined): boolean {
    const isOwn = accessKeyId === inPlaceOf || (this.#successors.get(accessKeyId) ?? undefined) === inPlaceOf;
    return (
      isOwn && this.#inState.has(accessKeyId) && !this.#made.has(accessKeyId) && !this.#kept.has(accessKeyId)
    );
  }

  /** The answer that made the key, the state or the journal prove it: lists of the bucket may not show it yet. */
  expects(bucket: string, accessKeyId: string, madeAt: Date): void {
    if (this.#deleted.has(accessKeyId) || this.#givenUp.has(accessKeyId)) return;
    this.#bucketOf.set(accessKeyId, bucket);
    this.notListed(accessKeyId, madeAt);
  }

  /** The same of all keys that an entry of a journal proves. */
  expectsAll(keys: readonly UnlistedKey[]): void {
    for (const { bucket, id, madeAt } of keys) this.expects(bucket, id, madeAt);
  }

  /** Keys that no list of the bucket has shown so far, with the times at which they were made. */
  expectedOn(bucket: string): readonly (readonly [id: string, madeAt: Date])[] {
    return [...this.#unlisted].filter(([id]) => this.#bucketOf.get(id) === bucket);
  }

  /** By its age, a list would have shown it: it is gone. */
  givesUp(accessKeyId: string): void {
    this.#unlisted.delete(accessKeyId);
  }

  /** Some list did not show the key, in this process or in the one that wrote of it. */
  wasUnlisted(accessKeyId: string): boolean {
    return this.#bucketOf.has(accessKeyId) && !this.#deleted.has(accessKeyId);
  }

  /** S3 has accepted its pair in this process for the first time. */
  acceptedByS3(fresh: FreshPair): void {
    const { accessKeyId } = fresh.pair;
    this.#fresh.set(accessKeyId, fresh);
    this.tried(accessKeyId, this.#asOf);
  }

  /** S3 has done so again, after a while. */
  settled(accessKeyId: string): void {
    this.#fresh.delete(accessKeyId);
    this.tried(accessKeyId, this.#asOf);
  }

  /** This provider has used the key then, in this process or in an earlier one. */
  tried(accessKeyId: string, at: Date): void {
    this.#triedAt.set(accessKeyId, at);
  }

  /** By the service's time; null where this provider is not known to have used the key. */
  triedAt(accessKeyId: string): Date | null {
    return this.#triedAt.get(accessKeyId) ?? null;
  }

  /** Living keys that S3 has accepted only once. */
  freshOn(bucket: string): readonly FreshPair[] {
    return [...this.#fresh.values()].filter(({ pair }) => pair.bucket === bucket);
  }

  /** This process has deleted the key: whatever a list still shows, it takes no slot and has no owner. */
  deleted(bucket: string, accessKeyId: string): void {
    this.#deleted.add(accessKeyId);
    this.#fresh.delete(accessKeyId);
    this.#bucketOf.set(accessKeyId, bucket);
    this.#unlisted.delete(accessKeyId);
  }

  /** AWS has accepted its deletion, and no list has ever shown it: no list is expected to, and it takes no slot. */
  deletedUnseen(bucket: string, accessKeyId: string): void {
    this.#givenUp.set(accessKeyId, this.#unlisted.get(accessKeyId) ?? this.#asOf);
    this.#bucketOf.set(accessKeyId, bucket);
    this.#unlisted.delete(accessKeyId);
  }

  /** A pair that was removed has left this at its destination: the key after it may be delivered elsewhere. */
  leavesOpen(bucket: string, lateWindow: LateWindow): void {
    this.#leftOpen.set(bucket, lateWindow);
  }

  /** What the next key on the bucket has to look out for, wherever its pair lies. */
  leftOpenOn(bucket: string): LateWindow | null {
    return this.#leftOpen.get(bucket) ?? null;
  }

  isDeleted(accessKeyId: string): boolean {
    return this.#deleted.has(accessKeyId);
  }

  hasDeletedOn(bucket: string): boolean {
    return [...this.#deleted, ...this.#givenUp.keys()].some((id) => this.#bucketOf.get(id) === bucket);
  }
}

/** The keys that are neither declared nor looked after by this run. */
export function unmanagedKeys(
  listing: Listing,
  declared: readonly string[],
  known: Pick<KnownKeys, 'isAccountedFor'>,
): AccessKey[] {
  return listing.keys.filter(({ id }) => !declared.includes(id) && !known.isAccountedFor(id));
}
