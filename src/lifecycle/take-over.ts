import { isActive } from './access-key.js';
import { glanceAt } from './glance.js';
import { isHeld } from './hold.js';
import { markOf } from './journal.js';
import { holdsPair } from './holds-pair.js';
import { JournalKeeper } from './journal-keeper.js';
import { LifecycleError } from './lifecycle-error.js';
import { findKey } from './list-keys.js';
import { pairNotTakenOver } from './messages/recovery.js';
import type { NotInPlace } from './messages/recovery.js';
import type { Issued } from './order.js';
import type { World } from './ports.js';
import { newMark } from './records.js';
import { refusal } from './refusals.js';
import { unlessOver, watchIn } from './watch.js';

/** Whether consumers already read the pair of this key, in the form that its author wants. */
export async function isInPlace({ destination }: World, accessKeyId: string): Promise<boolean> {
  const glance = glanceAt(destination);
  if (!(await holdsPair(destination, accessKeyId, glance))) return false;
  const entry = (await glance.journal())?.entry;
  // A creation that has not ended: what became of its key has to be found out first.
  if (entry?.phase === 'intent' && entry.made !== undefined && entry.made !== accessKeyId) return false;
  const marked = markOf(entry, accessKeyId)?.form;
  if (!destination.currentForm) return marked === undefined || marked === destination.form;
  const form = await destination.currentForm();
  return (form === null ? marked : form) === destination.form;
}

/**
 * Takes over the pair of a key that the state holds (imported, moved, or put back by hand) where its destination
 * already has it: no key is made, and the mark says from now on whose it is.
 */
export async function takeOverPair(world: World, accessKeyId: string): Promise<Issued> {
  const { destination, keys } = world;
  const { key, asOf } = await findKey(keys, accessKeyId);
  if (!key) throw notThere(world, accessKeyId, { kind: 'key gone' });
  if (!isActive(key)) throw notThere(world, accessKeyId, { kind: 'refused', status: key.status });
  try {
    const journal = (await destination.journal?.read()) ?? null;
    const entry = journal?.entry;
    if (entry?.phase === 'intent' && isHeld(world, entry, asOf)) {
      throw refusal({ kind: 'busy', intent: entry, newcomers: [] }, world);
    }
    if (!(await isInPlace(world, accessKeyId))) throw notThere(world, accessKeyId, { kind: 'another value' });
    await new JournalKeeper(world, journal).begin(
      newMark(world, key, asOf, unlessOver(watchIn(entry ?? null, keys.bucket), asOf)),
    );
    return { key, delivery: await destination.promote(accessKeyId) };
  } catch (error) {
    if (error instanceof LifecycleError) throw error;
    throw notThere(world, accessKeyId, { kind: 'failed', cause: error });
  }
}

function notThere(world: World, accessKeyId: string, why: NotInPlace): LifecycleError {
  return new LifecycleError(pairNotTakenOver(world.keys.bucket, accessKeyId, world.destination.title, why), {
    subject: 'destination',
  });
}
