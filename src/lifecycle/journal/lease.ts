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

/**
 * Whether a delivered key that is not in this state is its own all the same. That the key is not confirmed says
 * nothing of its owner: the store may only have been slow. So it is what a dead process has left that worked for the
 * very same state, or that follows this resource's own key in place, or what the author calls its own. A process that
 * has ended in order has left nothing; that it has not, its folder has to say: a path alone may be another folder's.
 */
export function mayBeAdopted(
  context: KeyContext,
  { exclusive, replaces }: Claim,
  entry: JournalEntry,
  time: ServiceTime,
): boolean {
  if (entry.phase === 'confirmed') return false;
  const { runs } = context;
  if (replaces !== undefined && entry.replaces === replaces) return isOver(context, entry, time);
  const accessKeyId = keyIn(entry);
  if (accessKeyId === undefined || runs.wasTaken(accessKeyId)) return false;
  const isOfState = isOfSameState(entry.holder, runs.self) && runs.wasLeft(accessKeyId);
  if (isOfState && runs.isDead(entry.holder)) return true;
  return exclusive && hasExpired(entry, time);
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
