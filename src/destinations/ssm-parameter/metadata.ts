import type { ParameterHistory, ParameterMetadata } from '@aws-sdk/client-ssm';

/** One version of a parameter, which no other parameter of the same name has had. */
export interface Stamped {
  readonly version: number;
  /** Milliseconds. */
  readonly modified: number;
}

/** A parameter without its value: what DescribeParameters tells. */
export interface Parameter extends Stamped {
  readonly name: string;
  readonly type: string;
  readonly tier: string;
  /** The key whose pair it holds; null for any other content. */
  readonly accessKeyId: string | null;
  /** Of a pending pair: the version of the pair's parameter that it is to replace. */
  readonly follows: number | null;
}

export interface Revision extends Stamped {
  readonly value: string;
}

export function parameterFrom(metadata: ParameterMetadata): Parameter {
  const { Name, Version = 0, Type, Tier, Description, LastModifiedDate } = metadata;
  const isSecure = Type === 'SecureString';
  return {
    name: Name ?? '',
    version: Version,
    modified: LastModifiedDate?.getTime() ?? 0,
    type: Type ?? '',
    tier: Tier ?? '',
    accessKeyId: isSecure ? keyDescribed(Description, Version) : null,
    follows: isSecure ? versionToFollow(Description) : null,
  };
}

export function revisionFrom({ Version = 0, Value = '', LastModifiedDate }: ParameterHistory): Revision {
  return { version: Version, value: Value, modified: LastModifiedDate?.getTime() ?? 0 };
}

const DESCRIPTION = /^Lightsail access key ([A-Z0-9]{16,128}), version (\d+)\b/;

/**
 * Whose pair a version holds stands in the parameter's description, which PutParameter writes together with the value
 * and DescribeParameters tells without it. Somebody else's value keeps our description (AWS takes over what a writer
 * leaves out), but not our version.
 */
export function describePair(accessKeyId: string, version: number): string {
  return `Lightsail access key ${accessKeyId}, version ${version}; written by cdktf-lightsail-access-key`;
}

/** The key whose pair is the present version; null for anything else. */
function keyDescribed(description: string | undefined, version: number): string | null {
  const [, accessKeyId, described] = DESCRIPTION.exec(description ?? '') ?? [];
  return accessKeyId !== undefined && Number(described) === version ? accessKeyId : null;
}

const FOLLOWS = /to follow version (\d+)\b/;

/** A pending pair says which version it is to replace: no other. */
export function describePending(accessKeyId: string, follows: number): string {
  return `Pending Lightsail access key ${accessKeyId}, to follow version ${follows}; written by cdktf-lightsail-access-key`;
}

/** Null where the parameter is none of ours. */
function versionToFollow(description: string | undefined): number | null {
  const version = FOLLOWS.exec(description ?? '')?.[1];
  return version === undefined ? null : Number(version);
}

/** AWS asks to wait so long before the name of a deleted parameter is used again. */
const LONGEST_LAG = 30_000;

interface Deletion {
  readonly at: number;
  readonly stamps: ReadonlySet<string>;
  /** The last version, where it was written here and not looked at: its time is not known. 0 for none. */
  readonly unseen: number;
}

/** `gone`: what it shows is what was deleted here. `behind`: it does not show yet what was written here. */
type View = 'present' | 'gone' | 'behind';

/**
 * What this process has lately done to parameters, by name. Parameter Store may tell what was there before a change
 * for some time after it has taken it, so a look is believed only where it fits with that.
 */
export class RecentChanges {
  readonly #seen = new Map<string, readonly string[]>();
  readonly #written = new Map<string, { readonly at: number; readonly version: number }>();
  readonly #deleted = new Map<string, Deletion>();

  constructor(private readonly now: () => number = () => performance.now()) {}

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
