import { isReportedInFull } from './access-key.js';
import type { AccessKey } from './access-key.js';
import type { Holding } from './destination.js';
import { adoptionOf, isLeased, isOver, mayBeReplaced } from './journal/lease.js';
import type { Adoption } from './journal/lease.js';
import { keyIn, unlistedIn } from './journal/entry.js';
import type { Holder, Intent, JournalEntry, JournalReading, Mark } from './journal/entry.js';
import { creationOf, markOfMade } from './journal/new-entry.js';
import { LifecycleError } from './lifecycle-error.js';
import { listKeysBefore, listKeysIfThere } from './list-keys.js';
import { destinationNotReadable, otherBucketNotListed } from './messages/refusals.js';
import { BucketNotFound } from './ports.js';
import type { Claim, KeyContext, Listing } from './ports.js';
import { possibleOrphans, lateWindowOf, lateWindowAfter } from './journal/late-window.js';
import { isAsDelivered } from './snapshot.js';

/** What a destination and its bucket tell about the past, and so what may be done next. */
export type Situation =
  /** Nothing stands in the way. `mark` is what the new pair will replace: a dead pair, or its predecessor's. */
  | { readonly kind: 'free'; readonly journal: JournalReading | null; readonly mark: Mark | null }
  /** A run promoted this pair, and no state is known to have taken it; `others` may be late outcomes of that run. */
  | {
      readonly kind: 'delivered';
      readonly journal: JournalReading;
      readonly key: AccessKey;
      readonly as: Adoption;
      readonly others: readonly AccessKey[];
    }
  /** A run made this key and died before its pair was promoted, or it was altered since then; `others` may be late outcomes of it. */
  | {
      readonly kind: 'unfinished';
      readonly journal: JournalReading;
      readonly intent: Intent;
      /** What lies at the destination. */
      readonly before: Mark | null;
      readonly key: AccessKey;
      readonly others: readonly AccessKey[];
      /** The pair lies there, with another secret than was delivered. */
      readonly isAltered?: true;
    }
  /**
   * A run began a creation and died, or could not tell its outcome; `newcomers` came since its baseline. Of another
   * bucket the key that it made is one of them: there a journal proves nothing.
   */
  | {
      readonly kind: 'abandoned';
      readonly journal: JournalReading;
      readonly intent: Intent;
      readonly before: Mark | null;
      readonly newcomers: readonly AccessKey[];
    }
  /** Another run is creating a key for this destination right now. */
  | { readonly kind: 'busy'; readonly intent: Intent; readonly newcomers: readonly AccessKey[] }
  /** A run made this key and died; AWS does not tell all of it, so it is neither finished nor deleted. */
  | { readonly kind: 'undetermined'; readonly key: AccessKey }
  /** The destination holds the pair of another owner's living key. */
  | {
      readonly kind: 'owned';
      readonly mark: Mark;
      readonly beside: Beside | null;
      /** ID of the resource's own key, where the pair is of the one that has replaced it. */
      readonly follows?: string;
    }
  /**
   * The destination holds something that no run of ours has put there, as far as its journal tells, which may still name
   * living keys. `pairOf`: the living key of this bucket whose pair it is, where no resource of this process has it.
   */
  | { readonly kind: 'foreign'; readonly beside: Beside | null; readonly pairOf: AccessKey | null };

/** What the journal of a place leads to that is taken, beside the key whose pair lies there. */
export interface Beside {
  readonly bucket: string;
  /** Keys that no state is known to hold: made by a run that died, or come in its time. */
  readonly keys: readonly AccessKey[];
  readonly holder: Holder;
}

export interface Inspected {
  readonly situation: Situation;
  /** The pair will take the place of a value that is not ours; where that stays. */
  readonly overwrites: string | null;
  readonly listing: Listing;
}

/**
 * Reads, and changes nothing: the plan and the apply see with the same eyes. Null when there is no such bucket.
 *
 * The list comes last: an older one would not show a key that another run has made before the journal was read,
 * and its pair would be taken for a dead one.
 */
export async function inspect(context: KeyContext, options: Claim): Promise<Inspected | null> {
  const { journal, holding } = await readDestination(context);
  context.known.expectsAll(unlistedIn(journal?.entry));
  // Of what is recorded there, only a list tells whether it is alive.
  const list = journal?.entry ? listKeysIfThere : listKeysBefore;
  const listing = await list(context.keys);
  if (!listing) return null;
  const overwrites = overwrittenBy(context, options, holding, journal?.entry ?? null, listing);
  const seen = overwrites === null ? holding : { ...holding, current: null };
  return { situation: await judge(context, options, listing, journal, seen), listing, overwrites };
}

/**
 * Another value has replaced the pair that our mark names, and its owner is to have a new one:
 * the place is ours, so it is repaired. An unmarked value is covered only where all values stay.
 */
function overwrittenBy(
  { destination, known }: KeyContext,
  options: Claim,
  { current }: Holding,
  entry: JournalEntry | null,
  listing: Listing,
): string | null {
  if (!current) return null;
  if (current.accessKeyId === null && destination.keepsVersions) return 'as the version before';
  const mark = entry?.phase === 'intent' ? entry.before : entry;
  if (!mark || !destination.keepsChanged) return null;
  const isOfOurs =
    current.accessKeyId === mark.accessKeyId ||
    (entry?.phase === 'intent' && current.accessKeyId === entry.made);
  return !isOfOurs && mayBeReplaced({ known }, options, mark, listing) ? destination.keepsChanged : null;
}

async function readDestination(
  context: KeyContext,
): Promise<{ journal: JournalReading | null; holding: Holding }> {
  try {
    // The journal first: a pair that appears in between is then one the journal does not tell of, and is refused.
    const journal = (await context.destination.journal?.read()) ?? null;
    return { journal, holding: await context.destination.read() };
  } catch (error) {
    throw new LifecycleError(destinationNotReadable(context.keys.bucket, context.destination.title, error), {
      subject: 'destination',
    });
  }
}

/** The journal was taken away. By its state, the resource has put this pair there itself. */
function markOfLost(
  { destination, keys, known, runs }: KeyContext,
  { replaces }: Claim,
  accessKeyId: string | null,
  { asOf }: Listing,
): Mark | null {
  if (accessKeyId === null || !known.mayBeReplaced(accessKeyId, replaces)) return null;
  if (!known.wasDeliveredTo(accessKeyId, destination.reference)) return null;
  const at = asOf.toISOString();
  return { phase: 'confirmed', bucket: keys.bucket, accessKeyId, holder: runs.self, at, expiresAt: at };
}

interface Found {
  readonly journal: JournalReading;
  readonly current: string | null;
}

async function judge(
  context: KeyContext,
  options: Claim,
  listing: Listing,
  journal: JournalReading | null,
  holding: Holding,
): Promise<Situation> {
  const entry = journal?.entry ?? null;
  if (!journal || !entry) {
    if (!holding.current) return { kind: 'free', journal, mark: null };
    const mark = journal && markOfLost(context, options, holding.current.accessKeyId, listing);
    return mark
      ? { kind: 'free', journal, mark }
      : foreign(context, listing, null, holding.current.accessKeyId);
  }
  const found = { journal, current: holding.current?.accessKeyId ?? null };
  if (holding.current && found.current === null) return foreign(context, listing, entry, null);
  return entry.phase === 'intent'
    ? judgeIntent(context, options, listing, { ...found, intent: entry })
    : judgeMark(context, options, listing, { ...found, mark: entry });
}

/** Nothing is done there, but a key that a dead run has left beside a foreign value must not go unreported. */
async function foreign(
  context: KeyContext,
  listing: Listing,
  entry: JournalEntry | null,
  current: string | null,
): Promise<Situation> {
  const isLeft = entry && entry.phase !== 'confirmed' && isOver(context, entry, listing);
  const there = isLeft ? await listingOf(context, entry.bucket, listing).catch(() => null) : null;
  const pairOf = listing.keys.find(({ id }) => id === current && !context.known.has(id)) ?? null;
  return { kind: 'foreign', beside: entry && there && besideOf(context, there, entry, pairOf?.id), pairOf };
}

/** What the entry of a run that is over leads to, but for a key that is spoken of anyway. */
function besideOf(context: KeyContext, there: Listing, entry: JournalEntry, but?: string): Beside | null {
  const { bucket, holder } = entry;
  const named = keyIn(entry);
  const before = entry.phase === 'intent' ? entry.before?.accessKeyId : undefined;
  const keys = [
    ...there.keys.filter(({ id }) => id === named && id !== but && !context.known.has(id)),
    ...possibleOrphans(context, there, lateWindowOf(entry), [named, before, but]),
  ];
  return keys.length > 0 ? { bucket, keys, holder } : null;
}

async function judgeIntent(
  context: KeyContext,
  options: Claim,
  listing: Listing,
  found: Found & { readonly intent: Intent },
): Promise<Situation> {
  const { journal, current, intent } = found;
  const { before, made } = intent;
  if (isLeased(context, intent, listing)) {
    const there = await listingOf(context, intent.bucket, listing);
    const newcomers = possibleOrphans(context, there, lateWindowAfter(intent), [before?.accessKeyId]);
    return { kind: 'busy', intent, newcomers };
  }
  // What lies there is either what was there before the creation, or what came of it.
  if (current !== null && current !== before?.accessKeyId && current !== made) {
    return foreign(context, listing, intent, current);
  }

  const here = intent.bucket === context.keys.bucket;
  const there = await listingOf(context, intent.bucket, listing);
  const others = possibleOrphans(context, there, lateWindowOf(intent), [made, before?.accessKeyId]);
  const alive = there.keys.find(({ id }) => id === made);
  const isCurrent = current !== null && current === made;
  const held = isCurrent ? markOfMade(intent, made) : (before ?? null);
  const key = alive && !context.known.has(alive.id) ? alive : null;
  const owned = (mark: Mark): Situation => {
    return { kind: 'owned', mark, beside: besideOf(context, there, intent, mark.accessKeyId) };
  };
  const as = key && adoptionOf(context, options, intent, listing);
  if (alive && isCurrent && !intent.withdrawn) {
    const isOurs = key ? as !== null : context.known.mayBeReplaced(alive.id, options.replaces);
    if (!isOurs) return owned(markOfMade(intent, alive.id));
    // A pair of another form than is asked for now would be a false success: its key is withdrawn.
    const isWhole = isAsDelivered(context.destination, intent, alive.id);
    if (key && as && here && isWhole && isOfForm(context, intent))
      return { kind: 'delivered', journal, key, as, others };
  }
  // The one is on another bucket; the other is in a state, although its pair lies here no more.
  const isTaken = key && !intent.withdrawn && context.runs.wasTaken(key.id);
  if (key && ((isCurrent && !here) || (isTaken && !as))) return owned(markOfMade(intent, key.id));
  if (before?.accessKeyId === current) {
    const occupant = await judgeMark(context, options, listing, { ...found, mark: before });
    if (occupant.kind === 'owned') return owned(occupant.mark);
  }
  if (key && here) {
    if (!isReportedInFull(key)) return { kind: 'undetermined', key };
    const altered = isCurrent && !isAsDelivered(context.destination, intent, key.id) ? ALTERED : {};
    return { kind: 'unfinished', journal, intent, before: held, key, others, ...altered };
  }
  return { kind: 'abandoned', journal, intent, before: held, newcomers: key ? [key, ...others] : others };
}

async function judgeMark(
  context: KeyContext,
  options: Claim,
  listing: Listing,
  found: Found & { readonly mark: Mark },
): Promise<Situation> {
  const { journal, current, mark } = found;
  // A pair that our mark does not name was put there by another writer, whatever has become of our key.
  if (current !== null && current !== mark.accessKeyId) return foreign(context, listing, mark, current);
  const there = await listingOf(context, mark.bucket, listing);
  const key = there.keys.find(({ id }) => id === mark.accessKeyId);
  if (!key || mayBeReplaced(context, options, mark, listing)) return { kind: 'free', journal, mark };
  const isWanted = current !== null && mark.bucket === context.keys.bucket && isOfForm(context, mark);
  const as = context.known.has(key.id) ? null : adoptionOf(context, options, mark, listing);
  if (!isWanted || !as) {
    const isLeft = mark.phase !== 'confirmed' && isOver(context, mark, listing);
    const beside = isLeft ? besideOf(context, there, mark, key.id) : null;
    const isSuccessor = options.replaces !== undefined && options.replaces === mark.replaces;
    return { kind: 'owned', mark, beside, ...(isSuccessor && { follows: options.replaces }) };
  }
  const others = possibleOrphans(context, there, lateWindowOf(mark), [key.id]);
  if (isAsDelivered(context.destination, mark, key.id))
    return { kind: 'delivered', journal, key, as, others };
  if (!isReportedInFull(key)) return { kind: 'undetermined', key };
  const intent = creationOf(mark);
  return { kind: 'unfinished', journal, intent, before: mark, key, others, ...ALTERED };
}

const ALTERED = { isAltered: true } as const;

function isOfForm({ destination }: KeyContext, { form }: Intent | Mark): boolean {
  return form === undefined || destination.form === undefined || form === destination.form;
}

async function listingOf(context: KeyContext, bucket: string, listing: Listing): Promise<Listing> {
  if (bucket === context.keys.bucket) return listing;
  try {
    return await context.keysOf(bucket).list();
  } catch (error) {
    if (error instanceof BucketNotFound) return { ...listing, keys: [] };
    throw new LifecycleError(otherBucketNotListed(bucket, context.destination.title, error), {
      subject: 'destination',
    });
  }
}
