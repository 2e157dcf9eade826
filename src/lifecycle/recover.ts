import { DestinationError } from './destination.js';
import { deleteOrphan } from './create-key.js';
import { verifyAndPromote, withdrawn } from './deliver.js';
import { JournalKeeper } from './journal-keeper.js';
import { LifecycleError, reasonOf } from './lifecycle-error.js';
import { listKeys } from './list-keys.js';
import { makeKey, pairOf } from './make-key.js';
import type { Issued, Order } from './order.js';
import type { Listing, World } from './ports.js';
import { holdMilliseconds, newMark, takenOver } from './records.js';
import { settle } from './settle.js';
import type { Situation } from './survey.js';
import { unlessOver, watchOf } from './watch.js';

type Found<Kind extends Situation['kind']> = Extract<Situation, { kind: Kind }>;

/** The pair was promoted and nobody knows whether a state took it: this one does now. */
export async function adopt(world: World, situation: Found<'delivered'>, listing: Listing): Promise<Issued> {
  const { key, journal } = situation;
  const keeper = new JournalKeeper(world, journal);
  // A watch that is over stays for one more refresh, which names what came in its time.
  await keeper.begin(newMark(world, key, listing.asOf, watchOf(journal.entry)));
  const delivery = await world.destination.promote(key.id).catch((error: unknown) => {
    throw new LifecycleError(
      `Key ${key.id} of bucket ${world.keys.bucket} could not be taken over from a run that died`,
      `${reasonOf(error)} The key is alive and its secret is at ${world.destination.title}; nothing was changed. ${error instanceof DestinationError ? error.remedy : ''} Apply again.`,
      { subject: 'destination' },
    );
  });
  world.known.made(key.id);
  world.warn({
    summary: `Key ${key.id} of bucket ${world.keys.bucket} was taken over from a run that died`,
    detail: `An earlier run had made it and delivered its secret to ${world.destination.title}, but no state had taken it. It is this resource's key now; no second key was made.`,
  });
  return { key, delivery };
}

/** The key is ours by the journal: finished where its secret can be read back, withdrawn where it cannot. */
export async function resume(
  world: World,
  order: Order,
  situation: Found<'unfinished'>,
  listing: Listing,
): Promise<Issued> {
  const { key, journal } = situation;
  const keeper = new JournalKeeper(world, journal);
  const intent = takenOver(world, order, listing, situation.intent);
  const deadline = world.clock.elapsed() + holdMilliseconds(order);
  await keeper.begin(intent);
  world.known.made(key.id);
  const watch = watchOf(intent);
  try {
    const here = intent.bucket === world.keys.bucket;
    const secret = here && !intent.withdrawn ? await world.destination.staged(key.id).catch(() => null) : null;
    if (!secret) {
      const there = here ? world : { ...world, keys: world.keysOf(intent.bucket) };
      const what = 'A run died before the secret was delivered';
      const outcome = await withdrawn(there, key, what, 'Its pair cannot be read back.');
      if (outcome.remains) throw outcome;
      const past = { keeper, before: intent.before ?? null, watch: here ? watch : null };
      return await afterOthers(world, order, situation.others, past, here);
    }
    const pair = pairOf(world, key, secret);
    const delivery = await verifyAndPromote(world, key, pair, order, deadline);
    const settled = await settle(world, order, { key, watch, doubtful: !intent.answered });
    await keeper.end(newMark(world, settled, listing.asOf, unlessOver(watch, listing.asOf)));
    world.warn({
      summary: `Key ${key.id} of bucket ${world.keys.bucket} was finished for a run that died`,
      detail: `Its secret was pending at ${world.destination.title} and is current now; no second key was made.`,
    });
    return { key: settled, delivery };
  } catch (error) {
    await keeper.release({ ...intent, withdrawn: true });
    throw error;
  }
}
