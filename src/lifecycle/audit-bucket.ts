import type { AccessKey } from './access-key.js';
import type { KnownKeys } from './known-keys.js';
import type { Listing } from './ports.js';

/** The keys that are neither declared nor looked after by this run. */
export function unmanagedKeys(
  listing: Listing,
  declared: readonly string[],
  known: Pick<KnownKeys, 'isAccountedFor'>,
): AccessKey[] {
  return listing.keys.filter(({ id }) => !declared.includes(id) && !known.isAccountedFor(id));
}
