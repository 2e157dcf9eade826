import { assertWritable, makeKey } from './create.js';
import { inspect } from './inspect.js';
import type { LateWindow } from './journal/entry.js';
import { JournalKeeper } from './journal/keeper.js';
import { lateWindowIn, merged, unlessOver } from './journal/late-window.js';
import { bucketMissing } from './list-keys.js';
import type { CreateOptions, Issued, KeyContext } from './ports.js';
import { adopt, afterAbandoned, resume } from './recover.js';
import { assertFree, overwrittenValue } from './refusals.js';

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
  /** What another destination's journal, which nobody reads from now on, asks to look out for. */
  inherited: LateWindow | null = null,
): Promise<Issued> {
  const since = context.clock.elapsed();
  const inspected = await inspect(context, options);
  if (!inspected) throw bucketMissing(context.keys);
  const { situation, listing } = inspected;
  if (inspected.overwrites) context.warn(overwrittenValue(context, inspected.overwrites));
  assertFree(situation, context);
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
          unlessOver(inherited, listing),
        ),
        since,
      });
  }
}
