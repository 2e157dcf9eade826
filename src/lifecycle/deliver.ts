import type { AccessKey, KeyPair } from './access-key.js';
import type { Delivery, Holding } from './destination.js';
import type { Intent } from './journal.js';
import { LifecycleError, reasonOf, remedyOf } from './lifecycle-error.js';
import type { Order } from './order.js';
import type { World } from './ports.js';

const DELETE_ATTEMPTS = 4;
const READ_ATTEMPTS = 3;
const FIRST_PAUSE = 250;
const VERIFY_PAUSE = 1000;

/** Thrown where nobody can tell whether a pair was promoted: the next run finds out. */
export class UnknownDelivery extends LifecycleError {}

/** What the journal is to say of a key whose delivery has failed so. */
export function afterFailure(intent: Intent, error: unknown): Intent {
  return error instanceof UnknownDelivery ? intent : { ...intent, withdrawn: true };
}

/** Brings a living key's pair to its consumers. Whatever fails before the promotion is undone with the key. */
export async function stagePair(world: World, key: AccessKey, pair: KeyPair): Promise<void> {
  try {
    await world.destination.stage(pair);
  } catch (error) {
    throw await withdrawn(world, key, `${world.destination.title} did not take the secret`, error);
  }
}

/** After `deadline` (by the clock's `elapsed`) other runs may take the destination over, so nothing is promoted. */
export async function verifyAndPromote(
  world: World,
  key: AccessKey,
  pair: KeyPair,
  order: Pick<Order, 'verifySeconds'>,
  deadline: number,
): Promise<Delivery> {
  if (order.verifySeconds !== null) await verify(world, key, pair, order.verifySeconds);
  if (world.destination.journal && world.clock.elapsed() > deadline) {
    throw await withdrawn(
      world,
      key,
      `The secret was not yet at ${world.destination.title} when this run's hold ended`,
      'The calls before took too long.',
    );
  }
  try {
    return await world.destination.promote(key.id);
  } catch (error) {
    // The promotion may have been done although its answer was lost: then consumers use the pair already.
    const holding = await readPersistently(world);
    if (holding?.current?.accessKeyId === key.id) {
      return { reference: world.destination.reference, secret: null };
    }
    if (!holding && world.destination.journal) throw doubtful(world, key, error);
    throw await withdrawn(
      world,
      key,
      `The secret could not be made current at ${world.destination.title}`,
      error,
    );
  }
}

/** Null while nobody can tell what lies at the destination. */
async function readPersistently({ destination, clock }: World): Promise<Holding | null> {
  for (let attempt = 1; attempt <= READ_ATTEMPTS; attempt++) {
    if (attempt > 1) await clock.sleep(FIRST_PAUSE * 2 ** attempt);
    const holding = await destination.read().catch(() => null);
    if (holding) return holding;
  }
  return null;
}

/** To delete the key now could leave consumers with a dead pair: its journal tells the next run all that it needs. */
function doubtful(world: World, key: AccessKey, cause: unknown): UnknownDelivery {
  const { title } = world.destination;
  return new UnknownDelivery(
    `Whether the secret of key ${key.id} of bucket ${world.keys.bucket} is current at ${title} cannot be told`,
    `${reasonOf(cause)} Then ${title} could not be read either. Consumers may use the key already, so it is kept. Apply again: it is taken over where its pair is current, and finished or deleted where it is not.`,
    { subject: 'destination' },
  );
}

async function verify(world: World, key: AccessKey, pair: KeyPair, seconds: number): Promise<void> {
  const deadline = world.clock.elapsed() + seconds * 1000;
  for (;;) {
    const answer = await world.s3.accepts(pair);
    if (answer.state === 'accepted') return;
    if (answer.state === 'unreachable') {
      world.warn({
        summary: `Key ${key.id} of bucket ${world.keys.bucket} could not be tried: S3 is out of reach from here`,
        detail: `${answer.reason} The key was made and delivered all the same. Set verify = false where this network never reaches S3.`,
      });
      return;
    }
    if (world.signal.aborted) {
      throw await withdrawn(world, key, `Stopped while S3 did not accept the key yet`, answer.reason);
    }
    if (world.clock.elapsed() >= deadline) {
      throw await withdrawn(world, key, `S3 did not accept the key within ${seconds} s`, answer.reason);
    }
    await world.clock.sleep(VERIFY_PAUSE, world.signal);
  }
}

/** Undoes a creation: the key is ours by our own answer. The error says what became of both. */
export async function withdrawn(
  world: World,
  key: AccessKey,
  what: string,
  cause: unknown,
): Promise<LifecycleError> {
  const why = `${reasonOf(cause)}${remedyOf(cause)}`;
  await world.destination.discard(key.id).catch(() => undefined);
  const left = await deletePersistently(world, key.id);
  const about = { subject: 'destination' as const };
  if (left === null) {
    return new LifecycleError(
      `${what}; key ${key.id} of bucket ${world.keys.bucket} was deleted again`,
      `${why} Nothing is left behind. Apply again once that is mended.`,
      about,
    );
  }
  return new LifecycleError(
    `${what}, and key ${key.id} of bucket ${world.keys.bucket} could not be deleted`,
    `${why} Deleting the key failed too: ${left} Its secret is lost; the key is kept in the state as tainted, so that the next apply deletes it.`,
    { ...about, remains: key },
  );
}

/** Null once the key is gone, else why it may still be there. */
async function deletePersistently(world: World, accessKeyId: string): Promise<string | null> {
  for (let attempt = 1; ; attempt++) {
    try {
      await world.keys.delete(accessKeyId);
      return null;
    } catch (error) {
      if (attempt >= DELETE_ATTEMPTS) return reasonOf(error);
      await world.clock.sleep(FIRST_PAUSE * 2 ** (attempt - 1));
    }
  }
}
