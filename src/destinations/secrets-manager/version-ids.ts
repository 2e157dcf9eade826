/**
 * Staging labels. Those of AWS are moved by AWS's own rules; a label of ours is on one version at a time, and a
 * version that has none is deprecated: AWS deletes it when there are more than a hundred, and not within a day.
 */
export const CURRENT = 'AWSCURRENT';
export const PREVIOUS = 'AWSPREVIOUS';
export const PENDING = 'LIGHTSAIL_PENDING';
export const JOURNAL = 'LIGHTSAIL_JOURNAL';
/** Keeps the one empty version from being deprecated. */
export const EMPTY = 'LIGHTSAIL_EMPTY';

/**
 * The ID of a version is the idempotency token it was put with: 32 to 64 characters that we choose. So the metadata
 * tells which key a pair is of, and nobody has to read a secret to know.
 */
const PAIR = 'lightsail-access-key-';
const ENTRY = 'lightsail-journal-';
const LONGEST = 64;

/** What consumers find where there is no pair. One ID and one content, so that all who put it agree. */
export const EMPTY_VERSION = 'lightsail-empty-0000000000000001';
export const EMPTY_CONTENT =
  '{"empty":true,"note":"No access key yet, or none any more. Written by cdktf-lightsail-access-key."}';

/** Null for a key ID that no version can be named after. */
export function pairVersion(accessKeyId: string): string | null {
  const id = `${PAIR}${accessKeyId}`;
  return id.length <= LONGEST && keyOfVersion(id) === accessKeyId ? id : null;
}

/** Null for a version that is not a pair of ours. */
export function keyOfVersion(versionId: string): string | null {
  return /^lightsail-access-key-([A-Za-z0-9]{11,})$/.exec(versionId)?.[1] ?? null;
}

/** The journal's entries are numbered: two writers that follow the same entry choose the same ID. */
export function entryVersion(number: number): string {
  return `${ENTRY}${String(number).padStart(14, '0')}`;
}

/** Null for a version that is not an entry of the journal. */
export function entryNumber(versionId: string): number | null {
  const digits = /^lightsail-journal-(\d{14})$/.exec(versionId)?.[1];
  return digits === undefined ? null : Number(digits);
}
