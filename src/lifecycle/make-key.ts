import type { Secret } from '../secret/secret.js';
import { KEYS_PER_BUCKET } from './access-key.js';
import type { AccessKey, KeyPair } from './access-key.js';
import { createKey, UnknownOutcome } from './create-key.js';
import { afterFailure, stagePair, verifyAndPromote, withdrawn } from './deliver.js';
import type { Intent, Mark, Watch } from './journal.js';
import type { JournalKeeper } from './journal-keeper.js';
import type { Issued, Order } from './order.js';
import type { Listing, World } from './ports.js';
import { holdMilliseconds, newIntent, newMark } from './records.js';
import { cannotWrite, noFreeSlot, unaccountedBeside } from './refusals.js';
import { settle } from './settle.js';
import { merged, unlessOver, watchOver } from './watch.js';

export interface Start {
  readonly keeper: JournalKeeper;
  /** What the destination holds until the new pair is promoted. */
  readonly before: Mark | null;
  readonly watch: Watch | null;
}

/** Baseline, intent, create, record, stage, verify, promote, settle, mark: each step leaves what the next run needs. */
export async function makeKey(world: World, order: Order, listing: Listing, start: Start): Promise<Issued> {
  await assertRoom(world, listing);
  if (!world.destination.journal) nameBaseline(world, listing);
  const intent = newIntent(world, order, listing, start);
  const began = world.clock.elapsed();
  await start.keeper.begin(intent);
  const { made, doubtful } = await createKey(world, order, intent.baseline).catch(async (error: unknown) => {
    // Definitely no key: the destination is as it was.
    await (error instanceof UnknownOutcome ? start.keeper.release(intent) : start.keeper.giveUp(intent));
    throw error;
  });

  const recorded: Intent = { ...intent, made: made.key.id, ...(!doubtful && { answered: true }) };
  try {
    const isOurs = await start.keeper.record(recorded).catch(async (error: unknown) => {
      throw await withdrawn(world, made.key, { step: 'record', cause: error });
    });
    if (!isOurs) throw await withdrawn(world, made.key, { step: 'taken over' });
    const pair = pairOf(world, made.key, made.secret);
    await stagePair(world, made.key, pair);
    const deadline = began + holdMilliseconds(order);
    const delivery = await verifyAndPromote(world, made.key, pair, order, deadline);
    const watch = merged(unlessOver(start.watch, listing.asOf), doubtful ? watchOver(intent) : null);
    const key = await settle(world, order, { key: made.key, baseline: intent.baseline, watch });
    await start.keeper.end(newMark(world, key, listing.asOf, watch));
    return { key, delivery };
  } catch (error) {
    await start.keeper.release(afterFailure(recorded, error));
    throw error;
  }
}

/**
 * A create of a run that died can land between the plan and this look. Without a journal no later plan would tell it
 * from a key that was always there, so it is named now.
 */
function nameBaseline(world: World, listing: Listing): void {
  for (const key of listing.keys) {
    if (!world.known.isAccountedFor(key.id)) world.warn(unaccountedBeside(world, key, listing));
  }
}

/** The destination takes what comes. */
export async function assertWritable(world: World): Promise<void> {
  await world.destination.check().catch((error: unknown) => {
    throw cannotWrite(world, error);
  });
}

/** The bucket has a free slot, and the destination takes what comes. */
export async function assertRoom(world: World, listing: Listing): Promise<void> {
  await assertWritable(world);
  if (listing.keys.length >= KEYS_PER_BUCKET) throw noFreeSlot(world, listing, listing.keys);
}

export function pairOf(world: World, key: AccessKey, secretAccessKey: Secret): KeyPair {
  const { bucket, region } = world.keys;
  return { bucket, region, accessKeyId: key.id, secretAccessKey, createdAt: key.createdAt };
}
