import type { AccessKey } from './access-key.js';
import { KEYS_PER_BUCKET } from './access-key.js';
import { LifecycleError } from './lifecycle-error.js';
import * as messages from './messages/creation.js';
import type { CreateOutcome, Listing, World } from './ports.js';
import { noFreeSlot } from './refusals.js';
import { CREATE_MILLISECONDS } from './watch.js';

/** A create that was refused for its pace is sent again this often, and one without an effect that often. */
const ATTEMPTS_WHEN_THROTTLED = 8;
const ATTEMPTS_WHEN_UNKNOWN = 3;
const FIRST_PAUSE = 500;

const ABOUT_BUCKET = { subject: 'bucket' } as const;

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
    if (unknown >= ATTEMPTS_WHEN_UNKNOWN || isOver()) {
      throw new UnknownOutcome(
        messages.createUnanswered(world.keys.bucket, answer.reason, unknown),
        ABOUT_BUCKET,
      );
    }
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
      messages.unansweredAndAppeared(world.keys, newcomers, listing.asOf, reason),
      ABOUT_BUCKET,
    );
  }
  for (const key of newcomers) await deleteOrphan(world, key);
}

/** Only for a key whose owner is proven: by our own answer, the journal, or `exclusive` and our own baseline. */
export async function deleteOrphan(world: World, key: AccessKey): Promise<void> {
  try {
    await world.keys.delete(key.id);
  } catch (error) {
    throw new UnknownOutcome(messages.orphanNotDeleted(world.keys.bucket, key, error), ABOUT_BUCKET);
  }
}

export function newcomersIn(world: World, listing: Listing, baseline: readonly string[]): AccessKey[] {
  return listing.keys.filter((key) => !baseline.includes(key.id) && !world.known.has(key.id));
}

async function listAfterDoubt(world: World, reason: string): Promise<Listing> {
  try {
    return await world.keys.list();
  } catch (error) {
    throw new UnknownOutcome(messages.unansweredAndNotListed(world.keys.bucket, reason, error), ABOUT_BUCKET);
  }
}

async function refused(world: World, reason: string, doubtful: boolean): Promise<LifecycleError> {
  const kind = doubtful ? UnknownOutcome : LifecycleError;
  // The service has no error type for "two keys already": only the list can tell.
  const listing = await world.keys.list().catch(() => null);
  if (listing && listing.keys.length >= KEYS_PER_BUCKET && !doubtful) {
    return noFreeSlot(world, listing, listing.keys);
  }
  return new kind(messages.createRefused(world.keys.bucket, reason, doubtful), ABOUT_BUCKET);
}

function stopped(world: World, doubtful: boolean): LifecycleError {
  const kind = doubtful ? UnknownOutcome : LifecycleError;
  return new kind(messages.stoppedBeforeCreate(world.keys.bucket, doubtful), ABOUT_BUCKET);
}
