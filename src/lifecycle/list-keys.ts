import type { AccessKey } from './access-key.js';
import { LifecycleError } from './lifecycle-error.js';
import * as messages from './messages/creation.js';
import { BucketNotFound } from './ports.js';
import type { BucketKeys, Listing } from './ports.js';

/** The bucket's keys, where the bucket has to be there. */
export async function listKeys(keys: BucketKeys): Promise<Listing> {
  const listing = await listKeysIfThere(keys);
  if (!listing) throw bucketMissing(keys);
  return listing;
}

/** One of the bucket's keys, where the bucket has to be there; null when the key is not. */
export async function findKey(
  keys: BucketKeys,
  accessKeyId: string,
): Promise<{ readonly key: AccessKey | null; readonly asOf: Date }> {
  const listing = await listKeys(keys);
  return { key: listing.keys.find(({ id }) => id === accessKeyId) ?? null, asOf: listing.asOf };
}

/** The bucket's keys; null when there is no such bucket. */
export async function listKeysIfThere(keys: BucketKeys): Promise<Listing | null> {
  try {
    return await keys.list();
  } catch (error) {
    if (error instanceof BucketNotFound) return null;
    throw new LifecycleError(messages.keysNotListed(keys.bucket, error), { subject: 'bucket' });
  }
}

export function bucketMissing(keys: BucketKeys): LifecycleError {
  return new LifecycleError(messages.bucketMissing(keys), { subject: 'bucket' });
}
