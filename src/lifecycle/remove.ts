import { whyNotSettled, whyTooNew } from './acceptance.js';
import type { Follower, NotSettled } from './acceptance.js';
import { decideRemainder, newerKeys } from './decide-removal.js';
import type { Going, Journaled, Remainder, Remaining, Removal } from './decide-removal.js';
import { deleteAlone, deleteWithPair, removePair } from './delete.js';
import { readPersistently } from './deliver.js';
import { unlistedIn, withoutKey } from './journal/entry.js';
import type { Intent, JournalReading, Mark } from './journal/entry.js';
import { JournalKeeper } from './journal/keeper.js';
import { beside, lateWindowGivingUp, unlessOver } from './journal/late-window.js';
import { isLeased } from './journal/lease.js';
import { cameElsewhere } from './leftovers.js';
import { newMark, toWithdraw } from './journal/new-entry.js';
import { asKnown, listUnlessGone } from './list-keys.js';
import { LifecycleError } from './lifecycle-error.js';
import * as messages from './messages/deletion.js';
import { leftoverWillBeDeleted, replacementWillBeDeleted } from './messages/planning.js';
import type { KeyContext, Listing } from './ports.js';
import type { Resource } from './resource.js';

/** The destinations at which a resource has pairs. */
export interface RemovalContexts {
  readonly current: KeyContext;
  readonly previous: KeyContext;
}

/** What could not be done. */
export interface Removed {
  readonly failures: readonly unknown[];
  /** IDs of keys in no attribute of the state that are still to be deleted. */
  readonly remaining: readonly string[];
}

/** One place with what is there beside the state. */
interface Found extends Remainder {
  readonly context: KeyContext;
  readonly reading: JournalReading | null;
}

interface Around {
  readonly listing: Listing;
  readonly found: readonly Found[];
  readonly newer: readonly string[];
  readonly going: Going;
}

/** What the plan of a removal has seen. */
export interface RemovalSeen {
  readonly listing: Listing;
  /** The key whose pair lies where that of the resource did. */
  readonly follower: Follower | null;
}

/**
 * Says what will be deleted beside the keys of the state, and what will be left. Null where the bucket cannot be looked
 * at, which stops no destroy.
 */
export async function announceRemoval(contexts: RemovalContexts, going: Going): Promise<RemovalSeen | null> {
  const { current } = contexts;
  const around = await lookAround(contexts, going).catch(() => null);
  if (!around) return null;
  for (const id of going.leftovers) {
    if (isListed(id, around.listing) && !current.known.has(id))
      current.warn(leftoverWillBeDeleted(going, id));
  }
  for (const { context, proven } of around.found) {
    for (const id of proven.filter((each) => isListed(each, around.listing))) {
      current.known.announced(id);
      current.warn(replacementWillBeDeleted(going.bucket, id, context.destination.title, going.held));
    }
  }
  nameOthers(current, around);
  return { listing: around.listing, follower: followerOf(going, around) };
}

/** Made first, as under `create_before_destroy`: some state has it, or is to have it. */
function followerOf({ bucket, held }: Going, { found, listing }: Around): Follower | null {
  for (const { reading, proven, context } of found) {
    const mark = markIn(reading);
    if (mark?.bucket !== bucket) continue;
    const { accessKeyId: id, at } = mark;
    if ([...held, ...proven].includes(id) || context.known.isDeleted(id)) continue;
    // A list may not show it yet.
    return listing.keys.find((key) => key.id === id) ?? { id, createdAt: new Date(at) };
  }
  return null;
}

function markIn(reading: JournalReading | null): Mark | null {
  const entry = reading?.entry;
  return entry && entry.phase !== 'intent' ? entry : null;
}

/**
 * The resource without the leftovers that are another one's by now: finished by a run of `create_before_destroy` that then
 * died, such a key is the current one of the object that has followed, and its mark follows none of this one's keys.
 */
export async function withoutFollowers<R extends Resource>(
  contexts: RemovalContexts,
  resource: R,
): Promise<R> {
  const { current, previous, former, leftovers } = resource;
  if (leftovers.length === 0) return resource;
  const own = [current?.id, previous, former];
  const marks = (await Promise.all(distinct(contexts).map(readJournal))).map(markIn);
  const isAnothers = (id: string) =>
    marks.some(
      (mark) => mark?.accessKeyId === id && (mark.replaces === undefined || !own.includes(mark.replaces)),
    );
  return { ...resource, leftovers: leftovers.filter((id) => !isAnothers(id)) };
}

function distinct({ current, previous }: RemovalContexts): readonly KeyContext[] {
  return previous.destination.title === current.destination.title ? [current] : [current, previous];
}

/**
 * Deletes the keys of a resource that goes, then what a run that died has left of it. Never throws. `follower`: the key
 * that an earlier run has put in its place.
 */
export async function removeKeys(
  contexts: RemovalContexts,
  removals: readonly Removal[],
  going: Going,
  follower: Follower | null,
): Promise<Removed> {
  const failures: unknown[] = [];
  const { current } = contexts;
  const keys = removals.map(({ key }) => key);
  const unsettled = await whyNotYet(current, keys, follower);
  for (const { key, at } of removals) {
    if (unsettled) failures.push(tooEarly(contexts[at], key, unsettled));
    else await deleteWithPair(contexts[at], key).catch((error: unknown) => failures.push(error));
  }
  const around = await lookAround(contexts, going).catch((error: unknown) => {
    current.warn(messages.remainderUnknown(current.keys, going.held, error));
    return null;
  });
  if (!around) return { failures, remaining: [] };
  const remaining: string[] = [];
  // As long as the resource stays, so does what its consumers may read.
  if (failures.length === 0) {
    for (const found of around.found) {
      try {
        await deleteProven(found, going, around.listing);
      } catch (error) {
        failures.push(error);
        remaining.push(...found.proven);
      }
    }
  }
  nameOthers(current, around);
  return { failures, remaining };
}

/** Why no key may be deleted now; null where they may. */
async function whyNotYet(
  context: KeyContext,
  keys: readonly string[],
  follower: Follower | null,
): Promise<NotSettled | null> {
  const { known, keys: bucketKeys } = context;
  // Of this run's own key S3 is asked.
  const isOwn = known.freshOn(bucketKeys.bucket).some(({ pair }) => pair.accessKeyId === follower?.id);
  const unsettled = await whyNotSettled(context, keys);
  if (unsettled || !follower || isOwn || keys.length === 0) return unsettled;
  return whyTooNew(context, follower, await listNow(context).catch(() => null), keys);
}

/** The resource that follows this one (`create_before_destroy`) has a key that S3 may not know everywhere yet. */
function tooEarly({ keys, destination }: KeyContext, accessKeyId: string, why: NotSettled): LifecycleError {
  return new LifecycleError(messages.keyNotDeletedYet(keys.bucket, accessKeyId, destination.title, why), {
    subject: 'key',
  });
}

/**
 * Whether a resource whose current key is gone may have left another living key, or may still get one: a destroy shows no
 * warning of the refresh before it, and does not reach the provider for a resource that the refresh has dropped.
 */
export async function isMoreAtStake(context: KeyContext, going: Going, listing: Listing): Promise<boolean> {
  const reading = await readJournal(context);
  context.known.expectsAll(unlistedIn(reading?.entry));
  const found = await inspectDestination(
    context,
    going,
    reading,
    asKnown(going.bucket, listing, context.known),
  );
  const reported = idsOf(found).filter((id) => isListed(id, listing));
  const newer = newerKeys(going, listing, context.known, reported);
  return reported.length > 0 || newer.length > 0 || found.lateWindow !== null;
}

/** The journals first: a key that is made in between is then one that the list may show and no journal tells of. */
async function lookAround(places: RemovalContexts, going: Going): Promise<Around> {
  const { current } = places;
  const contexts = distinct(places);
  const readings = await Promise.all(contexts.map(readJournal));
  for (const reading of readings) current.known.expectsAll(unlistedIn(reading?.entry));
  const listing = await listNow(current);
  const found = await Promise.all(
    contexts.map((context, index) => inspectDestination(context, going, readings[index] ?? null, listing)),
  );
  return { listing, found, going, newer: newerKeys(going, listing, current.known, found.flatMap(idsOf)) };
}

async function inspectDestination(
  context: KeyContext,
  going: Going,
  reading: JournalReading | null,
  listing: Listing,
): Promise<Found> {
  const entry = reading?.entry;
  const elsewhere = entry && entry.bucket !== going.bucket ? await cameElsewhere(context, entry) : [];
  const remainder = decideRemainder(
    going,
    { ...journaled(context, reading, listing), elsewhere },
    listing,
    context.known,
  );
  return { context, reading, ...remainder };
}

function idsOf({ proven, reported }: Remainder): string[] {
  return [...proven, ...reported.flatMap(({ keys }) => keys)];
}

/** One that cannot be read tells nothing: the list alone shows what may have been left then. */
async function readJournal({ destination }: KeyContext): Promise<JournalReading | null> {
  return (await destination.journal?.read().catch(() => null)) ?? null;
}

/** With its bucket every key is gone. */
async function listNow(context: KeyContext): Promise<Listing> {
  return (await listUnlessGone(context)) ?? { keys: [], asOf: new Date() };
}

function journaled(
  context: KeyContext,
  reading: JournalReading | null,
  listing: Listing,
): Omit<Journaled, 'elsewhere'> {
  const entry = reading?.entry ?? null;
  if (!entry) return { entry, isOver: true };
  // What was delivered may be in a state that was saved, however long ago: only a death tells that it is not.
  const isOver =
    entry.phase === 'intent' ? !isLeased(context, entry, listing) : context.runs.isDead(entry.holder);
  return { entry, isOver };
}

/** Taking the entry over comes before the deletion: of several runs that find it, one acts on it. */
async function deleteProven(
  { context, reading, isOurs, proven }: Found,
  { bucket, held }: Going,
  listing: Listing,
): Promise<void> {
  const { journal, title } = context.destination;
  const entry = reading?.entry;
  if (!journal || !entry || !isOurs) return;
  const isOfState = entry.phase !== 'intent' && held.includes(entry.accessKeyId);
  const mine = isOfState ? entry : toWithdraw(context, entry, listing);
  const taken = await journal.write(mine, reading.revision).catch((error: unknown) => {
    const [first] = proven;
    if (first === undefined) return null;
    throw new LifecycleError(messages.leftoverNotDeleted(bucket, first, error));
  });
  if (!taken) {
    if (proven.length > 0) context.warn(messages.takenByAnother(context.keys, proven, title));
    return;
  }
  const keeper = new JournalKeeper(context, taken);
  try {
    for (const id of proven) {
      await deleteAlone(context, id, 'leftover');
      if (isListed(id, listing)) context.warn(messages.replacementDeleted(bucket, id, title, held));
    }
  } catch (error) {
    if (mine.phase === 'intent') await keeper.release(mine);
    throw error;
  }
  if (mine.phase === 'intent') await endJournal(context, keeper, mine, listing);
}

/** Only a create that may still take effect is worth a journal where there is no pair any more, and a dead pair that is. */
async function endJournal(
  context: KeyContext,
  keeper: JournalKeeper,
  intent: Intent,
  listing: Listing,
): Promise<void> {
  const lateWindow = unlessOver(lateWindowGivingUp(intent, intent.bucket), listing);
  const { before } = intent;
  if (before && (await holds(context, before))) {
    if (intent.made !== undefined) await context.destination.discard(intent.made).catch(() => undefined);
    await keeper.giveUp({ ...withoutKey(intent), ...(lateWindow && { lateWindow }) });
  } else if (intent.made !== undefined) {
    const key = { id: intent.made };
    await keeper.end(newMark(context, key, listing, lateWindow, { verifySeconds: null }));
    await removePair(context, intent.made);
  } else if (lateWindow) await keeper.release(intent);
  else await keeper.clear();
}

/** Whether the pair of this mark lies there: one that could not be removed when its key was deleted. */
async function holds(context: KeyContext, { accessKeyId }: Mark): Promise<boolean> {
  const holding = await readPersistently(context);
  return holding?.current?.accessKeyId === accessKeyId;
}

function isListed(id: string, { keys }: Listing): boolean {
  return keys.some((key) => key.id === id);
}

function nameOthers(current: KeyContext, { listing, found, newer, going }: Around): void {
  for (const { context, reported } of found) {
    for (const remaining of reported) nameOne(context, remaining, listing);
  }
  for (const { lateWindow } of found) {
    const open = beside(listing, lateWindow, current.known);
    if (open) current.warn(messages.lateKeyMayStillAppear(current.keys, open));
  }
  const { bucket } = current.keys;
  const kind = going.hasForgotten ? 'forgotten' : 'newer';
  if (newer.length > 0) nameOne(current, { bucket, keys: newer, why: { kind } }, listing);
}

function nameOne(context: KeyContext, remaining: Remaining, listing: Listing): void {
  const { keys, destination } = context;
  const listed = listing.keys.filter(({ id }) => remaining.keys.includes(id));
  context.warn(messages.notOfThisResource(keys, destination.title, remaining, { ...listing, keys: listed }));
}
