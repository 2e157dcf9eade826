import { decideRemainder, newerKeys } from './decide-removal.js';
import type { Going, Journaled, Remainder, Remaining, Removal } from './decide-removal.js';
import { deleteAlone, deleteWithPair, removePair } from './delete.js';
import { unlistedIn } from './journal/entry.js';
import type { Intent, JournalReading } from './journal/entry.js';
import { JournalKeeper } from './journal/keeper.js';
import { lateWindowGivingUp, unlessOver } from './journal/late-window.js';
import { isLeased } from './journal/lease.js';
import { newMark, toWithdraw } from './journal/new-entry.js';
import { asKnown } from './lagging-list.js';
import { LifecycleError } from './lifecycle-error.js';
import * as messages from './messages/deletion.js';
import { replacementWillBeDeleted } from './messages/planning.js';
import { BucketNotFound } from './ports.js';
import type { KeyContext, Listing } from './ports.js';

/** The places at which a resource has pairs. */
export interface RemovalPlaces {
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
}

/**
 * Says what will be deleted beside the keys of the state, and what will be left. Answers what the bucket holds; null
 * where it cannot be looked at, which stops no destroy.
 */
export async function announceRemoval(places: RemovalPlaces, going: Going): Promise<Listing | null> {
  const { current } = places;
  const around = await lookAround(places, going).catch(() => null);
  if (!around) return null;
  for (const { context, proven } of around.found) {
    for (const id of proven.filter((each) => isListed(each, around.listing))) {
      current.known.announced(id);
      current.warn(replacementWillBeDeleted(going.bucket, id, context.destination.title, going.held));
    }
  }
  nameOthers(current, around);
  return around.listing;
}

/**
 * Deletes the keys of a resource that goes, then what a run that died has left of it. Never throws.
 */
export async function removeKeys(
  places: RemovalPlaces,
  removals: readonly Removal[],
  going: Going,
): Promise<Removed> {
  const failures: unknown[] = [];
  for (const { key, at } of removals) {
    await deleteWithPair(places[at], key).catch((error: unknown) => failures.push(error));
  }
  const { current } = places;
  const around = await lookAround(places, going).catch((error: unknown) => {
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

/**
 * IDs of living keys that a resource whose current key is gone may have left: a destroy shows no warning of the refresh
 * before it, and does not reach the provider for a resource that the refresh has dropped.
 */
export async function keysAtStake(context: KeyContext, going: Going, listing: Listing): Promise<string[]> {
  const reading = await readJournal(context);
  context.known.expectsAll(unlistedIn(reading?.entry));
  const found = inspectPlace(context, going, reading, asKnown(going.bucket, listing, context.known));
  const named = idsOf(found).filter((id) => isListed(id, listing));
  return [...named, ...newerKeys(going, listing, context.known, named)];
}

/** The journals first: a key that is made in between is then one that the list may show and no journal tells of. */
async function lookAround({ current, previous }: RemovalPlaces, going: Going): Promise<Around> {
  const contexts = previous.destination.title === current.destination.title ? [current] : [current, previous];
  const readings = await Promise.all(contexts.map(readJournal));
  for (const reading of readings) current.known.expectsAll(unlistedIn(reading?.entry));
  const listing = await listNow(current);
  const found = contexts.map((context, index) =>
    inspectPlace(context, going, readings[index] ?? null, listing),
  );
  return { listing, found, newer: newerKeys(going, listing, current.known, found.flatMap(idsOf)) };
}

function inspectPlace(
  context: KeyContext,
  going: Going,
  reading: JournalReading | null,
  listing: Listing,
): Found {
  const remainder = decideRemainder(going, journaled(context, reading, listing), listing, context.known);
  return { context, reading, ...remainder };
}

function idsOf({ proven, named }: Remainder): string[] {
  return [...proven, ...named.flatMap(({ keys }) => keys)];
}

/** One that cannot be read tells nothing: the list alone shows what may have been left then. */
async function readJournal({ destination }: KeyContext): Promise<JournalReading | null> {
  return (await destination.journal?.read().catch(() => null)) ?? null;
}

async function listNow({ keys }: KeyContext): Promise<Listing> {
  try {
    return await keys.list();
  } catch (error) {
    // With its bucket every key is gone.
    if (error instanceof BucketNotFound) return { keys: [], asOf: new Date() };
    throw error;
  }
}

function journaled(context: KeyContext, reading: JournalReading | null, listing: Listing): Journaled {
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

/** Only a create that may still take effect is worth a journal where there is no pair any more. */
async function endJournal(
  context: KeyContext,
  keeper: JournalKeeper,
  intent: Intent,
  listing: Listing,
): Promise<void> {
  const { asOf } = listing;
  const lateWindow = unlessOver(lateWindowGivingUp(intent, intent.bucket), listing);
  if (intent.made !== undefined) {
    const key = { id: intent.made };
    await keeper.end(newMark(context, key, asOf, lateWindow, { verifySeconds: null }));
    await removePair(context, intent.made);
  } else if (lateWindow) await keeper.release(intent);
  else await keeper.clear();
}

function isListed(id: string, { keys }: Listing): boolean {
  return keys.some((key) => key.id === id);
}

function nameOthers(current: KeyContext, { listing, found, newer }: Around): void {
  for (const { context, named } of found) {
    for (const remaining of named) nameOne(context, remaining, listing);
  }
  for (const { lateWindow } of found) {
    if (lateWindow) current.warn(messages.lateKeyMayCome(current.keys, lateWindow));
  }
  const { bucket } = current.keys;
  if (newer.length > 0) nameOne(current, { bucket, keys: newer, why: { kind: 'newer' } }, listing);
}

function nameOne(context: KeyContext, remaining: Remaining, listing: Listing): void {
  const { keys, destination } = context;
  const listed = listing.keys.filter(({ id }) => remaining.keys.includes(id));
  context.warn(messages.notOfThisResource(keys, destination.title, remaining, { ...listing, keys: listed }));
}
