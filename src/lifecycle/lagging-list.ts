import type { AccessKey } from './access-key.js';
import type { KnownKeys } from './known-keys.js';
import type { BucketKeys, Listing } from './ports.js';

/** How long a list may leave out a new key: one that is older, and not listed, is gone. By the service's time. */
export const LISTED_LATEST_MILLISECONDS = 5 * 60_000;

/** The bucket's keys with lists that are put right by what this process knows for certain. */
export function keysAsKnown(keys: BucketKeys, known: KnownKeys): BucketKeys {
  const { bucket, region } = keys;
  return {
    bucket,
    region,
    list: async () => asKnown(bucket, await keys.list(), known),
    create: async () => {
      const answer = await keys.create();
      if (answer.outcome === 'created') known.expects(bucket, answer.key.id, answer.key.createdAt);
      return answer;
    },
    delete: (accessKeyId) => keys.delete(accessKeyId),
  };
}

/** A list lags: what it does not show yet belongs into it, and what this process has deleted does not. */
export function asKnown(bucket: string, listing: Listing, known: KnownKeys): Listing {
  const listed = listing.keys.filter(({ id, isUnlisted }) => !isUnlisted && !known.isDeleted(id));
  known.listed(listed);
  const young: AccessKey[] = [];
  for (const [id, madeAt] of known.expectedOn(bucket)) {
    if (isYoung(madeAt, listing.asOf)) young.push(unlistedKey(id, madeAt));
    else known.givesUp(id);
  }
  return { ...listing, keys: [...listed, ...young] };
}

export function isYoung(createdAt: Date, asOf: Date): boolean {
  return asOf.getTime() - createdAt.getTime() < LISTED_LATEST_MILLISECONDS;
}

function unlistedKey(id: string, createdAt: Date): AccessKey {
  return { id, status: 'Active', createdAt, lastUse: null, isUnlisted: true };
}
