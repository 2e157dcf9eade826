import type { Destination } from './destination.js';
import { glanceAt } from './glance.js';
import { markOf } from './journal.js';

/** Whether the pair of this key is at the destination as it was put there. Throws where nobody can tell. */
export async function holdsPair(
  destination: Destination,
  accessKeyId: string,
  glance = glanceAt(destination),
): Promise<boolean> {
  const { current } = await glance.holding();
  if (current?.accessKeyId !== accessKeyId) return false;
  const entry = (await glance.journal().catch(() => null))?.entry;
  const [marked, present] = [markOf(entry, accessKeyId)?.digest, destination.digest];
  return marked === undefined || present === undefined || marked === present;
}
