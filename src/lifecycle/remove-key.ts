import { randomUUID } from 'node:crypto';
import { entryAt } from './glance.js';
import { markOf } from './journal.js';
import type { Watch } from './journal.js';
import { LifecycleError } from './lifecycle-error.js';
import { keyNotDeleted, leftoverNotDeleted, pairLeft, valueLeft } from './messages/deletion.js';
import type { World } from './ports.js';

/**
 * Deletes one key of the state, then its pair at the destination, where that is still its own: under
 * `create_before_destroy` the new pair is already there.
 */
export async function removeKey(
  world: World,
  accessKeyId: string,
  /** A leftover is in the resource's memory, and in no attribute of its state. */
  as: 'key of the state' | 'leftover' = 'key of the state',
): Promise<void> {
  const { bucket } = world.keys;
  const { title } = world.destination;
  world.known.sawInState(accessKeyId);
  await world.hooks.beforeDeletion(accessKeyId);
  try {
    await world.keys.delete(accessKeyId);
  } catch (error) {
    throw new LifecycleError(
      as === 'leftover'
        ? leftoverNotDeleted(bucket, accessKeyId, error)
        : keyNotDeleted(bucket, accessKeyId, title, error),
      { subject: 'key' },
    );
  }
  const watch = await watchBeside(world, accessKeyId);
  try {
    const outcome = await world.destination.remove(accessKeyId);
    if (outcome === 'not-ours' && (await world.destination.read()).current?.accessKeyId === null) {
      world.warn(valueLeft(bucket, accessKeyId, title));
    }
    if (watch) await keepWatch(world, watch);
  } catch (error) {
    world.warn(pairLeft(bucket, accessKeyId, title, error));
  }
}

/** What the journal asks to look out for goes with the pair's mark, so it is taken aside. */
async function watchBeside(world: World, accessKeyId: string): Promise<Watch | null> {
  return markOf(await entryAt(world.destination), accessKeyId)?.watch ?? null;
}

/** A create without an answer may still take effect: who makes the next key for this destination looks out for it. */
async function keepWatch(world: World, watch: Watch): Promise<void> {
  const { journal } = world.destination;
  const reading = await journal?.read();
  if (!journal || !reading || reading.entry) return;
  await journal.write(
    {
      phase: 'intent',
      nonce: randomUUID(),
      bucket: world.keys.bucket,
      baseline: watch.baseline,
      holder: world.runs.self,
      begunAt: watch.since,
      expiresAt: watch.until,
      released: true,
      answered: true,
      watch,
    },
    reading.revision,
  );
}
