import type { Destination } from './destination.js';
import { glanceAt } from './glance.js';
import { markOf } from './journal.js';
import { UnreadableRecord } from './stored-record.js';

/** Whether the pair of this key is at the destination as it was put there. Throws where nobody can tell. */
export async function holdsPair(
  destination: Destination,
  accessKeyId: string,
  glance = glanceAt(destination),
): Promise<boolean> {
  const { current } = await glance.holding();
  if (current?.accessKeyId !== accessKeyId) return false;
  const reading = await glance.journal().catch((error: unknown) => {
    // What is damaged may have told that the pair was altered; a journal that cannot be asked is no word against it.
    if (error instanceof UnreadableRecord) throw error;
    return null;
  });
  const entry = reading?.entry;
  const [marked, present] = [markOf(entry, accessKeyId)?.digest, destination.digest];
  return marked === undefined || present === undefined || marked === present;
}
