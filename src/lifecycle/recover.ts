import type { AccessKey } from './access-key.js';
import { deleteOrphan } from './create-key.js';
import { afterFailure, verifyAndPromote, withdrawn } from './deliver.js';
import type { Intent, Mark } from './journal.js';
import { JournalKeeper } from './journal-keeper.js';
import { LifecycleError } from './lifecycle-error.js';
import { listKeys } from './list-keys.js';
import { assertRoom, makeKey, pairOf } from './make-key.js';
import { adopted, finished, notAdopted } from './messages/recovery.js';
import type { Issued, Order } from './order.js';
import type { Listing, World } from './ports.js';
import { holdMilliseconds, newMark, takenOver } from './records.js';
import { settle } from './settle.js';
import type { Situation } from './survey.js';
import { unlessOver, watchIn, watchOf } from './watch.js';

type Found<Kind extends Situation['kind']> = Extract<Situation, { kind: Kind }>;

/** The pair was promoted and nobody knows whether a state took it: this one does now. */
export async function adopt(world: World, situation: Found<'delivered'>, listing: Listing): Promise<Issued> {
  const { key, journal } = situation;
  const { bucket } = world.keys;
  const { title } = world.destination;
  const keeper = new JournalKeeper(world, journal);
  // A watch that is over stays for one more refresh, which names what came in its time.
  await keeper.begin(newMark(world, key, listing.asOf, watchOf(journal.entry)));
  const delivery = await world.destination.promote(key.id).catch((error: unknown) => {
    throw new LifecycleError(notAdopted(bucket, key.id, title, error), { subject: 'destination' });
  });
  world.known.made(key.id);
  world.warn(adopted(bucket, key.id, title));
  return { key, delivery };
}

/** The key is ours by the journal: finished where its secret can be read back, withdrawn where it cannot. */
export async function resume(
  world: World,
  order: Order,
  situation: Found<'unfinished'>,
  listing: Listing,
): Promise<Issued> {
  const { key, journal, others } = situation;
  const keeper = new JournalKeeper(world, journal);
  const intent = takenOver(world, order, listing, situation.intent);
  const deadline = world.clock.elapsed() + holdMilliseconds(order);
  await keeper.begin(intent);
  world.known.made(key.id);
  const isHere = intent.bucket === world.keys.bucket;
  const secret =
    isHere && !intent.withdrawn ? await world.destination.staged(key.id).catch(() => null) : null;
  if (!secret) {
    await withdrawForTheDead(
      isHere ? world : { ...world, keys: world.keysOf(intent.bucket) },
      keeper,
      intent,
      key,
    );
    return makeAnew(world, order, keeper, { intent, before: situation.before, newcomers: others });
  }
  world.learn(secret);
  try {
    const delivery = await verifyAndPromote(world, key, pairOf(world, key, secret), order, deadline);
    const watch = watchOf(intent);
    const baseline = listing.keys.filter((listed) => !others.includes(listed)).map(({ id }) => id);
    const settled = await settle(world, order, { key, baseline, watch });
    await keeper.end(newMark(world, settled, listing.asOf, unlessOver(watch, listing.asOf)));
    world.warn(finished(world.keys.bucket, key.id, world.destination.title));
    return { key: settled, delivery };
  } catch (error) {
    await keeper.release(afterFailure(intent, error));
    throw error;
  }
}

async function withdrawForTheDead(
  world: World,
  keeper: JournalKeeper,
  intent: Intent,
  key: AccessKey,
): Promise<void> {
  const outcome = await withdrawn(world, key, { step: 'died' });
  if (!outcome.remains) return;
  await keeper.release({ ...intent, withdrawn: true });
  throw outcome;
}

/** A dead run's creation without a key that is known: what came since its baseline is deleted only with proof. */
export async function afterAbandoned(
  world: World,
  order: Order,
  situation: Found<'abandoned'>,
  listing: Listing,
): Promise<Issued> {
  const { intent, before, journal, newcomers } = situation;
  const keeper = new JournalKeeper(world, journal);
  if (provenBy(order, world, intent, newcomers).length === 0) {
    return makeKey(world, order, listing, { keeper, before, watch: watchIn(intent, world.keys.bucket) });
  }
  // The take-over comes before the deletion: of several runs that find this intent, one acts on it.
  const mine = takenOver(world, order, listing, intent);
  await keeper.begin(mine);
  return makeAnew(world, order, keeper, { intent: mine, before, newcomers });
}

/** The journal holds `intent` as ours: its key is gone, and what else it may have left goes before a new one is made. */
async function makeAnew(
  world: World,
  order: Order,
  keeper: JournalKeeper,
  past: { readonly intent: Intent; readonly before: Mark | null; readonly newcomers: readonly AccessKey[] },
): Promise<Issued> {
  const { intent, before, newcomers } = past;
  let listing: Listing;
  try {
    for (const key of provenBy(order, world, intent, newcomers)) await deleteOrphan(world, key);
    listing = await listKeys(world.keys);
    await assertRoom(world, listing);
  } catch (error) {
    await keeper.release({ ...intent, ...(intent.made !== undefined && { withdrawn: true as const }) });
    throw error;
  }
  return makeKey(world, order, listing, { keeper, before, watch: watchIn(intent, world.keys.bucket) });
}

function provenBy(
  order: Order,
  world: World,
  intent: Intent,
  newcomers: readonly AccessKey[],
): readonly AccessKey[] {
  return order.exclusive && intent.bucket === world.keys.bucket ? newcomers : [];
}
