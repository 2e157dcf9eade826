import type { Intent, Mark } from './entry.js';
import type { KeyContext } from '../ports.js';

/**
 * How long an unconfirmed mark of another machine keeps others away. Nobody can tell from here whether its process
 * still runs; a pipeline's job that was killed is over by then, and its successor runs on another machine.
 */
const UNCONFIRMED_MILLISECONDS = 6 * 3_600_000;

/** Whether somebody is, or may still be, at work on this creation. */
export function isLeased(context: KeyContext, intent: Intent, asOf: Date): boolean {
  if (intent.released || context.runs.isDead(intent.holder)) return false;
  return asOf.getTime() <= Date.parse(intent.expiresAt);
}

/** Whether the run that delivered this pair has ended before Terraform is known to have taken its answer. */
export function isOrphaned(context: KeyContext, mark: Mark, asOf: Date): boolean {
  if (mark.phase !== 'unconfirmed') return false;
  if (mark.holder.machine === context.runs.self.machine) return context.runs.isDead(mark.holder);
  return context.runs.isDead(mark.holder) || asOf.getTime() > orphanedFrom(mark).getTime();
}

export function orphanedFrom(mark: Mark): Date {
  return new Date(Date.parse(mark.at) + UNCONFIRMED_MILLISECONDS);
}

/** Whether the owner of this pair has planned to put another one in its place. */
export function mayBeReplaced(context: Pick<KeyContext, 'known'>, mark: Mark, asOf: Date): boolean {
  if (context.known.mayBeReplaced(mark.accessKeyId)) return true;
  return mark.replaceableUntil !== undefined && asOf.getTime() < Date.parse(mark.replaceableUntil);
}
