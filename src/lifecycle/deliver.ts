import type { AccessKey, KeyPair } from './access-key.js';
import { deleteKey, NotSeenGone } from './delete-key.js';
import type { Delivery, Holding } from './destination.js';
import { asDeleted } from './journal/entry.js';
import type { Intent } from './journal/entry.js';
import { LifecycleError, reasonOf } from './lifecycle-error.js';
import { deletedAgain, notDeletedAgain, promotionUnknown } from './messages/delivery.js';
import type { FailedStep } from './messages/delivery.js';
import type { CreateOptions, KeyContext } from './ports.js';

const DELETE_ATTEMPTS = 4;
const READ_ATTEMPTS = 3;
const FIRST_PAUSE = 250;
const VERIFY_PAUSE = 1000;

const ABOUT_DESTINATION = { subject: 'destination' } as const;

/** Thrown where nobody can tell whether a pair was promoted: the next run finds out. */
export class UnknownDelivery extends LifecycleError {}

/** What the journal is to say of a key whose delivery has failed so. */
export function afterFailure(intent: Intent, error: unknown): Intent {
  if (error instanceof UnknownDelivery) return intent;
  const isDeleted = error instanceof LifecycleError && !error.remains;
  return isDeleted ? asDeleted(intent) : { ...intent, withdrawn: true };
}

/** Brings a living key's pair to its consumers. Whatever fails before the promotion is undone with the key. */
export async function stagePair(context: KeyContext, key: AccessKey, pair: KeyPair): Promise<void> {
  try {
    await context.destination.stage(pair);
  } catch (error) {
    throw await withdrawn(context, key, { step: 'stage', cause: error });
  }
}

/** After `deadline` (by the clock's `elapsed`) other runs may take the destination over, so nothing is promoted. */
export async function verifyAndPromote(
  context: KeyContext,
  key: AccessKey,
  pair: KeyPair,
  options: Pick<CreateOptions, 'verifySeconds'>,
  deadline: number,
): Promise<Delivery> {
  if (options.verifySeconds !== null) await verify(context, key, pair, options.verifySeconds);
  if (context.destination.journal && context.clock.elapsed() > deadline) {
    throw await withdrawn(context, key, { step: 'late' });
  }
  try {
    return await context.destination.promote(key.id);
  } catch (error) {
    // The promotion may have been done although its answer was lost: then consumers use the pair already.
    const holding = await readPersistently(context);
    if (holding?.current?.accessKeyId === key.id) {
      return { reference: context.destination.reference, secret: null };
    }
    if (!holding && context.destination.journal) throw doubtful(context, key, error);
    throw await withdrawn(context, key, { step: 'promote', cause: error });
  }
}

/** Null while nobody can tell what lies at the destination. */
async function readPersistently({ destination, clock }: KeyContext): Promise<Holding | null> {
  for (let attempt = 1; attempt <= READ_ATTEMPTS; attempt++) {
    if (attempt > 1) await clock.sleep(FIRST_PAUSE * 2 ** attempt);
    const holding = await destination.read().catch(() => null);
    if (holding) return holding;
  }
  return null;
}

/** To delete the key now could leave consumers with a dead pair: its journal tells the next run all that it needs. */
function doubtful(context: KeyContext, key: AccessKey, cause: unknown): UnknownDelivery {
  const { destination, keys } = context;
  return new UnknownDelivery(promotionUnknown(keys.bucket, key, destination.title, cause), ABOUT_DESTINATION);
}

async function verify(context: KeyContext, key: AccessKey, pair: KeyPair, seconds: number): Promise<void> {
  const deadline = context.clock.elapsed() + seconds * 1000;
  for (;;) {
    const answer = await context.s3.accepts(pair);
    if (answer.state === 'accepted') return;
    if (context.signal.aborted) {
      throw await withdrawn(context, key, { step: 'stopped', cause: answer.reason });
    }
    if (context.clock.elapsed() >= deadline) {
      throw await withdrawn(context, key, { step: 'verify', seconds, cause: answer.reason });
    }
    await context.clock.sleep(VERIFY_PAUSE, context.signal);
  }
}

/** Undoes a creation: the key is ours by our own answer. The error says what became of both. */
export async function withdrawn(
  context: KeyContext,
  key: AccessKey,
  failed: FailedStep,
): Promise<LifecycleError> {
  const { bucket } = context.keys;
  const { title } = context.destination;
  await context.destination.discard(key.id).catch(() => undefined);
  const left = await deletePersistently(context, key.id);
  return left === null
    ? new LifecycleError(deletedAgain(bucket, key, title, failed), ABOUT_DESTINATION)
    : new LifecycleError(notDeletedAgain(bucket, key, title, failed, left), {
        ...ABOUT_DESTINATION,
        remains: key,
      });
}

/** Null once the key is gone, else why it may still be there. */
async function deletePersistently(context: KeyContext, accessKeyId: string): Promise<string | null> {
  for (let attempt = 1; ; attempt++) {
    try {
      await deleteKey(context, accessKeyId);
      return null;
    } catch (error) {
      if (error instanceof NotSeenGone || attempt >= DELETE_ATTEMPTS) return reasonOf(error);
      await context.clock.sleep(FIRST_PAUSE * 2 ** (attempt - 1));
    }
  }
}
