/** The custom metadata that tells whose pairs a secret's versions are. */
export const VERSION_KEYS = 'lightsail_access_keys';
/** The custom metadata that tells whose pair one more version is meant to be. */
export const CLAIM = 'lightsail_access_key_claim';

/** Vault's limit for one value. */
const LONGEST = 512;
const ENTRY = /([A-Z0-9]{16,128}) \(version (\d+)\)/g;

export type VersionKeys = ReadonlyMap<number, string>;

/** A number can be had by anybody who writes first, so a claim alone proves nothing. */
export interface Claim {
  readonly version: number;
  readonly accessKeyId: string;
}

export function parseVersionKeys(text: string | undefined): VersionKeys {
  return new Map([...(text ?? '').matchAll(ENTRY)].map(([, id = '', version]) => [Number(version), id]));
}

/** `AKIA… (version 4), AKIA… (version 3)`: the newest ones, for people too. */
export function printVersionKeys(keys: VersionKeys): string {
  let text = '';
  for (const [version, accessKeyId] of [...keys].sort(([a], [b]) => b - a)) {
    const longer = `${text}${text && ', '}${printClaim({ version, accessKeyId })}`;
    if (longer.length > LONGEST) break;
    text = longer;
  }
  return text;
}

export function parseClaim(text: string | undefined): Claim | null {
  const [first] = parseVersionKeys(text);
  return first ? { version: first[0], accessKeyId: first[1] } : null;
}

export function printClaim({ version, accessKeyId }: Claim): string {
  return `${accessKeyId} (version ${version})`;
}
