import type { Secret } from '../secret/secret.js';
import { whyNotAccepted } from './acceptance.js';
import type { AccessKey, KeyPair } from './access-key.js';
import { deleteKey, failedDeletion, NotSeenGone } from './delete.js';
import type { Delivery, Holding } from './destination.js';
import { asDeleted, keysIn } from './journal/entry.js';
import type { Intent, Mark } from './journal/entry.js';
import type { JournalKeeper } from './journal/keeper.js';
import { LifecycleError, reasonOf } from './lifecycle-error.js';
import {
  deletedAgain,
  notAsBefore,
  notDeletedAgain,
  pairNotAccepted,
  promotionUnknown,
  takenOver,
} from './messages/delivery.js';
import type { FailedStep } from './messages/delivery.js';
import type { CreateOptions, KeyContext } from './ports.js';

const DELETE_ATTEMPTS = 4;
const READ_ATTEMPTS = 3;
const FIRST_PAUSE = 250;

const ABOUT_DESTINATION = { subject: 'destination' } as const;

/** No pair is promoted, and no key deleted unasked, in the last part of a lease: it takes its time. */
const LAST_PART = 20_000;

/** A key that is made and on its way to its consumers. */
export interface Shipment {
  readonly key: AccessKey;
  readonly keeper: JournalKeeper;
  /** What the journal says of it. */
  readonly intent: Intent;
  /** By the clock's `elapsed`: after it other runs may take the destination over. */
  readonly deadline: number;
}

/** Thrown where it is unknown whether a pair was promoted: the next run finds out. */
class UnknownDelivery extends LifecycleError {}

/** What the journal is to say of a key whose delivery has failed so. */
export function afterFailure(intent: Intent, error: unknown): Intent {
  if (error instanceof UnknownDelivery) return intent;
  const isDeleted = error instanceof LifecycleError && !error.remains;
  return isDeleted ? asDeleted(intent) : { ...intent, withdrawn: true };
}

export function pairOf(context: KeyContext, key: AccessKey, secretAccessKey: Secret): KeyPair {
  const { bucket, region } = context.keys;
  return { bucket, region, accessKeyId: key.id, secretAccessKey, createdAt: key.createdAt };
}

/** Brings a living key's pair to its consumers. Whatever fails before the promotion is undone with the key. */
export async function stagePair(context: KeyContext, shipment: Shipment, pair: KeyPair): Promise<void> {
  try {
    await context.destination.stage(pair);
  } catch (error) {
    throw await undone(context, shipment, { step: 'stage', cause: error });
  }
}

/** Once other runs may take the destination over nothing is promoted. */
export async function verifyAndPromote(
  context: KeyContext,
  shipment: Shipment,
  pair: KeyPair,
  options: Pick<CreateOptions, 'verifySeconds'>,
): Promise<Delivery> {
  const { key } = shipment;
  if (options.verifySeconds !== null) await verify(context, shipment, pair, options.verifySeconds);
  if (isLate(context, shipment.deadline)) throw await undone(context, shipment, { step: 'late' });
  try {
    return await promote(context, key.id);
  } catch (error) {
    // The promotion may have been done although its answer was lost: then consumers use the pair already.
    const holding = await readPersistently(context);
    if (holding?.current?.accessKeyId === key.id) {
      return { reference: context.destination.reference, secret: null };
    }
    if (!holding && context.destination.journal) throw doubtful(context, key, error);
    throw await undone(context, shipment, { step: 'promote', cause: error });
  }
}

/** Says what has become different with it. */
export async function promote(context: KeyContext, accessKeyId: string): Promise<Delivery> {
  const { destination, keys } = context;
  const delivery = await destination.promote(accessKeyId);
  const { remark } = delivery;
  if (remark !== undefined) context.warn(notAsBefore(keys.bucket, accessKeyId, destination.title, remark));
  return delivery;
}

/** Says at the destination whose the promoted pair is. Throws where that may be another run's by now. */
export async function endDelivery(context: KeyContext, shipment: Shipment, mark: Mark): Promise<void> {
  const { key, keeper, deadline } = shipment;
  const outcome = await keeper.end(mark);
  if (outcome === 'failed' && isLate(context, deadline))
    throw doubtful(context, key, 'Its journal could not be written in time.');
  if (outcome !== 'lost') return;
  const other = await withOther(context, key);
  if (other) throw other;
  // No other run knows of the key: without it consumers must not find its pair.
  await context.destination.remove(key.id).catch(() => undefined);
  throw await withdrawn(context, key, { step: 'taken over' });
}

function isLate({ clock, destination }: KeyContext, deadline: number): boolean {
  return destination.journal !== null && clock.elapsed() > deadline - LAST_PART;
}

/** Null while it is unknown what lies at the destination. */
export async function readPersistently({ destination, clock }: KeyContext): Promise<Holding | null> {
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

async function verify(
  context: KeyContext,
  shipment: Shipment,
  pair: KeyPair,
  seconds: number,
): Promise<void> {
  const refusal = await whyNotAccepted(context, pair, seconds);
  if (refusal) throw await undone(context, shipment, refusal);
}

/**
 * Tries the pair that lies at the destination, before the key becomes some resource's: whoever has put it there may have
 * altered it. Changes nothing. Where it cannot be read back, the digest alone has to do.
 */
export async function assertAccepted(
  context: KeyContext,
  key: AccessKey,
  { verifySeconds }: Pick<CreateOptions, 'verifySeconds'>,
): Promise<void> {
  const { destination, keys } = context;
  if (verifySeconds === null) return;
  const secretAccessKey = (await destination.delivered?.(key.id)) ?? null;
  if (!secretAccessKey) return;
  context.learn(secretAccessKey);
  const refusal = await whyNotAccepted(context, pairOf(context, key, secretAccessKey), verifySeconds);
  if (!refusal) return;
  throw new LifecycleError(pairNotAccepted(keys, key.id, destination.title, refusal), ABOUT_DESTINATION);
}

/** Undoes a creation; once its lease is over only where the journal still is this run's: another may have the key. */
async function undone(
  context: KeyContext,
  { key, keeper, intent, deadline }: Shipment,
  failed: FailedStep,
): Promise<LifecycleError> {
  if (isLate(context, deadline)) {
    try {
      const isOurs = await keeper.record({ ...intent, withdrawn: true });
      const other = isOurs ? null : await withOther(context, key);
      if (other) return other;
    } catch (error) {
      return doubtful(context, key, error);
    }
  }
  return withdrawn(context, key, failed);
}

/** Why the key is not this run's any more, whose journal entry is gone; null where no other run knows of the key. */
async function withOther(context: KeyContext, key: AccessKey): Promise<LifecycleError | null> {
  const { destination, keys } = context;
  try {
    const entry = (await destination.journal?.read())?.entry ?? null;
    if (!entry || !keysIn(entry).includes(key.id)) return null;
    const message = takenOver(keys.bucket, key, destination.title, entry.holder);
    return new LifecycleError(message, ABOUT_DESTINATION);
  } catch (error) {
    return doubtful(context, key, error);
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
  if (left === null) return new LifecycleError(deletedAgain(bucket, key, title, failed), ABOUT_DESTINATION);
  const { cause } = left;
  const said = notDeletedAgain(bucket, key, title, failed, reasonOf(cause));
  return failedDeletion({ said, cause }, { ...ABOUT_DESTINATION, remains: key });
}

/** Null once the key is gone, else why it may still be there. */
async function deletePersistently(
  context: KeyContext,
  accessKeyId: string,
): Promise<{ readonly cause: unknown } | null> {
  for (let attempt = 1; ; attempt++) {
    try {
      await deleteKey(context, accessKeyId);
      return null;
    } catch (cause) {
      if (cause instanceof NotSeenGone || attempt >= DELETE_ATTEMPTS) return { cause };
      await context.clock.sleep(FIRST_PAUSE * 2 ** (attempt - 1));
    }
  }
}
