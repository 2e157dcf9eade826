import type { Intent, Mark } from './journal.js';
import type { World } from './ports.js';

/**
 * How long an unconfirmed mark of another machine keeps others away. Nobody can tell from here whether its process
 * still runs; a pipeline's job that was killed is over by then, and its successor runs on another machine.
 */
const UNCONFIRMED_MILLISECONDS = 6 * 3_600_000;

/** Whether somebody is, or may still be, at work on this creation. */
export function isHeld(world: World, intent: Intent, asOf: Date): boolean {
  if (intent.released || world.runs.isDead(intent.holder)) return false;
  return asOf.getTime() <= Date.parse(intent.expiresAt);
}

/** Whether the run that delivered this pair has ended before Terraform is known to have taken its answer. */
export function isOrphaned(world: World, mark: Mark, asOf: Date): boolean {
  if (mark.phase !== 'unconfirmed') return false;
  if (mark.holder.machine === world.runs.self.machine) return world.runs.isDead(mark.holder);
  return world.runs.isDead(mark.holder) || asOf.getTime() > orphanedFrom(mark).getTime();
}

export function orphanedFrom(mark: Mark): Date {
  return new Date(Date.parse(mark.at) + UNCONFIRMED_MILLISECONDS);
}

/** Whether the owner of this pair has planned to put another one in its place. */
export function mayBeReplaced(world: Pick<World, 'known'>, mark: Mark, asOf: Date): boolean {
  if (world.known.mayBeReplaced(mark.accessKeyId)) return true;
  return mark.replaceableUntil !== undefined && asOf.getTime() < Date.parse(mark.replaceableUntil);
}
