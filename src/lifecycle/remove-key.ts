import { DestinationError } from './destination.js';
import { LifecycleError, reasonOf } from './lifecycle-error.js';
import type { World } from './ports.js';

/**
 * Deletes one key of the state, then its pair at the destination, where that is still its own: under
 * `create_before_destroy` the new pair is already there.
 */
export async function removeKey(world: World, accessKeyId: string): Promise<void> {
  const { bucket } = world.keys;
  world.known.sawInState(accessKeyId);
  try {
    await world.keys.delete(accessKeyId);
  } catch (error) {
    throw new LifecycleError(
      `Key ${accessKeyId} of bucket ${bucket} could not be deleted`,
      `${reasonOf(error)} It stays in the state, and so does its secret at ${world.destination.title}. Apply again.`,
      { subject: 'key' },
    );
  }
  try {
    await world.destination.remove(accessKeyId);
  } catch (error) {
    const remedy = error instanceof DestinationError ? ` ${error.remedy}` : '';
    world.warn({
      summary: `The pair of key ${accessKeyId} of bucket ${bucket} is left behind at ${world.destination.title}`,
      detail: `The key is deleted, so the pair is worthless, but it could not be removed: ${reasonOf(error)}${remedy}`,
    });
  }
}
