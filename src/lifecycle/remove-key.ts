import { randomUUID } from 'node:crypto';
import { entryAt } from './glance.js';
import { markOf } from './journal.js';
import type { Watch } from './journal.js';
import { LifecycleError, reasonOf, remedyOf } from './lifecycle-error.js';
import type { World } from './ports.js';

/**
 * Deletes one key of the state, then its pair at the destination, where that is still its own: under
 * `create_before_destroy` the new pair is already there.
 */
export async function removeKey(
  world: World,
  accessKeyId: string,
  /** What a key that cannot be deleted means for its resource. */
  otherwise = `It stays in the state, and so does its secret at ${world.destination.title}.`,
): Promise<void> {
  const { bucket } = world.keys;
  world.known.sawInState(accessKeyId);
  await world.hooks.beforeDeletion(accessKeyId);
  try {
    await world.keys.delete(accessKeyId);
  } catch (error) {
    throw new LifecycleError(
      `Key ${accessKeyId} of bucket ${bucket} could not be deleted`,
      `${reasonOf(error)} ${otherwise} Apply again.`,
      { subject: 'key' },
    );
  }
  const watch = await watchBeside(world, accessKeyId);
  try {
    const outcome = await world.destination.remove(accessKeyId);
    if (outcome === 'not-ours' && (await world.destination.read()).current?.accessKeyId === null) {
      world.warn({
        summary: `What is at ${world.destination.title} was left there when key ${accessKeyId} of bucket ${bucket} was deleted`,
        detail: `It is not just the pair that this provider has put there, so it is not ours to remove. Whatever it holds of that key is worthless now.`,
      });
    }
    if (watch) await keepWatch(world, watch);
  } catch (error) {
    world.warn({
      summary: `The pair of key ${accessKeyId} of bucket ${bucket} is left behind at ${world.destination.title}`,
      detail: `The key is deleted, so the pair is worthless, but it could not be removed: ${reasonOf(error)}${remedyOf(error)}`,
    });
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
