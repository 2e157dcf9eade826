import type { AccessKey } from './access-key.js';
import type { KnownKeys } from './known-keys.js';
import type { BucketKeys, Listing, Notice } from './ports.js';
import { deletionCommand, describeKeys, ids } from './wording.js';

/** The keys that are neither declared nor looked after by this run. */
export function unmanagedKeys(
  listing: Listing,
  declared: readonly string[],
  known: Pick<KnownKeys, 'isAccountedFor'>,
): AccessKey[] {
  return listing.keys.filter(({ id }) => !declared.includes(id) && !known.isAccountedFor(id));
}

/** What the reader needs to judge such keys; they are named and never deleted. Null: there are none. */
export function noticeOf(
  { bucket, region }: Pick<BucketKeys, 'bucket' | 'region'>,
  unmanaged: readonly AccessKey[],
  asOf: Date,
): Notice | null {
  if (unmanaged.length === 0) return null;
  const imports = unmanaged.map(({ id }) => `"${bucket},${id}"`).join(' or ');
  const deletions = unmanaged.map(({ id }) => deletionCommand(bucket, region, id)).join(' ; ');
  return {
    summary: `Bucket ${bucket} holds ${unmanaged.length === 1 ? 'a key' : 'keys'} that nobody declared: ${ids(unmanaged)}`,
    detail:
      `${describeKeys(unmanaged, asOf)}. Whoever has its secret can read and write the bucket. ` +
      `It is left alone, because nothing proves whose it is. If another stack manages it, give its ID to the audit; ` +
      `if it belongs here, import it as ${imports}; if nobody knows it, delete it: ${deletions}`,
  };
}
