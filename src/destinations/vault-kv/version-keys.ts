/** The custom metadata that tells whose pairs a secret's versions are. */
export const VERSION_KEYS = 'lightsail_access_keys';

/** Vault's limit for one value. */
const LONGEST = 512;
const ENTRY = /([A-Z0-9]{16,128}) \(version (\d+)\)/g;

export type VersionKeys = ReadonlyMap<number, string>;

export function parseVersionKeys(text: string | undefined): VersionKeys {
  return new Map([...(text ?? '').matchAll(ENTRY)].map(([, id = '', version]) => [Number(version), id]));
}

/** `AKIA… (version 4), AKIA… (version 3)`: the newest ones, for people too. */
export function printVersionKeys(keys: VersionKeys): string {
  let text = '';
  for (const [version, id] of [...keys].sort(([a], [b]) => b - a)) {
    const longer = `${text}${text && ', '}${id} (version ${version})`;
    if (longer.length > LONGEST) break;
    text = longer;
  }
  return text;
}
