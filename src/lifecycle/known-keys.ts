/** What a process knows at one moment. */
export interface KnownView {
  /** Whether some resource of this process has the key of that ID in its state, or has made it. */
  readonly ours: Pick<ReadonlySet<string>, 'has'>;
  /** Whether its resource is removed, and the key with it. */
  readonly removed: Pick<ReadonlySet<string>, 'has'>;
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
}
