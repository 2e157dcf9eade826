import { keyIn } from './entry.js';
import type { Holder, Intent, JournalEntry, Mark } from './entry.js';
import type { Claim, KeyContext } from '../ports.js';
import { knownTime } from '../service-time.js';
import type { ServiceTime } from '../service-time.js';

/** Whether a run is, or may still be, at work on this creation. */
export function isLeased(context: KeyContext, intent: Intent, time: ServiceTime): boolean {
  return !isOver(context, intent, time);
}

/** Whether the run that wrote an entry has ended, as far as anybody can tell. */
export function isOver(context: KeyContext, entry: JournalEntry, time: ServiceTime): boolean {
  return context.runs.isDead(entry.holder) || hasExpired(entry, time);
}

function hasExpired(entry: JournalEntry, time: ServiceTime): boolean {
  const asOf = knownTime(time);
  const isReleased = entry.phase === 'intent' && entry.released === true;
  return isReleased || (asOf !== null && asOf.getTime() > Date.parse(entry.expiresAt));
}

/** Why a delivered key that is in no known state is a resource's own all the same. */
export type Adoption =
  /** A run that died has made it in place of the resource's own key. */
  | 'follows'
  /** A run that died has made it for the very same state. */
  | 'left'
  /** No more is known of its run than that its lease is over; the author says that no other resource makes keys there. */
  | 'claimed';

/**
 * Null where it is not. That the key is not confirmed says nothing of its owner: the store may only have been slow. So
 * it is what a dead process has left, or what the author calls its own. A process that has ended in order has left
 * nothing; that it has not, its folder has to say: a path alone may be another folder's.
 */
export function adoptionOf(
  context: KeyContext,
  claim: Claim,
  entry: JournalEntry,
  time: ServiceTime,
): Adoption | null {
  if (entry.phase === 'confirmed') return null;
  const { runs } = context;
  if (claim.replaces !== undefined && entry.replaces === claim.replaces) {
    return isOver(context, entry, time) ? 'follows' : null;
  }
  const accessKeyId = keyIn(entry);
  if (accessKeyId === undefined || runs.wasTaken(accessKeyId)) return null;
  const isOfState = isOfSameState(entry.holder, runs.self) && runs.wasLeft(accessKeyId);
  if (isOfState && runs.isDead(entry.holder)) return 'left';
  return claim.exclusive && hasExpired(entry, time) ? 'claimed' : null;
}

/** The same folder and workspace, which is the nearest to a state that its provider can see. */
function isOfSameState({ folder, workspace }: Holder, self: Holder): boolean {
  return folder !== null && folder === self.folder && workspace === self.workspace;
}

/** Whether the owner of this pair has planned to put another one in its place. */
export function mayBeReplaced(
  { known }: Pick<KeyContext, 'known'>,
  { replaces }: Pick<Claim, 'replaces'>,
  mark: Mark,
  time: ServiceTime,
): boolean {
  // The permission is for a resource that is made anew: what follows a key in place needs none.
  return (
    known.mayBeReplaced(mark.accessKeyId, replaces) || (replaces === undefined && isPermitted(mark, time))
  );
}

/** What has become of a replacement that its own resource has planned; null where there is none, or none any more. */
export function replacementOf(mark: Mark, time: ServiceTime): 'planned' | 'refused' | null {
  return isPermitted(mark, time) ? (mark.replacement ?? null) : null;
}

function isPermitted({ replaceableUntil }: Mark, { asOf }: ServiceTime): boolean {
  return replaceableUntil !== undefined && asOf.getTime() < Date.parse(replaceableUntil);
}
