import type { AwsAccess } from '../../aws/access.js';

/** AWS asks to wait so long before the name of a deleted parameter is used again. */
const LONGEST_LAG = 30_000;

/** One version of a parameter, which no other parameter of the same name has had. */
export interface Stamped {
  readonly version: number;
  /** Milliseconds. */
  readonly modified: number;
}

interface Deletion {
  readonly at: number;
  readonly stamps: ReadonlySet<string>;
  /** The last version, where it was written here and not looked at: its time is not known. 0 for none. */
  readonly unseen: number;
}

/** `gone`: what it shows is what was deleted here. `behind`: it does not show yet what was written here. */
export type View = 'present' | 'gone' | 'behind';

/**
 * What this process has lately done to parameters, by name. Parameter Store may tell what was there before a change
 * for some time after it has taken it, so a look is believed only where it fits with that.
 */
export class RecentChanges {
  readonly #seen = new Map<string, readonly string[]>();
  readonly #written = new Map<string, { readonly at: number; readonly version: number }>();
  readonly #deleted = new Map<string, Deletion>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Of everything in this process that goes the same way to AWS: a key is destroyed and made again by two calls. */
  static of(access: AwsAccess): RecentChanges {
    const present = BY_ACCESS.get(access) ?? new RecentChanges();
    BY_ACCESS.set(access, present);
    return present;
  }

  wrote(name: string, version: number): void {
    this.#written.set(name, { at: this.now(), version });
  }

  deleted(name: string): void {
    const seen = this.#seen.get(name) ?? [];
    const written = this.#written.get(name)?.version ?? 0;
    const isSeen = seen.some((stamp) => stamp.startsWith(`${written} `));
    const stamps = new Set([...(this.#deleted.get(name)?.stamps ?? []), ...seen]);
    this.#deleted.set(name, { at: this.now(), stamps, unseen: isSeen ? 0 : written });
    this.#written.delete(name);
  }

  /** Deleted here, and not written here since. */
  isDeleted(name: string): boolean {
    return !this.#recent(this.#written, name) && this.#recent(this.#deleted, name) !== null;
  }

  /** What to make of a look at a parameter; `versions` are those that it shows, the latest one last. */
  judge(name: string, versions: readonly Stamped[]): View {
    const stamps = versions.map(({ version, modified }) => `${version} ${modified}`);
    const deletion = this.#recent(this.#deleted, name);
    const shown = versions.at(-1)?.version ?? 0;
    const written = this.#recent(this.#written, name)?.version ?? 0;
    // A parameter that is made again counts from 1, so below it a version of that number is still the deleted one.
    const isUnseen = shown > written && shown === deletion?.unseen;
    const isGone = isUnseen || stamps.some((stamp) => deletion?.stamps.has(stamp));
    const latest = isGone ? 0 : shown;
    if (latest < written) return 'behind';
    if (isGone) return 'gone';
    this.#seen.set(name, stamps);
    return 'present';
  }

  #recent<Change extends { readonly at: number }>(
    changes: ReadonlyMap<string, Change>,
    name: string,
  ): Change | null {
    const change = changes.get(name);
    return change && this.now() - change.at < LONGEST_LAG ? change : null;
  }
}

const BY_ACCESS = new WeakMap<AwsAccess, RecentChanges>();
