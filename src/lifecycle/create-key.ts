import type { AccessKey } from './access-key.js';
import { KEYS_PER_BUCKET } from './access-key.js';
import { LifecycleError, reasonOf } from './lifecycle-error.js';
import type { CreateOutcome, Listing, World } from './ports.js';
import { noFreeSlot, unaccountedFor } from './refusals.js';
import { CREATE_MILLISECONDS } from './watch.js';
import { ids } from './wording.js';

/** A create that was refused for its pace is sent again this often, and one without an effect that often. */
const ATTEMPTS_WHEN_THROTTLED = 8;
const ATTEMPTS_WHEN_UNKNOWN = 3;
const FIRST_PAUSE = 500;

export interface Created {
  readonly made: Extract<CreateOutcome, { outcome: 'created' }>;
  /** Some earlier create of this run got no answer: it may still land. */
  readonly doubtful: boolean;
}

/** Thrown where nobody can tell whether a key was made: the intent has to stay for the next run. */
export class UnknownOutcome extends LifecycleError {}

/** One key for one intention: CreateBucketAccessKey is never sent again without looking in between. */
export async function createKey(
  world: World,
  order: { readonly exclusive: boolean },
  baseline: readonly string[],
): Promise<Created> {
  let throttled = 0;
  let unknown = 0;
  const deadline = world.clock.elapsed() + CREATE_MILLISECONDS;
  const isOver = () => world.clock.elapsed() >= deadline;
  for (;;) {
    if (world.signal.aborted) throw stopped(world, unknown > 0);
    const answer = await world.keys.create();
    if (answer.outcome === 'created') {
      world.known.made(answer.key.id);
      return { made: answer, doubtful: unknown > 0 };
    }
    if (answer.outcome === 'refused') {
      if (!answer.throttled || ++throttled >= ATTEMPTS_WHEN_THROTTLED || isOver()) {
        throw await refused(world, answer.reason, unknown > 0);
      }
      await world.clock.sleep(FIRST_PAUSE * 2 ** (throttled - 1), world.signal);
      continue;
    }
    unknown += 1;
    await world.clock.sleep(FIRST_PAUSE * 2 ** (unknown - 1));
    await settleDoubt(world, order, baseline, answer.reason);
    if (unknown >= ATTEMPTS_WHEN_UNKNOWN || isOver()) throw gaveUp(world, answer.reason, unknown);
  }
}

/** Returns when the bucket holds nothing that could be the outcome of an unanswered create. */
async function settleDoubt(
  world: World,
  order: { readonly exclusive: boolean },
  baseline: readonly string[],
  reason: string,
): Promise<void> {
  const listing = await listAfterDoubt(world, reason);
  const newcomers = newcomersIn(world, listing, baseline);
  if (newcomers.length === 0) return;
  if (!order.exclusive) {
    throw new UnknownOutcome(
      `Creating a key on bucket ${world.keys.bucket} got no answer, and key ${ids(newcomers)} has appeared since`,
      `${reason} ${unaccountedFor(world, listing, newcomers)} The next apply makes a key if there is room for one.`,
      { subject: 'bucket' },
    );
  }
  for (const key of newcomers) await deleteOrphan(world, key);
}

/** Only for a key whose owner is proven: by our own answer, the journal, or `exclusive` and our own baseline. */
export async function deleteOrphan(world: World, key: AccessKey): Promise<void> {
  try {
    await world.keys.delete(key.id);
  } catch (error) {
    throw new UnknownOutcome(
      `Key ${key.id} on bucket ${world.keys.bucket} was made by a call that got no answer, and cannot be deleted`,
      `${reasonOf(error)} Nobody has its secret. The next apply tries again.`,
      { subject: 'bucket' },
    );
  }
}

export function newcomersIn(world: World, listing: Listing, baseline: readonly string[]): AccessKey[] {
  return listing.keys.filter((key) => !baseline.includes(key.id) && !world.known.has(key.id));
}

async function listAfterDoubt(world: World, reason: string): Promise<Listing> {
  try {
    return await world.keys.list();
  } catch (error) {
    throw new UnknownOutcome(
      `Creating a key on bucket ${world.keys.bucket} got no answer, and its keys cannot be listed`,
      `${reason} Then: ${reasonOf(error)} There may be a key whose secret nobody has. The next plan lists the keys again and names it.`,
      { subject: 'bucket' },
    );
  }
}

async function refused(world: World, reason: string, doubtful: boolean): Promise<LifecycleError> {
  const kind = doubtful ? UnknownOutcome : LifecycleError;
  // The service has no error type for "two keys already": only the list can tell.
  const listing = await world.keys.list().catch(() => null);
  if (listing && listing.keys.length >= KEYS_PER_BUCKET && !doubtful) {
    return noFreeSlot(world, listing, listing.keys);
  }
  return new kind(
    `Bucket ${world.keys.bucket} got no access key: the call was refused`,
    `${reason} ${doubtful ? 'An earlier call got no answer, so a key may still appear; the next plan looks for it.' : 'No key was made.'}`,
    { subject: 'bucket' },
  );
}

function gaveUp(world: World, reason: string, unknown: number): UnknownOutcome {
  return new UnknownOutcome(
    `Creating a key on bucket ${world.keys.bucket} got no answer ${unknown === 1 ? 'once' : `${unknown} times`}`,
    `${reason} After each call the bucket's keys were listed, and none had been made so far. A late one may still appear within 15 minutes; the next plan looks for it.`,
    { subject: 'bucket' },
  );
}

function stopped(world: World, doubtful: boolean): LifecycleError {
  const kind = doubtful ? UnknownOutcome : LifecycleError;
  return new kind(
    `Stopped before a key was made on bucket ${world.keys.bucket}`,
    doubtful
      ? 'A call that was sent before got no answer, so a key may still appear; the next plan looks for it.'
      : 'No key was made. Apply again to make one.',
    { subject: 'bucket' },
  );
}
