import type { AwsAccess } from '../../../src/aws/access.js';
import { SharedStores } from '../../../src/destinations/shared-stores.js';

const byAccess = new WeakMap<AwsAccess, SharedStores>();

/** Destinations with the same access are of one process, and share what the provider's do. */
export function sharedBy(access: AwsAccess): SharedStores {
  const shared = byAccess.get(access) ?? new SharedStores();
  byAccess.set(access, shared);
  return shared;
}
