import { KEYS_PER_BUCKET } from './access-key.js';
import type { AccessKey } from './access-key.js';
import type { Intent, JournalEntry, Mark } from './journal.js';
import { listKeysIfThere } from './list-keys.js';
import { assertWritable } from './make-key.js';
import type { Order } from './order.js';
import { permitReplacement } from './marks.js';
import { framed } from './message.js';
import type { Listing, World } from './ports.js';
import { assertFree, coveredValue, noFreeSlot, unaccountedBeside } from './refusals.js';
import { survey } from './survey.js';
import type { Situation } from './survey.js';
import { unlessOver, watchOf } from './watch.js';
import { deletionCommand, describeHolder, describeKey, describeKeys, ids } from './wording.js';

/**
 * What {@link issueKey} would do now, said while planning: throws what it would throw, and warns of what it
 * would take over, delete or leave alone. Nothing is created or deleted.
 *
 * `beside` is the key that the new one is made beside; without it, whatever this process has in its states may be
 * gone before the new key is made.
 */
export async function announceIssue(
  order: Pick<Order, 'exclusive'>,
  world: World,
  beside: string | null,
  /** Keys of this resource that the same apply deletes first. */
  leftovers: readonly string[] = [],
): Promise<void> {
  await assertWritable(world);
  const surveyed = await survey(world);
  // While planning, a bucket that is not there yet is one that this apply will make.
  if (!surveyed) return;
  const { situation, listing } = surveyed;
  if (surveyed.covers) world.warn(coveredValue(world, surveyed.covers));
  const spoken = speakOf(order, world, listing, situation);
  if ('journal' in situation) warnOfOtherBucket(world, listing, situation.journal?.entry ?? null);
  const predecessor = predecessorIn(situation);
  if (predecessor) world.known.announced(predecessor.accessKeyId);

  const going = [...spoken.toBeDeleted, ...leftovers];
  for (const id of going) world.known.announced(id);
  const { strangers, inTheWay } = slotsOf(world, listing, beside, going);
  if (spoken.needsRoom && inTheWay.length >= KEYS_PER_BUCKET) throw noFreeSlot(world, listing, inTheWay);
  // A rotation in place needs no permission: its apply knows the predecessor.
  if (predecessor && beside === null) await permit(world, predecessor, listing);
  for (const key of strangers) {
    if (spoken.named.includes(key.id) || key.id === predecessor?.accessKeyId) continue;
    world.warn(unaccountedBeside(world, key, listing));
  }
}

/**
 * As much of {@link announceIssue} as can be said while the destination is not known. Its journal may turn out to know
 * one of the keys, so nothing is refused.
 */
export async function announceSlots(
  world: World,
  beside: string | null,
  going: readonly string[] = [],
): Promise<void> {
  const listing = await listKeysIfThere(world.keys);
  if (!listing) return;
  const { strangers, inTheWay } = slotsOf(world, listing, beside, going);
  if (beside !== null || inTheWay.length < KEYS_PER_BUCKET) {
    for (const key of strangers) world.warn(unaccountedBeside(world, key, listing));
    return;
  }
  const unless = `Apply fails, unless the destination, which is not known yet, shows that one of them is this resource's.`;
  world.warn(framed(noFreeSlot(world, listing, inTheWay).said, '', unless));
}

/** `inTheWay`: what will still take a slot when the new key is made. */
function slotsOf(world: World, listing: Listing, beside: string | null, going: readonly string[]) {
  const taking = listing.keys.filter((key) => !going.includes(key.id));
  const strangers = taking.filter((key) => !world.known.has(key.id));
  return { strangers, inTheWay: beside === null ? strangers : taking };
}

function predecessorIn(situation: Situation): Mark | null {
  if (situation.kind === 'free') return situation.mark;
  return situation.kind === 'abandoned' || situation.kind === 'unfinished' ? situation.before : null;
}

/** Which keys need no further word, which ones go, and whether a slot has to be free beside the rest. */
interface Spoken {
  readonly named: readonly string[];
  readonly toBeDeleted: readonly string[];
  readonly needsRoom: boolean;
}

function speakOf(
  order: Pick<Order, 'exclusive'>,
  world: World,
  listing: Listing,
  situation: Situation,
): Spoken {
  const { bucket } = world.keys;
  assertFree(situation, world);
  switch (situation.kind) {
    case 'free':
      return { named: [], toBeDeleted: [], needsRoom: true };
    case 'delivered':
      world.known.announced(situation.key.id);
      world.warn({
        summary: `Key ${situation.key.id} of bucket ${bucket} will be taken over from a run that died`,
        detail: `Its secret is at ${world.destination.title}, but no state has taken it. Apply adopts it and makes no second key. ${describeKey(situation.key, listing.asOf)}`,
      });
      return { named: [situation.key.id], toBeDeleted: [], needsRoom: false };
    case 'unfinished': {
      const { intent, key, others } = situation;
      world.warn({
        summary: `Key ${key.id} of bucket ${intent.bucket} will be finished or deleted for a run that died`,
        detail: `That run had made it for ${world.destination.title} and has not delivered its secret. Apply makes the pending secret current, or deletes the key and makes another where the secret cannot be read back or S3 refuses it.`,
      });
      const spoken = speakOfNewcomers(order, world, listing, intent, others);
      return {
        named: [...spoken.named, key.id],
        toBeDeleted: [...spoken.toBeDeleted, key.id],
        needsRoom: true,
      };
    }
    case 'abandoned':
      return speakOfNewcomers(order, world, listing, situation.intent, situation.newcomers);
  }
}

function speakOfNewcomers(
  order: Pick<Order, 'exclusive'>,
  world: World,
  listing: Listing,
  intent: Intent,
  newcomers: readonly AccessKey[],
): Spoken {
  const named = newcomers.map((key) => key.id);
  if (newcomers.length === 0) return { named, toBeDeleted: [], needsRoom: true };
  const run = `${describeHolder(intent.holder)}, ${intent.begunAt}`;
  const ours = order.exclusive && intent.bucket === world.keys.bucket;
  world.warn({
    summary: `Key ${ids(newcomers)} appeared on bucket ${intent.bucket} during a run that could not finish`,
    detail: ours
      ? `That run (${run}) was making a key, and exclusive = true says that nobody else does: apply deletes it and makes another. ${describeKeys(newcomers, listing.asOf)}`
      : `That run (${run}) was making a key. It may be the outcome, and then nobody has its secret, or somebody else's: nothing proves it, so it is left alone. ${describeKeys(newcomers, listing.asOf)}. If nobody knows it: ${newcomers.map((key) => deletionCommand(intent.bucket, world.keys.region, key.id)).join(' ; ')}`,
  });
  return { named, toBeDeleted: ours ? named : [], needsRoom: true };
}

async function permit(world: World, { accessKeyId }: Mark, listing: Listing): Promise<void> {
  if (!world.known.mayBeReplaced(accessKeyId)) return;
  if (await permitReplacement(world, accessKeyId, listing.asOf)) return;
  world.warn({
    summary: `Key ${accessKeyId} of bucket ${world.keys.bucket} can only be replaced by destroying it first`,
    detail: `${world.destination.title} could not be written while planning, so an apply with create_before_destroy will not know that the pair there is its own, and will refuse. Plan with write access to it, or leave create_before_destroy out.`,
  });
}

/** From now on nobody of this resource looks at the bucket that it had before. */
function warnOfOtherBucket(world: World, { asOf }: Listing, entry: JournalEntry | null): void {
  const watch = unlessOver(watchOf(entry), asOf);
  if (!watch || !entry || entry.bucket === world.keys.bucket) return;
  world.warn({
    summary: `Bucket ${entry.bucket} may still get a key that nobody knows`,
    detail: `A run on ${entry.holder.host} sent a call there that got no answer, and until ${watch.until} it may take effect. This resource makes keys of bucket ${world.keys.bucket} now and does not look there again. Look yourself: aws lightsail get-bucket-access-keys --region ${world.keys.region} --bucket-name ${entry.bucket}`,
  });
}
