import { parseVersionKeys, printVersionKeys, VERSION_KEYS } from './version-keys.js';
import type { VersionKeys } from './version-keys.js';

interface VersionState {
  readonly deletion_time?: string;
  readonly destroyed?: boolean;
}

/** What Vault's answer to a read of `metadata/` holds. */
export interface MetadataAnswer {
  readonly current_version?: number;
  readonly versions?: Readonly<Record<string, VersionState>>;
  readonly custom_metadata?: Readonly<Record<string, string>> | null;
}

/** A secret without its values. */
export class SecretMetadata {
  readonly version: number;
  readonly custom: Readonly<Record<string, string>>;
  readonly keys: VersionKeys;
  readonly #latest: VersionState;

  constructor(answer: MetadataAnswer) {
    this.version = answer.current_version ?? 0;
    this.custom = answer.custom_metadata ?? {};
    this.keys = parseVersionKeys(this.custom[VERSION_KEYS]);
    this.#latest = answer.versions?.[this.version] ?? {};
  }

  /** Whether a reader gets the latest version; a deleted one can be brought back, a destroyed one cannot. */
  get latest(): 'none' | 'readable' | 'deleted' | 'destroyed' {
    if (this.version === 0) return 'none';
    if (this.#latest.destroyed) return 'destroyed';
    const deletedAt = Date.parse(this.#latest.deletion_time ?? '');
    return deletedAt <= Date.now() ? 'deleted' : 'readable';
  }

  /** The key whose pair the latest version is said to be. */
  get accessKeyId(): string | null {
    return this.keys.get(this.version) ?? null;
  }

  /** All custom metadata, with a key for the version that comes next, or none. */
  withNext(accessKeyId: string | null): Record<string, string> {
    const keys = new Map([...this.keys].filter(([version]) => version <= this.version));
    if (accessKeyId !== null) keys.set(this.version + 1, accessKeyId);
    return this.#with(keys);
  }

  /** All custom metadata, without a word on that version. */
  without(version: number): Record<string, string> {
    return this.#with(new Map([...this.keys].filter(([other]) => other !== version)));
  }

  #with(keys: VersionKeys): Record<string, string> {
    const others = Object.entries(this.custom).filter(([name]) => name !== VERSION_KEYS);
    return {
      ...Object.fromEntries(others),
      ...(keys.size > 0 && { [VERSION_KEYS]: printVersionKeys(keys) }),
    };
  }
}

export const NOTHING = new SecretMetadata({});
