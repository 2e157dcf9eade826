import { whyNotSettled, whyTooNew } from './acceptance.js';
import { KEYS_PER_BUCKET, isInactive, isOfUnknownStatus } from './access-key.js';
import type { AccessKey } from './access-key.js';
import { deleteKey, deleteWithPair, giveUpUnseen } from './delete.js';
import { assertDeliverable, issueKey } from './issue-key.js';
import { noteDeletion } from './journal/confirm.js';
import type { LateWindow } from './journal/entry.js';
import { lateWindowGivingUp, lateWindowIn } from './journal/late-window.js';
import { LifecycleError } from './lifecycle-error.js';
import { findKey, listedAgain, listKeys } from './list-keys.js';
import { inactiveNotDeleted, notRetired } from './messages/deletion.js';
import type { StillNeeded } from './messages/deletion.js';
import { givenUpUnlisted, unexpectedError } from './messages/recovery.js';
import type { Issued, CreateOptions, KeyContext, Listing } from './ports.js';
import { duringOverlap } from './refusals.js';
import { retirementOf } from './rotation-policy.js';
import type { Retirement, RotationPolicy } from './rotation-policy.js';
import { knownTime } from './service-time.js';
import { entryAt } from './snapshot.js';
import { takeOverPair } from './take-over.js';

/** The keys that one resource has by its state. */
export interface OwnKeys {
  readonly current: Pick<AccessKey, 'id' | 'status' | 'createdAt'> | null;
  /** Stays valid for its consumers until its overlap is over. */
  readonly previous: string | null;
  /** Of no use to anybody, and still to be deleted. */
  readonly leftovers: readonly string[];
  /** The last current key of a resource that has none: it was found gone. */
  readonly former: string | null;
}

/** What the plan has announced. */
export interface Work {
  readonly retires: boolean;
  readonly rotates: boolean;
  /** The current key's pair lies where `next` is already. */
  readonly takesOver: boolean;
}

/** One bucket, as seen from where each key's pair lies or is to lie. */
export interface RotationContexts {
  /** May throw: what the configuration refers to can turn out to be of no use. */
  next(): Promise<KeyContext>;
  readonly current: KeyContext;
  readonly previous: KeyContext;
}

/** The keys afterwards; also where something failed. */
export interface UpdatedKeys {
  /** Null: the current key is the one it was, or there is none any more. */
  readonly issued: Issued | null;
  /** The current key, where its pair was found in place. */
  readonly taken: Issued | null;
  /** ID of the current key. */
  readonly current: string | null;
  readonly previous: string | null;
  readonly leftovers: readonly string[];
  /** The after_create hook has not succeeded yet for the new key. */
  readonly isHookPending: boolean;
  readonly failures: readonly LifecycleError[];
}

/** The same while it is under way. */
type Progress = { -readonly [Name in keyof UpdatedKeys]: UpdatedKeys[Name] } & {
  leftovers: string[];
  readonly failures: LifecycleError[];
};

/**
 * One apply on living keys: what is left over goes, then a previous key whose time is over, then comes the next key,
 * and the one before it stays valid for the overlap. Never throws: what was done before a failure has to be saved.
 */
export async function updateKeys(
  contexts: RotationContexts,
  options: CreateOptions,
  policy: RotationPolicy,
  keys: OwnKeys,
  work: Work,
): Promise<UpdatedKeys> {
  const { known } = contexts.current;
  const after: Progress = {
    issued: null,
    taken: null,
    current: keys.current?.id ?? null,
    previous: keys.previous,
    // What another resource has in its state by now is no leftover any more.
    leftovers: keys.leftovers.filter((id) => !known.has(id)),
    isHookPending: false,
    failures: [],
  };
  try {
    const remaining = await removeLeftovers(contexts.current, after.leftovers, work, after.failures);
    for (const id of after.leftovers) if (!remaining.includes(id)) await noteDeletion(contexts.current, id);
    after.leftovers = remaining;
    if (work.takesOver && after.current !== null) {
      after.taken = await takeOverPair(await contexts.next(), options, after.current);
    }
    // Without a current key the previous one is all that consumers have.
    if (after.previous !== null && keys.current && work.retires) {
      const successor = { ...keys.current, context: contexts.current };
      if (await retireKey(contexts.previous, after.previous, policy, successor)) after.previous = null;
    }
    if (work.rotates) await rotate(contexts, options, policy, keys, after);
  } catch (error) {
    // Nothing may hide what was done before it.
    const failure = error instanceof LifecycleError ? error : unforeseen(contexts.current, error);
    after.failures.push(failure);
    if (failure.remains) after.leftovers.push(failure.remains.id);
  }
  return after;
}

/** Makes the next key, and writes down at each step what has become of the others. */
async function rotate(
  contexts: RotationContexts,
  options: CreateOptions,
  policy: RotationPolicy,
  keys: OwnKeys,
  after: Progress,
): Promise<void> {
  const { current: before } = keys;
  const follows = before?.id ?? keys.previous ?? keys.former;
  const order = { ...options, ...(follows !== null && { replaces: follows }) };
  const next = await contexts.next();
  const isUsable = before !== null && !isInactive(before);
  if (after.previous !== null) {
    const { previous: id } = after;
    const listing = await listedAgain(next, await listKeys(next.keys), [id]);
    const previous = listing.keys.find((key) => key.id === id);
    if (!previous) after.previous = null;
    else if (isUsable) assertNoOverlap(next, policy, before, previous, knownTime(listing));
  }
  if (before && !isUsable && (await makeRoom(next, order, before.id))) after.current = null;
  const issued = await issueKey(
    order,
    next,
    await lateWindowLeftBehind(contexts.current, next, [before?.id, keys.previous]),
  );
  const outgoing = after.current;
  after.issued = issued;
  after.current = issued.key.id;
  // Beside a previous key that lives, the new one has found room only because the current one is gone.
  if (isUsable && after.previous === null) after.previous = outgoing;
  else if (outgoing !== null) after.leftovers.push(outgoing);
  const failedHook = await next.hooks.created(issued.key.id, issued.delivery.reference);
  if (failedHook) after.failures.push(failedHook);
  after.isHookPending = failedHook !== null;
  // As long as its consumers do not know of the new key, the old one has to stay, and so where its status is unknown.
  const stays =
    after.previous === outgoing &&
    (policy.overlapHours > 0 ||
      after.isHookPending ||
      (before !== null && isOfUnknownStatus(before)) ||
      (await staysForNow(next, order, issued.key, outgoing)));
  if (outgoing === null || stays) return;
  const others = after.leftovers.filter((id) => id !== outgoing);
  const { key } = await findKey(contexts.current.keys, outgoing);
  if (key && isOfUnknownStatus(key)) {
    next.warn(notRetired(next.keys.bucket, outgoing, { kind: 'undetermined', what: 'its status' }));
    after.leftovers = others;
    after.previous = outgoing;
    return;
  }
  if (after.previous === outgoing) after.previous = null;
  const remaining = await removeLeftovers(contexts.current, [outgoing], { rotates: true }, after.failures);
  after.leftovers = [...others, ...remaining];
}

/** Its successor may not be known to all of S3 yet. */
async function staysForNow(
  context: KeyContext,
  { verifySeconds }: CreateOptions,
  successor: AccessKey,
  outgoing: string | null,
): Promise<boolean> {
  if (outgoing === null) return false;
  const why =
    verifySeconds !== null && context.known.triedAt(successor.id) === null
      ? // Taken over from a run that died, with a pair that cannot be read back.
        await whyTooNew(context, successor, await listKeys(context.keys), [outgoing])
      : await whyNotSettled(context, [outgoing]);
  if (why) context.warn(notRetired(context.keys.bucket, outgoing, why));
  return why !== null;
}

/**
 * Another destination's journal is read no more: what it asks to look out for comes along. `own`: keys of the state,
 * none of which is given up, even where the journal could not be told of its delivery.
 */
async function lateWindowLeftBehind(
  { destination }: KeyContext,
  next: KeyContext,
  own: readonly (string | null | undefined)[],
): Promise<LateWindow | null> {
  if (destination.title === next.destination.title) return null;
  const entry = await entryAt(destination);
  const isOwn = entry?.phase === 'intent' && own.includes(entry.made);
  return (isOwn ? lateWindowIn : lateWindowGivingUp)(entry, next.keys.bucket);
}

/** Two keys that consumers may use leave no slot for a third. */
function assertNoOverlap(
  { keys }: KeyContext,
  policy: RotationPolicy,
  current: Pick<AccessKey, 'id' | 'status' | 'createdAt'>,
  previous: AccessKey,
  asOf: Date | null,
): void {
  const retirement = retirementOf(policy, current, previous, asOf);
  if (retirement.kind === 'due') return;
  throw duringOverlap(keys.bucket, { current: current.id, previous: previous.id }, retirement);
}

function unforeseen({ keys }: KeyContext, error: unknown): LifecycleError {
  return new LifecycleError(unexpectedError(keys.bucket, error));
}

/**
 * An Inactive key of our own goes first when both slots are taken, once nothing else is in the way of its successor. Its
 * pair stays where it is until the next one comes.
 */
async function makeRoom(context: KeyContext, options: CreateOptions, inactive: string): Promise<boolean> {
  const { keys } = await listKeys(context.keys);
  const isInTheWay = (key: AccessKey) => key.id === inactive && isInactive(key);
  if (keys.length < KEYS_PER_BUCKET || !keys.some(isInTheWay)) return false;
  await assertDeliverable(options, context);
  await context.hooks.beforeDeletion(inactive);
  try {
    await deleteKey(context, inactive);
    return true;
  } catch (error) {
    throw new LifecycleError(inactiveNotDeleted(context.keys.bucket, inactive, error));
  }
}

/** Answers what may still be there. */
async function removeLeftovers(
  context: KeyContext,
  ids: readonly string[],
  { rotates }: Pick<Work, 'rotates'>,
  failures: LifecycleError[],
): Promise<string[]> {
  const remaining: string[] = [];
  for (const id of ids) {
    try {
      await deleteWithPair(context, id, 'leftover');
    } catch (error) {
      const failure = error instanceof LifecycleError ? error : unforeseen(context, error);
      const isGivenUp = giveUpUnseen(context, id, failure);
      // The dead run may have deleted it itself. A rotation writes over what the journal says of it.
      if (isGivenUp && !rotates && (await noteDeletion(context, id))) {
        context.warn(givenUpUnlisted(context.keys.bucket, id));
        continue;
      }
      // Its ID is kept, and what else is to be done does not wait for it.
      remaining.push(id);
      if (isGivenUp) context.warn(failure.said);
      else failures.push(failure);
    }
  }
  return remaining;
}

/** The key that came after the one to be retired, and the place of its pair. */
export interface Successor extends Pick<AccessKey, 'id' | 'status' | 'createdAt'> {
  readonly context: KeyContext;
}

/**
 * Deletes a previous key whose overlap is over. Answers whether it is gone: it stays where it was used since the plan,
 * and the author wants it kept then.
 */
export async function retireKey(
  context: KeyContext,
  accessKeyId: string,
  policy: RotationPolicy,
  successor: Successor,
): Promise<boolean> {
  const { key, listing } = await findKey(context.keys, accessKeyId);
  const retirement = key && retirementBeside(successor, policy, key, listing);
  const why =
    retirement && retirement.kind !== 'due'
      ? retirement
      : key && isInactive(key)
        ? null
        : // What consumers read is looked at last: it may change during the wait.
          ((key && (await whyTooNew(context, successor, listing, [accessKeyId]))) ??
          (await whyRead(successor.context, context, accessKeyId)));
  if (why) {
    context.warn(notRetired(context.keys.bucket, accessKeyId, why));
    return false;
  }
  await deleteWithPair(context, accessKeyId);
  return true;
}

function retirementBeside(
  successor: Successor,
  policy: RotationPolicy,
  previous: AccessKey,
  listing: Listing,
): Retirement {
  const current = listing.keys.find(({ id }) => id === successor.id);
  // The plan may be older than the end of the key that has followed: then consumers have no other one.
  if (!current) return { kind: 'successor unusable' };
  return retirementOf(policy, current.isUnlisted ? successor : current, previous, knownTime(listing));
}

/** At the current key's own place the pair of the one before must not lie any more; null where it does not. */
async function whyRead(
  here: KeyContext,
  context: KeyContext,
  accessKeyId: string,
): Promise<StillNeeded | null> {
  if (here.destination.title !== context.destination.title || !here.destination.journal) return null;
  try {
    return (await here.destination.read()).current?.accessKeyId === accessKeyId ? { kind: 'restored' } : null;
  } catch (error) {
    return { kind: 'not verified', cause: error };
  }
}
