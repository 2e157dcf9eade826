/** The custom metadata that tells whose pairs a secret's versions are. */
const VERSION_KEYS = 'lightsail_access_keys';
/** The custom metadata that tells whose pair one more version is meant to be. */
const CLAIM = 'lightsail_access_key_claim';

/** Vault's limit for one value. */
const LONGEST = 512;
const ENTRY = /([A-Z0-9]{16,128}) \(version (\d+)\)/g;

type VersionKeys = ReadonlyMap<number, string>;

/** A number can be had by anybody who writes first, so a claim alone proves nothing. */
export interface Claim {
  readonly version: number;
  readonly accessKeyId: string;
}

interface VersionState {
  readonly deletion_time?: string;
  readonly destroyed?: boolean;
}

/** What Vault's answer to a read of `metadata/` holds. */
export interface MetadataAnswer {
  readonly current_version?: number;
  readonly versions?: Readonly<Record<string, VersionState>>;
  readonly custom_metadata?: Readonly<Record<string, string>> | null;
  readonly delete_version_after?: string;
}

/** A secret without its values. */
export class SecretMetadata {
  readonly version: number;
  readonly custom: Readonly<Record<string, string>>;
  readonly keys: VersionKeys;
  /** The version that a run was about to write, or has written: whether it did is not known. */
  readonly claim: Claim | null;
  readonly #latest: VersionState;

  constructor(private readonly answer: MetadataAnswer) {
    this.version = answer.current_version ?? 0;
    this.custom = answer.custom_metadata ?? {};
    this.keys = parseVersionKeys(this.custom[VERSION_KEYS]);
    this.claim = parseClaim(this.custom[CLAIM]);
    this.#latest = answer.versions?.[this.version] ?? {};
  }

  /** Whether a reader gets the latest version; a deleted one can be brought back, a destroyed one cannot. */
  get latest(): 'none' | 'readable' | 'deleted' | 'destroyed' {
    if (this.version === 0) return 'none';
    if (this.#latest.destroyed) return 'destroyed';
    const deletedAt = Date.parse(this.#latest.deletion_time ?? '');
    return deletedAt <= Date.now() ? 'deleted' : 'readable';
  }

  /** After how long Vault deletes a new version by itself; null where it does not, or the mount says so. */
  get deletesAfter(): string | null {
    return lifetime(this.answer.delete_version_after);
  }

  /** The key whose pair the latest version is, by an answer of Vault to the run that wrote it. */
  get accessKeyId(): string | null {
    return this.keys.get(this.version) ?? null;
  }

  /** The claim on the version that a reader gets now: ours, if the run that made it was the one to write it. */
  get openClaim(): Claim | null {
    return this.latest === 'readable' && this.claim?.version === this.version ? this.claim : null;
  }

  /** The version that comes next is going to be the pair of this key. */
  withClaim(accessKeyId: string): SecretMetadata {
    return this.#with(this.keys, { version: this.version + 1, accessKeyId });
  }

  withoutClaim(): SecretMetadata {
    return this.#with(this.keys, null);
  }

  /** The claimed version is ours. */
  confirmed(): SecretMetadata {
    const { claim, keys } = this;
    return claim ? this.#with(new Map([...keys, [claim.version, claim.accessKeyId]]), null) : this;
  }

  /** Everything else stays, also what others have put into the custom metadata. */
  #with(keys: VersionKeys, claim: Claim | null): SecretMetadata {
    const others = Object.entries(this.custom).filter(([name]) => name !== VERSION_KEYS && name !== CLAIM);
    const custom = {
      ...Object.fromEntries(others),
      ...(keys.size > 0 && { [VERSION_KEYS]: printVersionKeys(keys) }),
      ...(claim && { [CLAIM]: printClaim(claim) }),
    };
    return new SecretMetadata({ ...this.answer, custom_metadata: custom });
  }
}

export const NOTHING = new SecretMetadata({});

/** Of Vault's `delete_version_after`, whose `0s` and negative durations mean that nothing is deleted; null for those. */
export function lifetime(duration: unknown): string | null {
  return typeof duration === 'string' && /[1-9]/.test(duration) && !duration.startsWith('-')
    ? duration
    : null;
}

function parseVersionKeys(text: string | undefined): VersionKeys {
  return new Map([...(text ?? '').matchAll(ENTRY)].map(([, id = '', version]) => [Number(version), id]));
}

/** `AKIA… (version 4), AKIA… (version 3)`: the newest ones, for people too. */
function printVersionKeys(keys: VersionKeys): string {
  let text = '';
  for (const [version, accessKeyId] of [...keys].sort(([a], [b]) => b - a)) {
    const longer = `${text}${text && ', '}${printClaim({ version, accessKeyId })}`;
    if (longer.length > LONGEST) break;
    text = longer;
  }
  return text;
}

function parseClaim(text: string | undefined): Claim | null {
  const [first] = parseVersionKeys(text);
  return first ? { version: first[0], accessKeyId: first[1] } : null;
}

export function printClaim({ version, accessKeyId }: Claim): string {
  return `${accessKeyId} (version ${version})`;
}
