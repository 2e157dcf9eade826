import { isReportedInFull, KEYS_PER_BUCKET } from './access-key.js';
import type { AccessKey } from './access-key.js';
import { deleteKey } from './delete.js';
import { afterFailure, endDelivery, pairOf, stagePair, verifyAndPromote, withdrawn } from './deliver.js';
import type { Baseline, Intent, Mark, LateWindow } from './journal/entry.js';
import type { JournalKeeper } from './journal/keeper.js';
import {
  CREATE_MILLISECONDS,
  merged,
  possibleOrphans,
  proofOf,
  unlessOver,
  lateWindowAfter,
} from './journal/late-window.js';
import { leaseFrom, leaseMilliseconds, newIntent, newMark } from './journal/new-entry.js';
import { LifecycleError } from './lifecycle-error.js';
import type { Message } from './message.js';
import * as messages from './messages/creation.js';
import type { CreateOutcome, Issued, Listing, CreateOptions, KeyContext } from './ports.js';
import { latest } from './service-time.js';
import { cannotWrite, noFreeSlot, unmanagedBeside } from './refusals.js';

/** A create that was refused for its pace is sent again this often, and one without an effect that often. */
const ATTEMPTS_WHEN_THROTTLED = 8;
const ATTEMPTS_WHEN_UNKNOWN = 3;
const FIRST_PAUSE = 500;

const ABOUT_BUCKET = { subject: 'bucket' } as const;

/** AWS may count a key that this process has deleted for so long: a create that it refuses meanwhile fits in later. */
const SLOT_FREE_WITHIN = 30_000;
const LONGEST_PAUSE = 8000;

/** How long the API may take to list a new key. */
const LISTED_WITHIN = 30_000;
const FIRST_LOOK = 100;
const LONGEST_LOOK = 2000;

export interface Start {
  readonly keeper: JournalKeeper;
  /** What the destination holds until the new pair is promoted. */
  readonly before: Mark | null;
  readonly lateWindow: LateWindow | null;
  /** By the clock's `elapsed`, a moment before the listing: from then on the lease runs, until the key is recorded. */
  readonly since: number;
  /** What was there before a call that AWS was not ready for; missing before the first one. */
  readonly beforeRefusal?: Baseline;
}

/** Baseline, intent, create, record, stage, verify, promote, list, mark: each step leaves what the next run needs. */
export async function makeKey(
  context: KeyContext,
  options: CreateOptions,
  listing: Listing,
  start: Start,
): Promise<Issued> {
  await assertRoom(context, options, listing, start.before);
  if (listing.isMissing) context.warn(messages.madeWithoutList(context.keys.bucket));
  if (!context.destination.journal) reportBaseline(context, listing);
  else if (start.beforeRefusal) reportBaseline(context, listing, start.beforeRefusal);
  const intent = newIntent(context, options, listing, start);
  await start.keeper.begin(intent);
  context.runs.noteAsked(intent.baseline, listing.asOf);
  const { made, doubtful } = await createKey(context, options, intent).catch(async (error: unknown) => {
    if (error instanceof UnknownOutcome) await start.keeper.release(intent);
    else {
      // Definitely no key: the destination is as it was.
      context.runs.forgetAsked();
      await start.keeper.giveUp(intent);
    }
    throw error;
  });
  context.runs.noteMade(made.key.id, listing.asOf);
  // A call before it may still take effect.
  if (!doubtful) context.runs.forgetAsked();

  const pair = pairOf(context, made.key, made.secret);
  // By it a run after this one tells whether the pair was altered. What cannot be written says so where it is written.
  const digest = await context.destination.digestToBe?.(pair).catch(() => undefined);
  const now = context.clock.elapsed();
  const recorded: Intent = {
    ...intent,
    // The store may have let this run wait for its turn, and lets it wait again.
    ...leaseFrom(new Date(latest(listing).getTime() + now - start.since), options),
    made: made.key.id,
    ...(digest !== undefined && { digest }),
    unlistedSince: (made.key.createdAt ?? listing.asOf).toISOString(),
    ...(!doubtful && { answered: true }),
  };
  try {
    const isOurs = await start.keeper.record(recorded).catch(async (error: unknown) => {
      throw await withdrawn(context, made.key, { step: 'record', cause: error });
    });
    if (!isOurs) throw await withdrawn(context, made.key, { step: 'taken over' });
    if (made.failure !== undefined) {
      throw await withdrawn(context, made.key, { step: 'create', cause: made.failure });
    }
    const deadline = now + leaseMilliseconds(options);
    const shipment = { key: made.key, keeper: start.keeper, intent: recorded, deadline };
    await stagePair(context, shipment, pair);
    const delivery = await verifyAndPromote(context, shipment, pair, options);
    const lateWindow = merged(
      unlessOver(start.lateWindow, listing),
      doubtful ? lateWindowAfter(recorded) : null,
    );
    if (lateWindow && !context.destination.journal) {
      context.warn(messages.lateKeyMayAppear(context.keys, made.key, lateWindow));
    }
    const key = await waitUntilListed(context, options, {
      key: made.key,
      baseline: intent.baseline,
      lateWindow,
    });
    await endDelivery(context, shipment, newMark(context, key, listing, lateWindow, options));
    return { key, delivery, beside: intent.baseline };
  } catch (error) {
    await start.keeper.release(afterFailure(recorded, error));
    throw error;
  }
}

/**
 * A create of a run that died can land between the plan and this look. Without a journal no later plan would tell it
 * from a key that was always there, so it is named now. So is what has come since AWS refused a call of this run.
 */
function reportBaseline(context: KeyContext, listing: Listing, reported: readonly string[] = []): void {
  for (const key of listing.keys.filter(({ id }) => !reported.includes(id))) {
    if (!context.known.isAccountedFor(key.id)) context.warn(unmanagedBeside(context, key, listing));
  }
}

/** Throws unless the destination is writable. */
export async function assertWritable(context: KeyContext): Promise<void> {
  await context.destination.check().catch((error: unknown) => {
    throw cannotWrite(context, error);
  });
}

/** Throws unless the bucket has a free slot and the destination is writable. */
export async function assertRoom(
  context: KeyContext,
  { replaces }: CreateOptions,
  listing: Listing,
  mark: Mark | null,
): Promise<void> {
  await assertWritable(context);
  if (listing.keys.length >= KEYS_PER_BUCKET) {
    const isNew = replaces === undefined;
    throw noFreeSlot(context, listing, listing.keys, { ours: context.known, isNew, mark });
  }
}

interface Created {
  readonly made: Extract<CreateOutcome, { outcome: 'created' }>;
  /** Some earlier create of this run got no answer: it may still land. */
  readonly doubtful: boolean;
}

/** Thrown where it is unknown whether a key was made: the intent has to stay for the next run. */
class UnknownOutcome extends LifecycleError {}

/** No key was made, and AWS says that one can be in some minutes. */
export class CreateNotReady extends LifecycleError {
  constructor(
    said: Message,
    readonly reason: string,
    readonly baseline: Baseline,
  ) {
    super(said, ABOUT_BUCKET);
  }
}

/** One key for one intention: CreateBucketAccessKey is never sent again without looking in between. */
async function createKey(
  context: KeyContext,
  options: { readonly exclusive: boolean },
  intent: Intent,
): Promise<Created> {
  let refusals = 0;
  let unknown = 0;
  const began = context.clock.elapsed();
  for (;;) {
    if (context.signal.aborted) throw stopped(context, intent, unknown > 0);
    const answer = await context.keys.create();
    const elapsed = context.clock.elapsed() - began;
    if (answer.outcome === 'created') {
      context.known.made(answer.key.id);
      return { made: answer, doubtful: unknown > 0 };
    }
    if (answer.outcome === 'refused') {
      // With a lease and a baseline of its own, once AWS is ready.
      if (answer.isNotReady && unknown === 0) {
        const said = messages.createRefused(context.keys.bucket, answer.reason, mayAppear(intent, false));
        throw new CreateNotReady(said, answer.reason, intent.baseline);
      }
      const pause = pauseAfterRefusal(context, answer, { refusals, elapsed });
      if (pause === null) throw await refused(context, intent, answer.reason, unknown > 0);
      refusals += 1;
      await context.clock.sleep(pause, context.signal);
      continue;
    }
    unknown += 1;
    await context.clock.sleep(FIRST_PAUSE * 2 ** (unknown - 1));
    await lookAfterNoAnswer(context, options, intent, answer.reason);
    if (unknown >= ATTEMPTS_WHEN_UNKNOWN || elapsed >= CREATE_MILLISECONDS) {
      throw new UnknownOutcome(
        messages.createUnanswered(context.keys.bucket, answer.reason, unknown),
        ABOUT_BUCKET,
      );
    }
  }
}

/** How long to wait until a refused create is sent again; null: never. */
function pauseAfterRefusal(
  { known, keys }: KeyContext,
  { throttled }: { readonly throttled: boolean },
  { refusals, elapsed }: { readonly refusals: number; readonly elapsed: number },
): number | null {
  const pause = FIRST_PAUSE * 2 ** refusals;
  if (throttled) {
    return refusals < ATTEMPTS_WHEN_THROTTLED - 1 && elapsed < CREATE_MILLISECONDS ? pause : null;
  }
  return known.hasDeletedOn(keys.bucket) && elapsed < SLOT_FREE_WITHIN
    ? Math.min(pause, LONGEST_PAUSE)
    : null;
}

/** Returns when the bucket holds nothing that could be the outcome of an unanswered create. */
async function lookAfterNoAnswer(
  context: KeyContext,
  options: { readonly exclusive: boolean },
  intent: Intent,
  reason: string,
): Promise<void> {
  const listing = await listAfterDoubt(context, reason);
  const { baseline } = intent;
  const newcomers = baseline
    ? newcomersIn(context, listing, baseline)
    : possibleOrphans(context, listing, lateWindowAfter(intent));
  if (newcomers.length === 0) return;
  if (!options.exclusive || !baseline || !newcomers.every(isReportedInFull)) {
    throw new UnknownOutcome(
      messages.unansweredAndAppeared(context.keys, newcomers, listing.asOf, reason),
      ABOUT_BUCKET,
    );
  }
  for (const key of newcomers) await deleteOrphan(context, key);
}

/** Only for a key whose owner is proven: by our own answer, the journal, or `exclusive` and our own baseline. */
export async function deleteOrphan(context: KeyContext, key: AccessKey): Promise<void> {
  try {
    await deleteKey(context, key.id);
  } catch (error) {
    throw new UnknownOutcome(messages.orphanNotDeleted(context.keys.bucket, key, error), ABOUT_BUCKET);
  }
}

function newcomersIn(context: KeyContext, listing: Listing, baseline: readonly string[]): AccessKey[] {
  return listing.keys.filter((key) => !baseline.includes(key.id) && !context.known.has(key.id));
}

async function listAfterDoubt(context: KeyContext, reason: string): Promise<Listing> {
  try {
    return await context.keys.list();
  } catch (error) {
    throw new UnknownOutcome(
      messages.unansweredAndNotListed(context.keys.bucket, reason, error),
      ABOUT_BUCKET,
    );
  }
}

async function refused(
  context: KeyContext,
  intent: Intent,
  reason: string,
  doubtful: boolean,
): Promise<LifecycleError> {
  const kind = doubtful ? UnknownOutcome : LifecycleError;
  // The service has no error type for "two keys already": only the list can tell.
  const listing = await context.keys.list().catch(() => null);
  if (listing && listing.keys.length >= KEYS_PER_BUCKET && !doubtful) {
    const isNew = intent.replaces === undefined;
    return noFreeSlot(context, listing, listing.keys, { ours: context.known, isNew, mark: null });
  }
  const { baseline } = intent;
  const landed = doubtful && listing && baseline ? newcomersIn(context, listing, baseline) : [];
  if (listing && landed.length > 0) {
    const later = `A later call was refused: ${reason}`;
    return new kind(messages.unansweredAndAppeared(context.keys, landed, listing.asOf, later), ABOUT_BUCKET);
  }
  return new kind(
    messages.createRefused(context.keys.bucket, reason, mayAppear(intent, doubtful)),
    ABOUT_BUCKET,
  );
}

function stopped(context: KeyContext, intent: Intent, doubtful: boolean): LifecycleError {
  const kind = doubtful ? UnknownOutcome : LifecycleError;
  return new kind(
    messages.stoppedBeforeCreate(context.keys.bucket, mayAppear(intent, doubtful)),
    ABOUT_BUCKET,
  );
}

/** A call of this run, or of one before it, got no answer. */
function mayAppear({ lateWindow }: Intent, doubtful: boolean): boolean {
  return doubtful || (lateWindow !== undefined && lateWindow.answered !== true);
}

interface Creation {
  readonly key: AccessKey;
  /** Keys already reported; null: what was there is unknown. */
  readonly baseline: Baseline;
  /** Calls that got no answer; null when all were answered. */
  readonly lateWindow: LateWindow | null;
}

/**
 * Waits until the API lists the new key, and looks once more for a key that this run did not ask for: a create of this
 * run that landed late, or an unmanaged one. The pair is delivered by now, so nothing here makes the apply fail.
 */
export async function waitUntilListed(
  context: KeyContext,
  options: { readonly exclusive: boolean },
  creation: Creation,
): Promise<AccessKey> {
  const { key } = creation;
  const deadline = context.clock.elapsed() + LISTED_WITHIN;
  for (let pause = FIRST_LOOK; ; pause = Math.min(pause * 2, LONGEST_LOOK)) {
    const listing = await context.keys.list().catch(() => null);
    const listed = listing?.keys.find((candidate) => candidate.id === key.id);
    if (listing && listed && !listed.isUnlisted) {
      await lookForOthers(context, options, creation, listing);
      return listed;
    }
    if (context.clock.elapsed() >= deadline || context.signal.aborted) {
      context.warn(messages.notListedYet(context.keys.bucket, key));
      return key;
    }
    await context.clock.sleep(pause, context.signal);
  }
}

async function lookForOthers(
  context: KeyContext,
  options: { readonly exclusive: boolean },
  { key, baseline, lateWindow }: Creation,
  listing: Listing,
): Promise<void> {
  const doubtful = possibleOrphans(context, listing, lateWindow);
  const appeared = baseline ? newcomersIn(context, listing, baseline) : [];
  for (const newcomer of new Set([...appeared, ...doubtful])) {
    if (doubtful.includes(newcomer) && proofOf(options, lateWindow, newcomer)) {
      await deleteOrphan(context, newcomer).catch((error: unknown) => {
        if (!(error instanceof UnknownOutcome)) throw error;
        context.warn(error.said);
      });
      continue;
    }
    context.warn(
      doubtful.includes(newcomer)
        ? messages.lateOrUnmanagedAppeared(context.keys, newcomer, key, listing.asOf)
        : messages.unmanagedAppeared(context.keys.bucket, newcomer, key),
    );
  }
  if (!baseline)
    reportBaseline(context, { ...listing, keys: listing.keys.filter((other) => !doubtful.includes(other)) });
}
