import { isOfUnknownStatus } from './access-key.js';
import { assertWritable, CreateNotReady, makeKey } from './create.js';
import { inspect } from './inspect.js';
import type { Baseline, LateWindow } from './journal/entry.js';
import { JournalKeeper } from './journal/keeper.js';
import { lateWindowIn, merged, unlessOver } from './journal/late-window.js';
import { bucketMissing, listKeysBefore } from './list-keys.js';
import type { Message } from './message.js';
import type { CreateOptions, Issued, KeyContext, Claim } from './ports.js';
import { Readiness } from './readiness.js';
import { adopt, afterAbandoned, resume } from './recover.js';
import { assertFree, overwrittenValue, statusUndetermined } from './refusals.js';
import { LifecycleError } from './lifecycle-error.js';
import type { Inspection } from './room.js';
import { isInPlace } from './take-over.js';

export type { Issued, CreateOptions } from './ports.js';

/** Throws what {@link issueKey} would throw for the destination's sake, before anything is given up for the new key. */
export async function assertDeliverable(options: CreateOptions, context: KeyContext): Promise<void> {
  await assertWritable(context);
  const inspected = await inspect(context, options);
  if (!inspected) throw bucketMissing(context.keys);
  assertFree(inspected.situation, context);
}

/**
 * Gives the bucket one more key and delivers its secret, or takes over what a dead run has left at the
 * destination. Throws a {@link LifecycleError}; only its `remains` is then still alive.
 */
export async function issueKey(
  options: CreateOptions,
  context: KeyContext,
  /** What another destination's journal, which is not read from now on, asks to look out for. */
  inherited: LateWindow | null = null,
): Promise<Issued> {
  const readiness = new Readiness(context, 'CreateBucketAccessKey');
  const told = new Set<string>();
  const warn = (message: Message) => {
    if (!told.has(message.happened)) context.warn(message);
    told.add(message.happened);
  };
  let beforeRefusal: Baseline | undefined;
  for (;;) {
    try {
      return await issueOnce(options, { ...context, warn }, inherited, beforeRefusal);
    } catch (error) {
      if (!(error instanceof CreateNotReady) || !(await readiness.continues(error.reason))) throw error;
      beforeRefusal ??= error.baseline;
    }
  }
}

async function issueOnce(
  options: CreateOptions,
  context: KeyContext,
  inherited: LateWindow | null,
  beforeRefusal: Baseline | undefined,
): Promise<Issued> {
  const since = context.clock.elapsed();
  const inspected = await inspect(context, options);
  if (!inspected) throw bucketMissing(context.keys);
  const { situation, listing } = inspected;
  if (inspected.overwrites) context.warn(overwrittenValue(context, inspected.overwrites));
  assertFree(situation, context);
  const followed = listing.keys.find(({ id }) => id === options.replaces);
  if (options.needsStatus && followed && isOfUnknownStatus(followed) && !followed.isUnlisted) {
    throw statusUndetermined(context.keys.bucket, followed);
  }
  switch (situation.kind) {
    case 'delivered':
      return adopt(context, options, situation, listing);
    case 'unfinished':
      return resume(context, options, situation, listing, since);
    case 'abandoned':
      return afterAbandoned(context, options, situation, listing, since);
    case 'free':
      return makeKey(context, options, listing, {
        keeper: new JournalKeeper(context, situation.journal),
        before: situation.mark,
        lateWindow: merged(
          unlessOver(lateWindowIn(situation.mark, context.keys.bucket), listing),
          unlessOver(merged(inherited, context.known.leftOpenOn(context.keys.bucket)), listing),
        ),
        since,
        ...(beforeRefusal !== undefined && { beforeRefusal }),
      });
  }
}

/** Whether the destination holds the pair of this key. One that cannot be asked does not hold it. */
export async function lookForPair(
  context: KeyContext,
  accessKeyId: string,
): Promise<{ readonly isInPlace: boolean; readonly title: string }> {
  const found = await isInPlace(context, accessKeyId).catch(() => false);
  return { isInPlace: found, title: context.destination.title };
}

/** What a new key would meet on the bucket and, where that is known, at the destination. Changes nothing. */
export async function lookForRoom(
  context: KeyContext,
  options: Claim,
  withDestination: boolean,
): Promise<Inspection> {
  const scene = { keys: context.keys, destination: context.destination };
  try {
    if (!withDestination) {
      const listing = await listKeysBefore(context.keys);
      return listing ? { found: 'bucket', scene, listing } : { found: 'no bucket', scene };
    }
    await assertWritable(context);
    const inspected = await inspect(context, options);
    return inspected ? { found: 'all', scene, inspected } : { found: 'no bucket', scene };
  } catch (problem) {
    if (problem instanceof LifecycleError) return { found: 'nothing', problem };
    throw problem;
  }
}
