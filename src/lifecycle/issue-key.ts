import { randomUUID } from 'node:crypto';
import type { Secret } from '../secret/secret.js';
import { KEYS_PER_BUCKET } from './access-key.js';
import type { AccessKey, KeyPair } from './access-key.js';
import { createKey, deleteOrphan, UnknownOutcome } from './create-key.js';
import { stagePair, verifyAndPromote, withdrawn } from './deliver.js';
import type { Delivery } from './destination.js';
import { LATE_LANDING_MILLISECONDS } from './journal.js';
import type { Intent, Mark, Watch } from './journal.js';
import { JournalKeeper } from './journal-keeper.js';
import { LifecycleError } from './lifecycle-error.js';
import { listKeys } from './list-keys.js';
import type { Listing, World } from './ports.js';
import { cannotWrite, noFreeSlot, refusal } from './refusals.js';
import { settle } from './settle.js';
import { survey } from './survey.js';
import type { Situation } from './survey.js';

/** What the author asked for. */
export interface Order {
  /** This resource alone makes keys on the bucket, so what appeared during its own failed call may be deleted. */
  readonly exclusive: boolean;
  /** How long S3 may take to accept the key, in seconds; null: it is not asked. */
  readonly verifySeconds: number | null;
}

/** A living key whose pair is where its consumers look for it. */
export interface Issued {
  readonly key: AccessKey;
  readonly delivery: Delivery;
}

/** Sending a create, and asking what became of it, takes no longer than this. */
const CREATE_MILLISECONDS = 120_000;
const GRACE_MILLISECONDS = 60_000;

/**
 * Gives the bucket one more key and delivers its secret, or takes over what a dead run has left at the
 * destination. Throws a {@link LifecycleError}; only its `remains` is then still alive.
 */
export async function issueKey(order: Order, world: World): Promise<Issued> {
  const listing = await listKeys(world.keys);
  const situation = await survey(world, listing);
  switch (situation.kind) {
    case 'busy':
    case 'owned':
    case 'foreign':
      throw refusal(situation, world);
    case 'delivered':
      return adopt(world, situation, listing);
    case 'staged':
      return resume(world, order, situation, listing);
    case 'abandoned':
      return afterAbandoned(world, order, situation, listing);
    case 'free':
      return make(world, order, listing, {
        keeper: new JournalKeeper(world, situation.journal),
        before: situation.mark,
        watch: situation.mark?.watch ?? null,
      });
  }
}

interface Start {
  readonly keeper: JournalKeeper;
  /** What the destination holds until the new pair is promoted. */
  readonly before: Mark | null;
  readonly watch: Watch | null;
}

async function make(world: World, order: Order, listing: Listing, start: Start): Promise<Issued> {
  await checkDestination(world);
  if (listing.keys.length >= KEYS_PER_BUCKET) throw noFreeSlot(world, listing, listing.keys);

  const intent = newIntent(world, order, listing, start.before);
  await start.keeper.begin(intent);
  try {
    const { made, doubtful } = await createKey(world, order, intent.baseline);
    const pair = pairOf(world, made.key, made.secret);
    await stagePair(world, made.key, pair);
    const delivery = await verifyAndPromote(world, made.key, pair, order.verifySeconds);
    const watch = doubtful ? watchFrom(intent) : start.watch;
    const key = await settle(world, order, { key: made.key, intent, doubtful });
    await start.keeper.end(newMark(world, key, listing.asOf, watch));
    return { key, delivery };
  } catch (error) {
    const open = error instanceof UnknownOutcome || (error instanceof LifecycleError && error.remains);
    await (open ? start.keeper.release(intent) : start.keeper.giveUp(start.before));
    throw error;
  }
}

/** The pair was promoted and nobody knows whether a state took it: this one does now. */
async function adopt(
  world: World,
  situation: Extract<Situation, { kind: 'delivered' }>,
  listing: Listing,
): Promise<Issued> {
  const { key, journal } = situation;
  const keeper = new JournalKeeper(world, journal);
  const watch = journal.entry?.phase === 'intent' ? watchFrom(journal.entry) : (journal.entry?.watch ?? null);
  await keeper.begin(newMark(world, key, listing.asOf, watch));
  const delivery = await world.destination.promote(key.id);
  world.known.made(key.id);
  world.warn({
    summary: `Key ${key.id} of bucket ${world.keys.bucket} was taken over from a run that died`,
    detail: `An earlier run had made it and delivered its secret to ${world.destination.title}, but no state had taken it. It is this resource's key now; no second key was made.`,
  });
  return { key, delivery };
}

/** The pair is pending: finished where it can be read back, withdrawn where it cannot. */
async function resume(
  world: World,
  order: Order,
  situation: Extract<Situation, { kind: 'staged' }>,
  listing: Listing,
): Promise<Issued> {
  const { key, intent, journal } = situation;
  const keeper = new JournalKeeper(world, journal);
  await keeper.begin({
    ...intent,
    ...newIntent(world, order, listing, intent.before ?? null),
    baseline: intent.baseline,
  });
  world.known.made(key.id);
  const here = intent.bucket === world.keys.bucket;
  const secret = here ? await world.destination.staged(key.id) : null;
  if (!secret) {
    const there = here ? world : { ...world, keys: world.keysOf(intent.bucket) };
    const outcome = await withdrawn(
      there,
      key,
      'A run died before the secret was delivered',
      'Its pair cannot be read back.',
    );
    if (outcome.remains) throw outcome;
    await keeper.giveUp(intent.before ?? null);
    return issueKey(order, world);
  }
  try {
    const delivery = await verifyAndPromote(world, key, pairOf(world, key, secret), order.verifySeconds);
    const settled = await settle(world, order, { key, intent, doubtful: false });
    await keeper.end(newMark(world, settled, listing.asOf, watchFrom(intent)));
    world.warn({
      summary: `Key ${key.id} of bucket ${world.keys.bucket} was finished for a run that died`,
      detail: `Its secret was pending at ${world.destination.title} and is current now; no second key was made.`,
    });
    return { key: settled, delivery };
  } catch (error) {
    await keeper.giveUp(intent.before ?? null);
    throw error;
  }
}

/** A dead run's creation without a pair: what came since its baseline is deleted only with proof. */
async function afterAbandoned(
  world: World,
  order: Order,
  situation: Extract<Situation, { kind: 'abandoned' }>,
  listing: Listing,
): Promise<Issued> {
  const { intent, journal, newcomers } = situation;
  const start: Start = {
    keeper: new JournalKeeper(world, journal),
    before: intent.before ?? null,
    watch: watchFrom(intent),
  };
  const ours = order.exclusive && intent.bucket === world.keys.bucket ? newcomers : [];
  if (ours.length === 0) return make(world, order, listing, start);

  // The take-over comes before the deletion: of several runs that find this intent, one acts on it.
  await start.keeper.begin({ ...newIntent(world, order, listing, start.before), baseline: intent.baseline });
  try {
    for (const key of ours) await deleteOrphan(world, key);
  } catch (error) {
    await start.keeper.release(intent);
    throw error;
  }
  return make(world, order, await listKeys(world.keys), start);
}

async function checkDestination(world: World): Promise<void> {
  try {
    await world.destination.check();
  } catch (error) {
    throw cannotWrite(world, error);
  }
}

function newIntent(
  world: World,
  order: Pick<Order, 'verifySeconds'>,
  listing: Listing,
  before: Mark | null,
): Intent {
  const lasts = CREATE_MILLISECONDS + (order.verifySeconds ?? 0) * 1000 + GRACE_MILLISECONDS;
  return {
    phase: 'intent',
    nonce: randomUUID(),
    bucket: world.keys.bucket,
    baseline: listing.keys.map((key) => key.id),
    holder: world.runs.self,
    begunAt: listing.asOf.toISOString(),
    expiresAt: new Date(listing.asOf.getTime() + lasts).toISOString(),
    ...(before && { before }),
  };
}

function newMark(world: World, key: AccessKey, at: Date, watch: Watch | null): Mark {
  return {
    phase: 'unconfirmed',
    bucket: world.keys.bucket,
    accessKeyId: key.id,
    holder: world.runs.self,
    at: at.toISOString(),
    ...(watch && { watch }),
  };
}

function watchFrom(intent: Intent): Watch {
  const until = new Date(Date.parse(intent.begunAt) + LATE_LANDING_MILLISECONDS);
  return { baseline: intent.baseline, since: intent.begunAt, until: until.toISOString() };
}

function pairOf(world: World, key: AccessKey, secretAccessKey: Secret): KeyPair {
  const { bucket, region } = world.keys;
  return { bucket, region, accessKeyId: key.id, secretAccessKey, createdAt: key.createdAt };
}
