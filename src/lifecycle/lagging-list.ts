import type { AccessKey } from './access-key.js';
import type { KnownKeys } from './known-keys.js';
import type { BucketKeys, Listing } from './ports.js';
import { knownTime } from './service-time.js';

/** How long a list may leave out a new key: one that is older, and not listed, is gone. By the service's time. */
export const LISTED_LATEST_MILLISECONDS = 5 * 60_000;

/** The bucket's keys with lists that are put right by what this process knows for certain. */
export function keysAsKnown(keys: BucketKeys, known: KnownKeys): BucketKeys {
  const { bucket, region } = keys;
  /** Of the last list: a new key of which AWS does not say when it was made is not older. */
  let last = new Date();
  return {
    bucket,
    region,
    list: async () => {
      const listing = await keys.list();
      last = listing.asOf;
      return asKnown(bucket, listing, known);
    },
    create: async () => {
      const answer = await keys.create();
      if (answer.outcome === 'created') known.expects(bucket, answer.key.id, answer.key.createdAt ?? last);
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
    if (isYoung(madeAt, knownTime(listing))) young.push(unlistedKey(id, madeAt));
    else known.givesUp(id);
  }
  return { ...listing, keys: [...listed, ...young] };
}

/** `asOf` null: nobody knows the time, so nothing shows that a list should have it by now. */
export function isYoung(createdAt: Date, asOf: Date | null): boolean {
  return asOf === null || asOf.getTime() - createdAt.getTime() < LISTED_LATEST_MILLISECONDS;
}

function unlistedKey(id: string, createdAt: Date): AccessKey {
  return { id, status: 'Active', createdAt, lastUse: null, isUnlisted: true };
}
