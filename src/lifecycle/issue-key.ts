import { bucketMissing } from './list-keys.js';
import type { Watch } from './journal.js';
import { JournalKeeper } from './journal-keeper.js';
import { assertWritable, makeKey } from './make-key.js';
import type { Issued, Order } from './order.js';
import type { World } from './ports.js';
import { adopt, afterAbandoned, resume } from './recover.js';
import { assertFree, coveredValue } from './refusals.js';
import { survey } from './survey.js';
import { merged, unlessOver, watchIn } from './watch.js';

export type { Issued, Order } from './order.js';

/** Throws what {@link issueKey} would throw for the destination's sake, before anything is given up for the new key. */
export async function assertDeliverable(world: World): Promise<void> {
  await assertWritable(world);
  const surveyed = await survey(world);
  if (!surveyed) throw bucketMissing(world.keys);
  assertFree(surveyed.situation, world);
}

/**
 * Gives the bucket one more key and delivers its secret, or takes over what a dead run has left at the
 * destination. Throws a {@link LifecycleError}; only its `remains` is then still alive.
 */
export async function issueKey(
  order: Order,
  world: World,
  /** What another destination's journal, which nobody reads from now on, asks to look out for. */
  inherited: Watch | null = null,
): Promise<Issued> {
  const surveyed = await survey(world);
  if (!surveyed) throw bucketMissing(world.keys);
  const { situation, listing } = surveyed;
  if (surveyed.covers) world.warn(coveredValue(world, surveyed.covers));
  assertFree(situation, world);
  switch (situation.kind) {
    case 'delivered':
      return adopt(world, situation, listing);
    case 'unfinished':
      return resume(world, order, situation, listing);
    case 'abandoned':
      return afterAbandoned(world, order, situation, listing);
    case 'free':
      return makeKey(world, order, listing, {
        keeper: new JournalKeeper(world, situation.journal),
        before: situation.mark,
        watch: merged(
          unlessOver(watchIn(situation.mark, world.keys.bucket), listing.asOf),
          unlessOver(inherited, listing.asOf),
        ),
      });
  }
}
