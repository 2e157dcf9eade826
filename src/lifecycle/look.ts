import { LifecycleError } from './lifecycle-error.js';
import { listKeysBefore } from './list-keys.js';
import { assertWritable } from './create.js';
import type { Claim, KeyContext } from './ports.js';
import type { Inspection } from './room.js';
import { inspect } from './inspect.js';
import { isInPlace } from './take-over.js';

/** Whether the destination holds the pair of this key. One that cannot be asked does not hold it. */
export async function lookForPair(
  context: KeyContext,
  accessKeyId: string,
): Promise<{ readonly isInPlace: boolean; readonly title: string }> {
  const found = await isInPlace(context, accessKeyId).catch(() => false);
  return { isInPlace: found, title: context.destination.title };
}

/** What a new key would meet on the bucket and, where that is known, at the destination. Changes nothing. */
export async function lookForRoom(
  context: KeyContext,
  options: Claim,
  withDestination: boolean,
): Promise<Inspection> {
  const scene = { keys: context.keys, destination: context.destination };
  try {
    if (!withDestination) {
      const listing = await listKeysBefore(context.keys);
      return listing ? { found: 'bucket', scene, listing } : { found: 'no bucket', scene };
    }
    await assertWritable(context);
    const inspected = await inspect(context, options);
    return inspected ? { found: 'all', scene, inspected } : { found: 'no bucket', scene };
  } catch (problem) {
    if (problem instanceof LifecycleError) return { found: 'nothing', problem };
    throw problem;
  }
}
