import type { AccessKey } from './access-key.js';
import { findKey } from './list-keys.js';
import { notRetired } from './messages/deletion.js';
import type { StillNeeded } from './messages/deletion.js';
import type { World } from './ports.js';
import { removeKey } from './remove-key.js';
import { retirementOf } from './rotation.js';
import type { RotationPolicy } from './rotation.js';

/** The key that came after the one to be retired, and the place of its pair. */
export interface Successor extends Pick<AccessKey, 'createdAt'> {
  readonly place: World;
}

/**
 * Deletes a previous key whose overlap is over. Answers whether it is gone: it stays where it was used since the plan,
 * and the author wants it kept then.
 */
export async function retireKey(
  world: World,
  accessKeyId: string,
  policy: RotationPolicy,
  successor: Successor,
): Promise<boolean> {
  const { key, asOf } = await findKey(world.keys, accessKeyId);
  const retirement = key && retirementOf(policy, successor.createdAt, key, asOf);
  const why =
    retirement && retirement.kind !== 'due' ? retirement : await whyRead(successor.place, world, accessKeyId);
  if (why) {
    world.warn(notRetired(world.keys.bucket, accessKeyId, why));
    return false;
  }
  await removeKey(world, accessKeyId);
  return true;
}

/** At the current key's own place the pair of the one before must not lie any more; null where it does not. */
async function whyRead(here: World, world: World, accessKeyId: string): Promise<StillNeeded | null> {
  if (here.destination.title !== world.destination.title || !here.destination.journal) return null;
  try {
    return (await here.destination.read()).current?.accessKeyId === accessKeyId ? { kind: 'read' } : null;
  } catch (error) {
    return { kind: 'not verified', cause: error };
  }
}
