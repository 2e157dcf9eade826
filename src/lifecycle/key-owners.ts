/** What its plan makes of a key that a resource has in its state. */
export type Fate =
  /** It was read, and is not planned so far. */
  | 'read'
  | 'kept'
  /** Another takes its place, at once or after an overlap. */
  | 'replaced'
  /** The resource is removed, and the key with it. */
  | 'removed';

/** One resource, by the keys of its state. */
export interface Owner {
  /** Which resource it is, wherever its address: two of one key differ in it. Null where nobody has written it down. */
  readonly resource: string | null;
  readonly keys: readonly string[];
  /** Where the current key's pair is; null where no other resource's could take its place. */
  readonly place: string | null;
}

/** What stands against the plan of a resource whose key another one has, too. */
export type Conflict =
  /** A resource without a state has the same destination. */
  | 'wanted'
  /** The other one's plan deletes the key, or puts another in its place. */
  | 'goes'
  /** The other one comes to have it by an import of this plan. */
  | 'imported'
  /** This plan would delete what the other one keeps. */
  | 'withheld'
  /** Both keep it. */
  | 'shared';

interface Succession {
  readonly place: string | null;
  readonly keys: readonly string[];
}

/**
 * Which resources of this process have a key in their states, and what their plans make of it. Terraform plans in any
 * order and gives no addresses, so whichever of two resources is planned second is told what the first one does.
 */
export class KeyOwners {
  readonly #fates = new Map<string, Map<string | null, Fate>>();
  readonly #importers = new Map<string, string>();
  readonly #places = new Map<string, Set<string>>();
  #successions: readonly Succession[] = [];

  read({ resource, keys }: Omit<Owner, 'place'>): void {
    for (const key of keys) if (!this.#of(key).has(resource)) this.#of(key).set(resource, 'read');
  }

  plans(resource: string | null, key: string, fate: Exclude<Fate, 'read'>): void {
    this.#of(key).set(resource, fate);
  }

  /** Answers whether the key is free to be imported: nobody's plan has made anything of it. */
  imports(resource: string, key: string): boolean {
    if ([...this.#of(key).values()].some((fate) => fate !== 'read')) return false;
    this.#of(key).set(resource, 'read');
    this.#importers.set(key, resource);
    return true;
  }

  /** The pair of a key of some state is at this place. */
  liesAt(place: string, key: string): void {
    this.#places.set(place, (this.#places.get(place) ?? new Set()).add(key));
  }

  /** The keys of that place that a resource which is made anew gives up for its next one. */
  predecessorsAt(place: string, resource: string | null): readonly string[] {
    const keys = this.removedFrom(place) === null ? [...(this.#places.get(place) ?? [])] : [];
    return keys.filter((key) => !this.#others(resource, key).includes('kept'));
  }

  /** A key of that place where all of them are removed: what is to be there next has another address. */
  removedFrom(place: string): string | null {
    const keys = [...(this.#places.get(place) ?? [])];
    return keys.every((key) => this.isRemoved(key)) ? (keys[0] ?? null) : null;
  }

  keysOf(resource: string | null): readonly string[] {
    if (resource === null) return [];
    return [...this.#fates].filter(([, fates]) => fates.has(resource)).map(([key]) => key);
  }

  isRemoved(key: string): boolean {
    return [...this.#of(key).values()].includes('removed');
  }

  /** A resource without a state is planned at this place, and these keys' pairs are there. */
  isToFollow(place: string | null, keys: readonly string[]): void {
    this.#successions = [...this.#successions, { place, keys }];
  }

  /**
   * Keys are made, so every plan has passed: whom a removal meets from now on as a follower is the same resource, which
   * was made anew before its old object goes.
   */
  beginsToMake(): void {
    this.#successions = [];
  }

  /** What another resource's plan says against this one's for one of its keys. `goes`: this plan gives the key up. */
  conflict(resource: string | null, key: string, goes: boolean): Conflict | null {
    // Whoever has a key that this resource imports says so.
    if (resource !== null && this.#importers.get(key) === resource) return null;
    if (this.#isImportedBeside(resource, key)) return 'imported';
    if (this.#successions.some(({ keys }) => keys.includes(key))) return 'wanted';
    const others = this.#others(resource, key);
    if (others.some((fate) => fate === 'removed' || fate === 'replaced')) return 'goes';
    if (!others.includes('kept')) return null;
    return goes ? 'withheld' : 'shared';
  }

  /** A resource is removed with its keys. Answers the one that another resource's plan needs, and how. */
  remove({ resource, keys, place }: Owner): { readonly key: string; readonly conflict: Conflict } | null {
    for (const key of keys) this.plans(resource, key, 'removed');
    for (const key of keys) {
      const others = this.#others(resource, key);
      if (this.#isImportedBeside(resource, key)) return { key, conflict: 'imported' };
      // Two that are removed both delete it: the second one finds it gone.
      if (others.includes('kept') || others.includes('replaced')) return { key, conflict: 'withheld' };
      if (this.#isFollowed(key, place)) return { key, conflict: 'wanted' };
    }
    return null;
  }

  #isFollowed(key: string, place: string | null): boolean {
    return this.#successions.some((one) => {
      const isHere = one.keys.includes(key) || (place !== null && one.place === place);
      // Where another key of that place stays, the new resource may be a replacement of its own.
      const isOnlyOne =
        one.place === null || !this.#places.has(one.place) || this.removedFrom(one.place) !== null;
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
