import type { AccessKey } from './access-key.js';
import { LifecycleError } from './lifecycle-error.js';
import type { Message } from './message.js';
import * as messages from './messages/creation.js';
import { BucketNotFound, NoList } from './ports.js';
import type { BucketKeys, Listing } from './ports.js';
import type { ServiceTime } from './service-time.js';

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
): Promise<{ readonly key: AccessKey | null; readonly listing: Listing }> {
  const listing = await listKeys(keys);
  return { key: listing.keys.find(({ id }) => id === accessKeyId) ?? null, listing };
}

/** The bucket's keys; null when there is no such bucket. */
export async function listKeysIfThere(keys: BucketKeys): Promise<Listing | null> {
  try {
    return await keys.list();
  } catch (error) {
    if (error instanceof BucketNotFound) return null;
    if (error instanceof NoList) throw new ListMissing(messages.listMissing(keys.bucket, error), error.time);
    throw new LifecycleError(messages.keysNotListed(keys.bucket, error), { subject: 'bucket' });
  }
}

/** AWS does not say which keys there are. */
export class ListMissing extends LifecycleError {
  constructor(
    said: Message,
    readonly time: ServiceTime,
  ) {
    super(said, { subject: 'bucket' });
  }
}

/** The same for a key that replaces nothing: where AWS does not say which keys there are, none is known. */
export async function listKeysBefore(keys: BucketKeys): Promise<Listing | null> {
  try {
    return await listKeysIfThere(keys);
  } catch (error) {
    if (!(error instanceof ListMissing)) throw error;
    return { keys: [], ...error.time, isMissing: true };
  }
}

export function bucketMissing(keys: BucketKeys): LifecycleError {
  return new LifecycleError(messages.bucketMissing(keys), { subject: 'bucket' });
}
