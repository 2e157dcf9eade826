import { LifecycleError } from './lifecycle-error.js';
import { listKeysIfThere } from './list-keys.js';
import { assertWritable } from './make-key.js';
import type { World } from './ports.js';
import type { Inspection } from './room.js';
import { survey } from './survey.js';
import { isInPlace } from './take-over.js';

/** Whether the destination holds the pair of this key. One that cannot be asked does not hold it. */
export async function lookForPair(
  world: World,
  accessKeyId: string,
): Promise<{ readonly isInPlace: boolean; readonly title: string }> {
  const found = await isInPlace(world, accessKeyId).catch(() => false);
  return { isInPlace: found, title: world.destination.title };
}

/** What a new key would meet on the bucket and, where that is known, at the destination. Changes nothing. */
export async function lookForRoom(world: World, withDestination: boolean): Promise<Inspection> {
  const scene = { keys: world.keys, destination: world.destination };
  try {
    if (!withDestination) {
      const listing = await listKeysIfThere(world.keys);
      return listing ? { found: 'bucket', scene, listing } : { found: 'no bucket' };
    }
    await assertWritable(world);
    const surveyed = await survey(world);
    return surveyed ? { found: 'all', scene, surveyed } : { found: 'no bucket' };
  } catch (problem) {
    if (problem instanceof LifecycleError) return { found: 'nothing', problem };
    throw problem;
  }
}
