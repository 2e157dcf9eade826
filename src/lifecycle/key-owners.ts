/** What its plan makes of a key that a resource has in its state. */
export type Fate =
  /** It was read, and is not planned so far. */
  | 'read'
  | 'kept'
  /** Another takes its destination, at once or after an overlap. */
  | 'replaced'
  /** The resource is removed, and the key with it. */
  | 'removed';

/** One resource, by the keys of its state. */
export interface Owner {
  /** Which resource it is, wherever its address: two of one key differ in it. Null where it was not written down. */
  readonly resource: string | null;
  readonly keys: readonly string[];
  /** Where the current key's pair is; null where no other resource's could take its place. */
  readonly destination: string | null;
}

/** What stands against the plan of a resource whose key another one has, too. */
export type Conflict =
  /** A resource without a state has the same destination. */
  | 'wanted'
  /** The other one's plan deletes the key, or puts another in its place. */
  | 'deleted'
  /** The other one comes to have it by an import of this plan. */
  | 'imported'
  /** The same, where a plan of the last day was to replace the key: it may be one resource. */
  | 'replaced'
  /** This plan would delete what the other one keeps. */
  | 'withheld'
  /** Both keep it. */
  | 'shared';

interface Succession {
  readonly destination: string | null;
  readonly keys: readonly string[];
  /** It may be the same resource, made anew. */
  readonly isReplacement: boolean;
}

/**
 * Which resources of this process have a key in their states, and what their plans make of it. Terraform plans in any
 * order and gives no addresses, so whichever of two resources is planned second is told what the first one does.
 */
export class KeyOwners {
  readonly #fates = new Map<string, Map<string | null, Fate>>();
  readonly #importers = new Map<string, string>();
  readonly #destinations = new Map<string, Set<string>>();
  #successions: readonly Succession[] = [];

  read({ resource, keys }: Omit<Owner, 'destination'>): void {
    for (const key of keys) if (!this.#of(key).has(resource)) this.#of(key).set(resource, 'read');
  }

  plans(resource: string | null, key: string, fate: Exclude<Fate, 'read'>): void {
    this.#of(key).set(resource, fate);
  }

  /** Answers whether the key is free to be imported: no plan has made anything of it. */
  imports(resource: string, key: string): boolean {
    if ([...this.#of(key).values()].some((fate) => fate !== 'read')) return false;
    this.#of(key).set(resource, 'read');
    this.#importers.set(key, resource);
    return true;
  }

  /** The pair of a key of some state is at this place. */
  liesAt(destination: string, key: string): void {
    this.#destinations.set(destination, (this.#destinations.get(destination) ?? new Set()).add(key));
  }

  /** The keys of that place that a resource which is made anew gives up for its next one. */
  predecessorsAt(destination: string, resource: string | null): readonly string[] {
    const keys =
      this.removedFrom(destination) === null ? [...(this.#destinations.get(destination) ?? [])] : [];
    return keys.filter((key) => !this.#others(resource, key).includes('kept'));
  }

  /** A key of that place where all of them are removed: what is to be there next has another address. */
  removedFrom(destination: string): string | null {
    const keys = [...(this.#destinations.get(destination) ?? [])];
    return keys.every((key) => this.isRemoved(key)) ? (keys[0] ?? null) : null;
  }

  keysOf(resource: string | null): readonly string[] {
    if (resource === null) return [];
    return [...this.#fates].filter(([, fates]) => fates.has(resource)).map(([key]) => key);
  }

  isRemoved(key: string): boolean {
    return [...this.#of(key).values()].includes('removed');
  }

  /** A resource without a state is planned at this destination, and these keys' pairs are there. */
  isToFollow(succession: Succession): void {
    this.#successions = [...this.#successions, succession];
  }

  /**
   * Keys are made, so every plan has passed: whom a removal meets from now on as a follower is the same resource, which
   * was made anew before its old object goes.
   */
  beginsToMake(): void {
    this.#successions = [];
  }

  /** What another resource's plan says against this one's for one of its keys. `isDeleted`: this plan gives the key up. */
  conflict(resource: string | null, key: string, isDeleted: boolean): Conflict | null {
    // Whoever has a key that this resource imports says so.
    if (resource !== null && this.#importers.get(key) === resource) return null;
    if (this.#isImportedBeside(resource, key)) return 'imported';
    if (this.#successions.some((one) => !one.isReplacement && one.keys.includes(key))) return 'wanted';
    const others = this.#others(resource, key);
    if (others.some((fate) => fate === 'removed' || fate === 'replaced')) return 'deleted';
    if (!others.includes('kept')) return null;
    return isDeleted ? 'withheld' : 'shared';
  }

  /** A resource is removed with its keys. Answers the one that another resource's plan needs, and how. */
  remove({
    resource,
    keys,
    destination,
  }: Owner): { readonly key: string; readonly conflict: Conflict } | null {
    for (const key of keys) this.plans(resource, key, 'removed');
    // It stands against nothing, so it is answered only where nothing else is.
    let replaced: { readonly key: string; readonly conflict: Conflict } | null = null;
    for (const key of keys) {
      const others = this.#others(resource, key);
      if (this.#isImportedBeside(resource, key)) return { key, conflict: 'imported' };
      // Two that are removed both delete it: the second one finds it gone.
      if (others.includes('kept') || others.includes('replaced')) return { key, conflict: 'withheld' };
      const followers = this.#followersOf(key, destination);
      if (followers.some(({ isReplacement }) => !isReplacement)) return { key, conflict: 'wanted' };
      if (followers.length > 0) replaced ??= { key, conflict: 'replaced' };
    }
    return replaced;
  }

  #followersOf(key: string, destination: string | null): readonly Succession[] {
    return this.#successions.filter((one) => {
      const isHere = one.keys.includes(key) || (destination !== null && one.destination === destination);
      // Where another key of that place stays, the new resource may be a replacement of its own.
      const isOnlyOne =
        one.destination === null ||
        !this.#destinations.has(one.destination) ||
        this.removedFrom(one.destination) !== null;
      return isHere && isOnlyOne;
    });
  }

  #isImportedBeside(resource: string | null, key: string): boolean {
    return (this.#importers.get(key) ?? resource) !== resource;
  }

  #others(resource: string | null, key: string): Fate[] {
    return [...this.#of(key)].filter(([other]) => other !== resource).map(([, fate]) => fate);
  }

  #of(key: string): Map<string | null, Fate> {
    const fates = this.#fates.get(key) ?? new Map<string | null, Fate>();
    this.#fates.set(key, fates);
    return fates;
  }
}
