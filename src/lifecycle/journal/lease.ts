import type { Holder, Intent, JournalEntry, Mark } from './entry.js';
import type { Claim, KeyContext } from '../ports.js';

/** Whether somebody is, or may still be, at work on this creation. */
export function isLeased(context: KeyContext, intent: Intent, asOf: Date): boolean {
  return !isOver(context, intent, asOf);
}

/** Whether the run that wrote an entry has ended, as far as anybody can tell. */
export function isOver(context: KeyContext, entry: JournalEntry, asOf: Date): boolean {
  return context.runs.isDead(entry.holder) || hasExpired(entry, asOf);
}

function hasExpired(entry: JournalEntry, asOf: Date): boolean {
  const isReleased = entry.phase === 'intent' && entry.released === true;
  return isReleased || asOf.getTime() > Date.parse(entry.expiresAt);
}

/**
 * Whether a delivered key that is not in this state is its own all the same. That nobody has confirmed the key says
 * nothing of its owner: the store may only have been slow. So it is what a dead process has left that worked for the
 * very same state, or that follows this resource's own key in place, or what the author calls its own.
 */
export function mayBeAdopted(
  context: KeyContext,
  { exclusive, replaces }: Claim,
  entry: JournalEntry,
  asOf: Date,
): boolean {
  if (entry.phase === 'confirmed') return false;
  const { runs } = context;
  if (isOfSameState(entry.holder, runs.self) && runs.isDead(entry.holder)) return true;
  if (replaces !== undefined && entry.replaces === replaces) return isOver(context, entry, asOf);
  return exclusive && hasExpired(entry, asOf);
}

/** The same folder and workspace, which is the nearest to a state that its provider can see. */
function isOfSameState({ folder, workspace }: Holder, self: Holder): boolean {
  return folder !== null && folder === self.folder && workspace === self.workspace;
}

/** Whether the owner of this pair has planned to put another one in its place. */
export function mayBeReplaced(context: Pick<KeyContext, 'known'>, mark: Mark, asOf: Date): boolean {
  return context.known.mayBeReplaced(mark.accessKeyId) || isPermitted(mark, asOf);
}

/** What has become of a replacement that its own resource has planned; null where there is none, or none any more. */
export function replacementOf(mark: Mark, asOf: Date): 'planned' | 'refused' | null {
  return isPermitted(mark, asOf) ? (mark.replacement ?? null) : null;
}

function isPermitted({ replaceableUntil }: Mark, asOf: Date): boolean {
  return replaceableUntil !== undefined && asOf.getTime() < Date.parse(replaceableUntil);
}
