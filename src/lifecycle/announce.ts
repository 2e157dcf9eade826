import { KEYS_PER_BUCKET } from './access-key.js';
import type { Order } from './issue-key.js';
import { listKeysIfThere } from './list-keys.js';
import { permitReplacement } from './marks.js';
import type { Listing, World } from './ports.js';
import { cannotWrite, noFreeSlot, refusal } from './refusals.js';
import { survey } from './survey.js';
import type { Situation } from './survey.js';
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
  _leftovers: readonly string[] = [],
): Promise<void> {
  await world.destination.check().catch((error: unknown) => {
    throw cannotWrite(world, error);
  });
  const listing = await listKeysIfThere(world.keys);
  // While planning, a bucket that is not there yet is one that this apply will make.
  if (!listing) return;
  const situation = await survey(world, listing);
  const spoken = speakOf(order, world, listing, situation);
  if (situation.kind === 'delivered' || situation.kind === 'staged') return;
  if (situation.kind === 'free' && situation.mark) await permit(world, situation.mark.accessKeyId, listing);

  const taking = listing.keys.filter((key) => !spoken.toBeDeleted.includes(key.id));
  const strangers = taking.filter((key) => !world.known.has(key.id));
  const inTheWay = beside === null ? strangers : taking;
  if (inTheWay.length >= KEYS_PER_BUCKET) throw noFreeSlot(world, listing, inTheWay);
  const predecessor = situation.kind === 'free' ? situation.mark?.accessKeyId : undefined;
  for (const key of strangers) {
    if (spoken.named.includes(key.id) || key.id === predecessor) continue;
    world.warn({
      summary: `Bucket ${world.keys.bucket} already holds key ${key.id}`,
      detail: `${describeKey(key, listing.asOf)}. This resource does not account for it: it may be somebody else's, the key that this one replaces, or the leftover of a run that died. It is left alone, and apply makes a key beside it. If nobody needs it: ${deletionCommand(world.keys.bucket, world.keys.region, key.id)}`,
    });
  }
}

/** Says what is found, and which keys need no further word. */
function speakOf(
  order: Pick<Order, 'exclusive'>,
  world: World,
  listing: Listing,
  situation: Situation,
): { named: readonly string[]; toBeDeleted: readonly string[] } {
  const { bucket } = world.keys;
  switch (situation.kind) {
    case 'busy':
    case 'owned':
    case 'foreign':
      throw refusal(situation, world);
    case 'free':
      return { named: [], toBeDeleted: [] };
    case 'delivered':
      world.warn({
        summary: `Key ${situation.key.id} of bucket ${bucket} will be taken over from a run that died`,
        detail: `Its secret is at ${world.destination.title}, but no state has taken it. Apply adopts it and makes no second key. ${describeKey(situation.key, listing.asOf)}`,
      });
      return { named: [situation.key.id], toBeDeleted: [] };
    case 'staged':
      world.warn({
        summary: `Key ${situation.key.id} of bucket ${situation.intent.bucket} will be finished for a run that died`,
        detail: `Its secret is pending at ${world.destination.title}. Apply makes it current, or deletes the key and makes another where the secret cannot be read back or S3 refuses it.`,
      });
      return { named: [situation.key.id], toBeDeleted: [] };
    case 'abandoned':
      return speakOfAbandoned(order, world, listing, situation);
  }
}

function speakOfAbandoned(
  order: Pick<Order, 'exclusive'>,
  world: World,
  listing: Listing,
  { intent, newcomers }: Extract<Situation, { kind: 'abandoned' }>,
): { named: readonly string[]; toBeDeleted: readonly string[] } {
  const named = newcomers.map((key) => key.id);
  if (newcomers.length === 0) return { named, toBeDeleted: [] };
  const run = `${describeHolder(intent.holder)}, ${intent.begunAt}`;
  const ours = order.exclusive && intent.bucket === world.keys.bucket;
  world.warn({
    summary: `Key ${ids(newcomers)} appeared on bucket ${intent.bucket} during a run that could not finish`,
    detail: ours
      ? `That run (${run}) was making a key, and exclusive = true says that nobody else does: apply deletes it and makes another. ${describeKeys(newcomers, listing.asOf)}`
      : `That run (${run}) was making a key. It may be the outcome, and then nobody has its secret, or somebody else's: nothing proves it, so it is left alone. ${describeKeys(newcomers, listing.asOf)}. If nobody knows it: ${newcomers.map((key) => deletionCommand(intent.bucket, world.keys.region, key.id)).join(' ; ')}`,
  });
  return { named, toBeDeleted: ours ? named : [] };
}

async function permit(world: World, accessKeyId: string, listing: Listing): Promise<void> {
  if (!world.known.mayBeReplaced(accessKeyId)) return;
  if (await permitReplacement(world, accessKeyId, listing.asOf)) return;
  world.warn({
    summary: `Key ${accessKeyId} of bucket ${world.keys.bucket} can only be replaced by destroying it first`,
    detail: `${world.destination.title} could not be written while planning, so an apply with create_before_destroy will not know that the pair there is its own, and will refuse. Plan with write access to it, or leave create_before_destroy out.`,
  });
}
