import type { CrashResult } from './crash-point.js';
import { hasJournal, keepsPrevious, type Scenario } from './scenarios.js';

const MOST_RUNS = 2;
/** Whoever reads the destination finds a pair that works at every moment of these. */
const SERVING: readonly Scenario[] = ['create_before_destroy', 'rotate', 'rotate without overlap', 'retire'];

/** What of the promises one point has broken; none, when all is well. */
export function violations(result: CrashResult): string[] {
  const { point } = result;
  const broken: string[] = [];
  const check = (holds: boolean, what: string) => {
    if (!holds) broken.push(what);
  };
  const hasKey = point.scenario !== 'destroy';
  const lostWithItsKey = result.stateLost && !hasKey;
  check(lostWithItsKey || result.orphans.length === 0, `orphans: ${result.orphans.join(', ')}`);
  check(
    result.strangersDeleted.length === 0,
    `strangers' keys deleted: ${result.strangersDeleted.join(', ')}`,
  );
  check(result.processesLeft === 0, `${result.processesLeft} provider processes left`);
  check(result.ended !== 'unsettled', `still changing or failing after ${result.runs} runs`);
  check(result.runs <= MOST_RUNS, `${result.runs} runs to converge`);
  // Where the state is lost, nothing proves whose its key was.
  // A creation that lands after the next run has ended is named, and the plan that does so has no other work.
  if (point.exclusive && hasJournal(point) && point.moment !== 'late' && !result.stateLost) {
    check(
      result.named.length === 0 && result.ended !== 'refused',
      'exclusive, and yet a key was left to its reader',
    );
  }
  if (result.ended === 'refused') {
    check(result.mended === true, 'a refusal that stays when the named keys are gone');
    check(result.refusalNamesAll, 'a refusal that does not name every key on the bucket');
  }
  check(!hasKey || result.ended === 'unsettled' || result.served, 'no consumer is served in the end');
  // The state is written by Terraform, after the old key has gone.
  if (SERVING.includes(point.scenario) && point.route !== 'terraform_output') {
    check(result.servedMeanwhile, 'no consumer was served after the stroke');
  }
  if (result.ended === 'converged') {
    check(result.delivered === hasKey, 'no delivered pair');
    // Once its successor's pair is in place, the next run takes that over and gives the old key its overlap.
    const isTakenOver = point.scenario === 'create_before_destroy' && result.keepsPrevious;
    // A stranger's key, or a late one, may have come to where the old key was to stay.
    const isPlain = point.stranger === 'none' && !isTakenOver;
    check(
      !isPlain || result.keepsPrevious === keepsPrevious(point),
      'not the previous key that it should keep',
    );
    check(result.accepted !== false, 'S3 refuses the delivered pair');
    check(result.stateLost || result.filesLeft.length === 0, `files left: ${result.filesLeft.join(', ')}`);
  }
  return broken;
}

/** One point in a line, to find and repeat it. */
export function describePoint({ point }: Pick<CrashResult, 'point'>): string {
  const stranger = point.stranger === 'none' ? '' : `, a stranger's key ${point.stranger}`;
  return `${point.scenario}, ${point.route}, exclusive = ${point.exclusive}: ${point.strike} at call ${point.nth} (${point.operation}), ${point.moment}${stranger}`;
}
