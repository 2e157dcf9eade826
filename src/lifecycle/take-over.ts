import { isInactive } from './access-key.js';
import { assertAccepted } from './deliver.js';
import { markOf } from './journal/entry.js';
import { JournalKeeper } from './journal/keeper.js';
import { lateWindowIn, unlessOver } from './journal/late-window.js';
import { isLeased } from './journal/lease.js';
import { newMark } from './journal/new-entry.js';
import { lostPredecessor } from './leftovers.js';
import { LifecycleError } from './lifecycle-error.js';
import { findKey } from './list-keys.js';
import { pairNotTakenOver } from './messages/recovery.js';
import { predecessorFound } from './messages/refresh.js';
import type { NotInPlace } from './messages/recovery.js';
import type { CreateOptions, Issued, KeyContext } from './ports.js';
import { refusal } from './refusals.js';
import { holdsPair, snapshotOf } from './snapshot.js';

/** Whether consumers already read the pair of this key, in the form that its author wants. */
export async function isInPlace({ destination }: KeyContext, accessKeyId: string): Promise<boolean> {
  const snapshot = snapshotOf(destination);
  if (!(await holdsPair(destination, accessKeyId, snapshot))) return false;
  const entry = (await snapshot.journal())?.entry;
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
export async function takeOverPair(
  context: KeyContext,
  options: Pick<CreateOptions, 'verifySeconds'>,
  accessKeyId: string,
): Promise<Issued> {
  const { destination, keys } = context;
  const { key, listing } = await findKey(keys, accessKeyId);
  if (!key) throw notThere(context, accessKeyId, { kind: 'key gone' });
  if (isInactive(key)) throw notThere(context, accessKeyId, { kind: 'refused', status: key.status });
  try {
    const journal = (await destination.journal?.read()) ?? null;
    const entry = journal?.entry;
    if (entry?.phase === 'intent' && isLeased(context, entry, listing)) {
      throw refusal({ kind: 'busy', intent: entry, newcomers: [] }, context, context.known);
    }
    if (!(await isInPlace(context, accessKeyId)))
      throw notThere(context, accessKeyId, { kind: 'another value' });
    await assertAccepted(context, key, options);
    const lateWindow = unlessOver(lateWindowIn(entry ?? null, keys.bucket), listing);
    const predecessor = entry ? lostPredecessor(context, listing, entry, key) : null;
    await new JournalKeeper(context, journal).begin(newMark(context, key, listing, lateWindow, options));
    const delivery = await destination.promote(accessKeyId);
    if (predecessor) {
      // Whose it is by now the new mark does not say, so that it proves nothing of it.
      const { title } = destination;
      context.warn(predecessorFound(keys, { predecessor, key, title, asOf: listing.asOf }));
    }
    return { key, delivery };
  } catch (error) {
    if (error instanceof LifecycleError) throw error;
    throw notThere(context, accessKeyId, { kind: 'failed', cause: error });
  }
}

function notThere(context: KeyContext, accessKeyId: string, why: NotInPlace): LifecycleError {
  return new LifecycleError(
    pairNotTakenOver(context.keys.bucket, accessKeyId, context.destination.title, why),
    {
      subject: 'destination',
    },
  );
}
