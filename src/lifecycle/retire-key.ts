import type { AccessKey } from './access-key.js';
import { reasonOf } from './lifecycle-error.js';
import { findKey } from './list-keys.js';
import type { World } from './ports.js';
import { removeKey } from './remove-key.js';
import { retirementOf } from './rotation.js';
import type { Retirement, RotationPolicy } from './rotation.js';
import { describeUse, instant } from './wording.js';

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
  const why = (retirement && whyNot(retirement)) ?? (await isRead(successor.place, world, accessKeyId));
  if (why !== null) {
    world.warn({
      summary: `Key ${accessKeyId} of bucket ${world.keys.bucket} is not retired yet`,
      detail: `${why} It stays valid; a later apply retires it.`,
    });
    return false;
  }
  await removeKey(world, accessKeyId);
  return true;
}

function whyNot(retirement: Retirement): string | null {
  switch (retirement.kind) {
    case 'due':
      return null;
    case 'blocked':
      return `It was ${describeUse(retirement.use)}, after the plan was made.`;
    case 'waits':
      return `Its overlap lasts until ${instant(retirement.until)}.`;
    case 'read':
      return READ;
  }
}

const READ =
  'Its pair is what consumers read: somebody has put it back in the place of the one that followed.';

/** At the current key's own place the pair of the one before must not lie any more. */
async function isRead(here: World, world: World, accessKeyId: string): Promise<string | null> {
  if (here.destination.title !== world.destination.title || !here.destination.journal) return null;
  try {
    return (await here.destination.read()).current?.accessKeyId === accessKeyId ? READ : null;
  } catch (error) {
    return `Whether its pair was put back cannot be told: ${reasonOf(error)}`;
  }
}
