import type { CrashResult } from './crash-point.js';
import { removes } from './follow-up.js';
import { hasJournal, keepsPrevious, type Scenario } from './scenarios.js';

const MOST_RUNS = 2;
/** Whoever reads the destination finds a pair that works at every moment of these. */
const SERVING: readonly Scenario[] = [
  'create_before_destroy',
  'rotate',
  'rotate without overlap',
  'after_days',
  'retire',
];

/** What of the promises one point has broken; none, when all is well. */
export function violations(result: CrashResult): string[] {
  return [...always(result), ...(removes(result.followUp) ? afterRemoval(result) : whereItStays(result))];
}

/** Collects what does not hold. */
function checker() {
  const broken: string[] = [];
  const check = (holds: boolean, what: string) => {
    if (!holds) broken.push(what);
  };
  return { broken, check };
}

function always(result: CrashResult): string[] {
  const { broken, check } = checker();
  const { orphans, strangersDeleted, secretsPrinted, processesLeft, ended, runs } = result;
  check(orphans.length === 0, `living and not reported: ${orphans.join(', ')}`);
  check(strangersDeleted.length === 0, `strangers' keys deleted: ${strangersDeleted.join(', ')}`);
  check(secretsPrinted.length === 0, `secrets printed, of: ${secretsPrinted.join(', ')}`);
  check(processesLeft === 0, `${processesLeft} provider processes left`);
  check(ended !== 'unsettled', `still changing or failing after ${runs} runs`);
  check(runs <= MOST_RUNS, `${runs} runs to converge`);
  return broken;
}

/** Destroyed, or its block removed. */
function afterRemoval(result: CrashResult): string[] {
  const { broken, check } = checker();
  const { ownLeft, filesLeft, named } = result;
  check(result.ended === 'converged', 'the resource is still in the state');
  check(ownLeft.length === 0, `keys of the state that live on: ${ownLeft.join(', ')}`);
  // The pair of a key that was left to its reader may be all that is to be had of it.
  check(named.length > 0 || filesLeft.length === 0, `files left: ${filesLeft.join(', ')}`);
  return broken;
}

/** Applied again, under whatever name. */
function whereItStays(result: CrashResult): string[] {
  const { point, followUp } = result;
  const { broken, check } = checker();
  if (followUp === 'renamed' && result.stateKeyIsDelivered && hasJournal(point)) {
    check(result.announced === true, 'a rename whose plan does not tell of the resource that has the key');
  }
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
  check(
    result.ended === 'unsettled' || result.served || readsLeftPair(result),
    'no consumer is served in the end',
  );
  // The state is written by Terraform, after the old key has gone.
  if (SERVING.includes(point.scenario) && point.route !== 'terraform_output') {
    check(result.servedMeanwhile, 'no consumer was served after the stroke');
  }
  return result.ended === 'converged' ? [...broken, ...whenConverged(result)] : broken;
}

function isMerelyDue({ point, named }: CrashResult): boolean {
  return point.scenario === 'after_days' && named.length > 0;
}

/** A program cannot be asked what it holds: there it is the living key that the dead run has left, and named to the user. */
function readsLeftPair(result: CrashResult): boolean {
  return result.point.route === 'command' && isMerelyDue(result) && result.servedMeanwhile;
}

function whenConverged(result: CrashResult): string[] {
  const { point } = result;
  const { broken, check } = checker();
  check(result.delivered || readsLeftPair(result), 'no delivered pair');
  // Once its successor's pair is in place, the next run takes that over and gives the old key its overlap.
  const isTakenOver = point.scenario === 'create_before_destroy' && result.keepsPrevious;
  // What the dead run has left may take the slot: a rotation that is merely due waits for it, with a warning.
  const waits = isMerelyDue(result);
  // A stranger's key, or a late one, may have come to where the old key was to stay.
  const isPlain = point.stranger === 'none' && !isTakenOver && !waits;
  check(
    !isPlain || result.keepsPrevious === keepsPrevious(point),
    'not the previous key that it should keep',
  );
  check(result.accepted !== false, 'S3 refuses the delivered pair');
  check(result.stateLost || result.filesLeft.length === 0, `files left: ${result.filesLeft.join(', ')}`);
  return broken;
}

/** One point in a line, to find and repeat it. */
export function describePoint({
  point,
  followUp,
}: Pick<CrashResult, 'point'> & Partial<Pick<CrashResult, 'followUp'>>): string {
  const stranger = point.stranger === 'none' ? '' : `, a stranger's key ${point.stranger}`;
  return `${point.scenario}, ${point.route}, exclusive = ${point.exclusive}: ${point.strike} at call ${point.nth} (${point.operation}), ${point.moment}${stranger}${followUp ? `, then ${followUp}` : ''}`;
}
