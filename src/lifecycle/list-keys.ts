import type { AccessKey } from './access-key.js';
import { LifecycleError } from './lifecycle-error.js';
import type { Message } from './message.js';
import * as messages from './messages/creation.js';
import { BucketNotFound, NoList } from './ports.js';
import type { BucketKeys, KeyContext, Listing } from './ports.js';
import type { ServiceTime } from './service-time.js';
import type { KnownKeys } from './known-keys.js';
import { knownTime } from './service-time.js';
import { NOT_REPORTED } from './access-key.js';

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
  return asSaid(keys, () => keys.list());
}

async function asSaid(keys: BucketKeys, list: () => Promise<Listing | null>): Promise<Listing | null> {
  try {
    return await list();
  } catch (error) {
    if (error instanceof BucketNotFound) return null;
    if (error instanceof NoList) throw new ListMissing(messages.listMissing(keys.bucket, error), error.time);
    throw new LifecycleError(messages.keysNotListed(keys.bucket, error), { subject: 'bucket' });
  }
}

/** In milliseconds. */
const ASKED_AGAIN_AFTER = 1000;

/**
 * The list of a bucket that was there: it counts as gone, and the answer is null, once a second answer says so, too. One
 * replica may not know of the bucket. Throws what the first or the second list throws.
 */
export async function listUnlessGone({
  keys,
  clock,
  signal,
}: Pick<KeyContext, 'keys' | 'clock' | 'signal'>): Promise<Listing | null> {
  const ask = () =>
    keys.list().catch((error: unknown) => {
      if (error instanceof BucketNotFound) return null;
      throw error;
    });
  const first = await ask();
  if (first) return first;
  await clock.sleep(ASKED_AGAIN_AFTER, signal);
  return ask();
}

/** The same, with errors that say what they mean for the key. */
export async function listKeysUnlessGone(
  context: Pick<KeyContext, 'keys' | 'clock' | 'signal'>,
): Promise<Listing | null> {
  return asSaid(context.keys, () => listUnlessGone(context));
}

/**
 * The list that is given, together with one of a second later where it does not show all of these keys: a key counts as
 * gone once neither shows it. One replica may not know of a key that another has listed long ago.
 */
export async function listedAgain(
  { keys, clock, signal }: Pick<KeyContext, 'keys' | 'clock' | 'signal'>,
  first: Listing,
  ids: readonly string[],
): Promise<Listing> {
  const isIn = (listing: Listing, id: string) => listing.keys.some((key) => key.id === id);
  if (ids.every((id) => isIn(first, id))) return first;
  await clock.sleep(ASKED_AGAIN_AFTER, signal);
  const second = await asSaid(keys, () => keys.list({ isAnew: true }));
  if (!second) return first;
  const others = first.keys.filter(({ id }) => !isIn(second, id));
  return { ...second, keys: [...second.keys, ...others] };
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
    list: async (options) => {
      const listing = await keys.list(options);
      last = listing.asOf;
      const told = listing.keys.map((key) => withoutOwnUse(key, region, known));
      return asKnown(bucket, { ...listing, keys: told }, known);
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
  known.listed(listed, listing.asOf);
  const young: AccessKey[] = [];
  for (const [id, madeAt] of known.expectedOn(bucket)) {
    if (isYoung(madeAt, knownTime(listing))) young.push(unlistedKey(id, madeAt));
    else known.givesUp(id);
  }
  return { ...listing, keys: [...listed, ...young] };
}

/** `asOf` null: the time is unknown, so nothing shows that a list should have it by now. */
export function isYoung(createdAt: Date, asOf: Date | null): boolean {
  return asOf === null || asOf.getTime() - createdAt.getTime() < LISTED_LATEST_MILLISECONDS;
}

function unlistedKey(id: string, createdAt: Date): AccessKey {
  return { id, status: 'Active', createdAt, lastUse: null, isUnlisted: true };
}

/** IAM records the first use in so many milliseconds, and none of those that follow it. */
const RECORDED_ONCE_IN = 15 * 60_000;

/** The key without the use that was this provider's own, when it tried the pair on S3. */
function withoutOwnUse(key: AccessKey, region: string, known: KnownKeys): AccessKey {
  const { lastUse } = key;
  const triedAt = known.triedAt(key.id);
  if (lastUse === null || lastUse === NOT_REPORTED || triedAt === null) return key;
  const isNear = Math.abs(lastUse.date.getTime() - triedAt.getTime()) <= RECORDED_ONCE_IN;
  const isOwn = isNear && lastUse.serviceName === 's3' && lastUse.region === region;
  return isOwn ? { ...key, lastUse: null } : key;
}
