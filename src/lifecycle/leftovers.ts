import { isReportedInFull } from './access-key.js';
import type { AccessKey } from './access-key.js';
import { keyIn, keysIn, markOf, unlistedIn } from './journal/entry.js';
import type { Intent, JournalEntry } from './journal/entry.js';
import {
  CREATE_MILLISECONDS,
  LATE_LANDING_MILLISECONDS,
  lateWindowAfter,
  lateWindowOf,
  possibleOrphans,
  proofOf,
} from './journal/late-window.js';
import { isLeased } from './journal/lease.js';
import { UnreadableRecord } from './journal/stored-record.js';
import { asKnown, LISTED_LATEST_MILLISECONDS, listKeysIfThere } from './list-keys.js';
import * as messages from './messages/refresh.js';
import type { KeyContext, LeftInFolder, Listing } from './ports.js';
import type { RefreshOptions } from './refresh.js';
import { knownTime } from './service-time.js';
import type { Snapshot } from './snapshot.js';

/**
 * Names what an earlier creation may have left beside the key of the state, and answers what of it is provably
 * ours: a key that the journal names, or with `exclusive` one that came in a creation's time. Null when the journal
 * could not be asked.
 */
export async function findLeftovers(
  context: KeyContext,
  { hasForgotten, ...options }: RefreshOptions,
  listed: Listing,
  key: AccessKey,
  snapshot: Snapshot,
): Promise<AccessKey[] | null> {
  if (!context.destination.journal) {
    reportNewer(context, listed, key);
    return [];
  }
  const reading = await snapshot.journal().catch((error: unknown) => {
    if (error instanceof UnreadableRecord) reportUnreadable(context, key, error);
    return null;
  });
  if (!reading) return null;
  const { entry } = reading;
  if (!entry) return [];
  if (entry.bucket !== context.keys.bucket) {
    await reportOtherBucket(context, key, entry);
    return [];
  }
  context.known.expectsAll(unlistedIn(entry));
  const listing = asKnown(entry.bucket, listed, context.known);
  if (entry.phase === 'intent' && isLeased(context, entry, listing)) {
    reportWorkOfAnother(context, entry, possibleOrphans(context, listing, lateWindowAfter(entry), [key.id]));
    return [];
  }
  const own = keysIn(entry);
  const made = entry.phase === 'intent' ? entry.made : undefined;
  // A pair that was promoted is in use, whatever became of the run: it is adopted, not deleted.
  const inUse = entry.phase === 'intent' && !entry.withdrawn ? await currentKey(snapshot, made) : null;
  const proven = listing.keys.filter(
    ({ id }) => id === made && id !== key.id && id !== inUse && !context.known.has(id),
  );
  const lateWindow = lateWindowOf(entry);
  const possible = possibleOrphans(context, listing, lateWindow, own);
  // Only where the entry is about this resource: its own mark, or a creation that was to follow its key.
  const isOurs = own.includes(key.id);
  const late = possible.filter((other) => proofOf(options, lateWindow, other));
  const predecessor = lostPredecessor(context, listing, entry, key);
  // Notes that are lost said that it was to be deleted. Beside a state that was put back another one may have it.
  const isDeleted = predecessor !== null && hasForgotten !== undefined && isReportedInFull(predecessor);
  if (predecessor && !isDeleted) {
    const { title } = context.destination;
    context.warn(messages.predecessorFound(context.keys, { predecessor, key, title, asOf: listing.asOf }));
  }
  const leftovers = [
    ...(isOurs ? [...proven.filter(isReportedInFull), ...late] : []),
    ...(isDeleted ? [predecessor] : []),
  ];
  announceDeletion(context, listing, leftovers);
  reportPossibleOrphans(
    context,
    listing,
    [...proven, ...possible].filter((other) => !leftovers.includes(other) && other !== predecessor),
  );
  return leftovers;
}

/** The key whose pair consumers read; where that cannot be told, the one that it may be. */
async function currentKey(
  snapshot: Snapshot,
  otherwise: string | undefined,
): Promise<string | null | undefined> {
  return snapshot.holding().then(
    ({ current }) => current?.accessKeyId,
    () => otherwise,
  );
}

function reportWorkOfAnother(context: KeyContext, intent: Intent, keys: readonly AccessKey[]): void {
  if (keys.length === 0) return;
  context.warn(messages.appearedInAnotherRun(context.keys.bucket, intent, context.destination.title, keys));
}

function reportUnreadable(context: KeyContext, { id }: AccessKey, error: UnreadableRecord): void {
  const { keys, destination } = context;
  context.warn(messages.journalUnreadable(keys.bucket, id, destination.title, error));
}

/** A journal proves nothing of another bucket, but what it leads to must not go unreported. */
async function reportOtherBucket(context: KeyContext, key: AccessKey, entry: JournalEntry): Promise<void> {
  const { known, keys, destination } = context;
  const recorded = keyIn(entry);
  const there = recorded === undefined ? await cameElsewhere(context, entry) : [recorded];
  for (const accessKeyId of there.filter((id) => !known.isAccountedFor(id))) {
    const named = { ...entry, accessKeyId };
    context.warn(messages.journalOfOtherBucket(keys.bucket, key.id, destination.title, named));
  }
}

/**
 * IDs of the keys that a creation on another bucket may have made, where its entry names none: that is how it is left by
 * a run that dies while it moves a resource from one bucket to another.
 */
export async function cameElsewhere(context: KeyContext, entry: JournalEntry): Promise<string[]> {
  if (keyIn(entry) !== undefined) return [];
  const there = await context
    .keysOf(entry.bucket)
    .list()
    .catch(() => null);
  return there ? possibleOrphans(context, there, lateWindowOf(entry)).map(({ id }) => id) : [];
}

function announceDeletion(context: KeyContext, listing: Listing, keys: readonly AccessKey[]): void {
  if (keys.length === 0) return;
  for (const { id } of keys) context.known.announced(id);
  context.warn(messages.leftoverFound(context.keys.bucket, keys, listing.asOf));
}

function reportPossibleOrphans(context: KeyContext, listing: Listing, keys: readonly AccessKey[]): void {
  if (keys.length === 0) return;
  context.warn(messages.possibleLeftoverFound(context.keys, keys, listing.asOf));
}

/**
 * Names what a dead run of this folder has left: a resource that was never saved, and is no longer declared, is asked for
 * nothing, so that of its key only the folder can tell. `but`: IDs of keys of which there is no need to. Answers which
 * keys were named, and whether nothing of it can live any more.
 */
export async function reportLeftInFolder(
  { keys, known, warn }: Pick<KeyContext, 'keys' | 'known' | 'warn'>,
  left: LeftInFolder,
  but: Pick<ReadonlySet<string>, 'has'>,
): Promise<{ readonly named: readonly string[]; readonly isOver: boolean }> {
  const listing = await listKeysIfThere(keys);
  if (!listing) return { named: [], isOver: false };
  const found = listing.keys.filter((key) => mayBeOf(left, key));
  const unknown = found.filter(({ id }) => !but.has(id) && !known.isAccountedFor(id));
  if (unknown.length > 0) warn(messages.leftInFolder(keys, left, unknown, listing.asOf));
  const isOver = found.length === 0 && (knownTime(listing)?.getTime() ?? 0) > latestOf(left);
  return { named: unknown.map(({ id }) => id), isOver };
}

function mayBeOf(left: LeftInFolder, { id, createdAt }: AccessKey): boolean {
  if (left.key !== null) return id === left.key;
  const isNew = left.baseline ? !left.baseline.includes(id) : createdAt !== null && createdAt >= left.at;
  return isNew && (createdAt === null || createdAt.getTime() <= latestOf(left));
}

/** When a create that was sent by then has taken effect, and is listed, at the latest. */
function latestOf({ at }: LeftInFolder): number {
  return at.getTime() + CREATE_MILLISECONDS + LATE_LANDING_MILLISECONDS;
}

/** A key that the state's own has replaced in place, as the journal says, which lives, and which the state has lost. */
export function lostPredecessor(
  { known }: KeyContext,
  { keys }: Listing,
  entry: JournalEntry,
  key: AccessKey,
): AccessKey | null {
  const replaced = markOf(entry, key.id)?.replaces;
  return keys.find(({ id }) => id === replaced && !known.isAccountedFor(id)) ?? null;
}

/**
 * Without a journal nothing tells of a run that died: its key can only be newer than the one in the state, or so little
 * older that no list had shown it when that one was made.
 */
function reportNewer(context: KeyContext, listing: Listing, key: AccessKey): void {
  const lag = context.known.wasUnlisted(key.id) ? LISTED_LATEST_MILLISECONDS : 0;
  const made = key.createdAt?.getTime();
  // Where AWS does not say when one of the two was made, none of them is called the newer one.
  if (made === undefined) return;
  const isSince = ({ createdAt }: AccessKey, since: number) =>
    createdAt !== null && createdAt.getTime() >= since;
  const newer = listing.keys.filter(
    (other) => other.id !== key.id && !context.known.isAccountedFor(other.id) && isSince(other, made - lag),
  );
  if (newer.length === 0) return;
  const { title, isNowhere, isMute } = context.destination;
  const isNewer = newer.every((other) => isSince(other, made));
  context.warn(
    messages.newerKeyFound(context.keys.bucket, { newer, isNewer, than: key }, isNowhere ? null : title, {
      asOf: listing.asOf,
      mayHavePair: isMute === true,
    }),
  );
}
