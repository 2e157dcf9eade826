import { randomUUID } from 'node:crypto';
import { deleteKey } from './delete-key.js';
import { markOf } from './journal/entry.js';
import type { LateWindow } from './journal/entry.js';
import { UnreadableRecord } from './journal/stored-record.js';
import { LifecycleError } from './lifecycle-error.js';
import { journalLeft, keyNotDeleted, leftoverNotDeleted, pairLeft, valueLeft } from './messages/deletion.js';
import type { KeyContext } from './ports.js';

/** A leftover is in the resource's memory or in the journal, and in no attribute of its state. */
type As = 'key of the state' | 'leftover';

/**
 * Deletes one key of the state, then its pair at the destination, where that is still its own: under
 * `create_before_destroy` the new pair is already there.
 */
export async function deleteWithPair(
  context: KeyContext,
  accessKeyId: string,
  as: As = 'key of the state',
): Promise<void> {
  await deleteAlone(context, accessKeyId, as);
  await removePair(context, accessKeyId);
}

/** Its pair stays where it is. */
export async function deleteAlone(context: KeyContext, accessKeyId: string, as: As): Promise<void> {
  const { bucket } = context.keys;
  const { title } = context.destination;
  context.known.sawInState(accessKeyId);
  await context.hooks.beforeDeletion(accessKeyId);
  try {
    await deleteKey(context, accessKeyId);
  } catch (error) {
    throw new LifecycleError(
      as === 'leftover'
        ? leftoverNotDeleted(bucket, accessKeyId, error)
        : keyNotDeleted(bucket, accessKeyId, title, error),
      { subject: 'key' },
    );
  }
}

/** Of a key that is deleted. */
export async function removePair(context: KeyContext, accessKeyId: string): Promise<void> {
  const { bucket } = context.keys;
  const { title } = context.destination;
  const lateWindow = await lateWindowBeside(context, accessKeyId);
  try {
    const outcome = await context.destination.remove(accessKeyId);
    if (outcome === 'not-ours' && (await context.destination.read()).current?.accessKeyId === null) {
      context.warn(valueLeft(bucket, accessKeyId, title));
    }
    if (lateWindow) await keepLateWindow(context, accessKeyId, lateWindow);
  } catch (error) {
    context.warn(pairLeft(bucket, accessKeyId, title, error));
  }
}

/** What the journal asks to look out for goes with the pair's mark, so it is taken aside. */
async function lateWindowBeside(context: KeyContext, accessKeyId: string): Promise<LateWindow | null> {
  const { journal, title } = context.destination;
  const reading = await journal?.read().catch((error: unknown) => {
    if (error instanceof UnreadableRecord) context.warn(journalLeft(context.keys, accessKeyId, title, error));
    return null;
  });
  return markOf(reading?.entry, accessKeyId)?.lateWindow ?? null;
}

/** A create without an answer may still take effect: who makes the next key for this destination looks out for it. */
async function keepLateWindow(
  context: KeyContext,
  accessKeyId: string,
  lateWindow: LateWindow,
): Promise<void> {
  const { journal } = context.destination;
  const reading = await journal?.read();
  if (!journal || !reading || reading.entry) return;
  await journal.write(
    {
      phase: 'intent',
      nonce: randomUUID(),
      bucket: context.keys.bucket,
      baseline: lateWindow.baseline,
      holder: context.runs.self,
      begunAt: lateWindow.since,
      expiresAt: lateWindow.until,
      released: true,
      answered: true,
      lateWindow,
      replaces: accessKeyId,
    },
    reading.revision,
  );
}
