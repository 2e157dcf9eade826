import type { CrashPoint, Moment, StrangerKey } from './crash-point.js';
import { type Case, needsBothSlots, type Route, SCENARIOS } from './scenarios.js';
import { STRIKES } from './strike.js';

const MOMENTS = ['received', 'effect-done', 'answered'] as const;
const CREATE = 'CreateBucketAccessKey';

/** The rows of the table. Without a journal, and where nothing is created, `exclusive` decides nothing. */
export const CASES: readonly Case[] = SCENARIOS.flatMap((scenario) =>
  (['file', 'terraform_output'] as const).flatMap((route: Route) =>
    [false, true]
      .filter((exclusive) => !exclusive || (route === 'file' && scenario !== 'destroy'))
      .map((exclusive) => ({ scenario, route, exclusive })),
  ),
);

/**
 * The points of one case, from the calls of its dry run.
 *
 * SIGKILL of the provider comes at all three moments of every call. The other five strokes, which end the same
 * calls in other orders, come at every call from the creation (or the deletion) on, at one moment each, by turns.
 * With `exclusive`, all of them start at the creation: before it, it decides nothing. `all` leaves nothing out.
 */
export function pointsOf(of: Case, calls: readonly string[], all: boolean): CrashPoint[] {
  const first = calls.findIndex((call) => call === CREATE || call === 'DeleteBucketAccessKey');
  const points: Omit<CrashPoint, 'stranger'>[] = [];
  calls.forEach((operation, index) => {
    const changing = index >= first;
    STRIKES.forEach((strike, turn) => {
      const everyMoment = all || strike === 'SIGKILL provider';
      if (!all && !changing && (of.exclusive || strike !== 'SIGKILL provider')) return;
      const moments: Moment[] = everyMoment ? [...MOMENTS] : [MOMENTS[(index + turn) % 3] ?? 'received'];
      if (strike === 'SIGKILL provider' && operation === CREATE && of.route === 'file') moments.push('late');
      for (const moment of moments) points.push({ ...of, nth: index + 1, operation, moment, strike });
    });
  });
  return points.map((point, index) => ({ ...point, stranger: strangerFor(of, index) }));
}

/**
 * Half of the points have somebody else's key on the bucket before, where there is a slot for it, and a quarter
 * get one right after the stroke: the moment in which it looks most like the struck run's own. With `exclusive`,
 * the author says that nobody does that.
 */
function strangerFor(of: Case, index: number): StrangerKey {
  if (needsBothSlots(of)) return of.exclusive || index % 2 === 0 ? 'none' : 'after';
  const turns: StrangerKey[] = of.exclusive ? ['none', 'before'] : ['before', 'none', 'before', 'after'];
  return turns[index % turns.length] ?? 'none';
}
