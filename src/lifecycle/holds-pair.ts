import type { Destination } from './destination.js';
import { glanceAt } from './glance.js';

/** Whether the pair of this key is at the destination as it was put there. Throws where nobody can tell. */
export async function holdsPair(
  destination: Destination,
  accessKeyId: string,
  glance = glanceAt(destination),
): Promise<boolean> {
  const { current } = await glance.holding();
  if (current?.accessKeyId !== accessKeyId) return false;
  const entry = (await glance.journal().catch(() => null))?.entry;
  const isMarked = entry?.phase !== 'intent' && entry?.accessKeyId === accessKeyId;
  const [marked, present] = [isMarked ? entry.digest : undefined, destination.digest];
  return marked === undefined || present === undefined || marked === present;
}
