import type { CrashPoint, Moment, StrangerKey } from './crash-point.js';
import { type Case, needsBothSlots, type Route, SCENARIOS } from './scenarios.js';
import { type Strike, STRIKES } from './strike.js';

const MOMENTS = ['received', 'effect-done', 'answered'] as const;
const CREATE = 'CreateBucketAccessKey';
const CHANGING = [CREATE, 'DeleteBucketAccessKey'];

/** The rows of the table. Without a journal, and where nothing is created, `exclusive` decides nothing. */
export const CASES: readonly Case[] = SCENARIOS.flatMap((scenario) =>
  (['file', 'terraform_output'] as const).flatMap((route: Route) =>
    [false, true]
      .filter((exclusive) => !exclusive || (route === 'file' && scenario !== 'destroy'))
      .map((exclusive) => ({ scenario, route, exclusive })),
  ),
);

/**
 * The points of one case, from the calls of its dry run. Left out, unless `all` is asked for:
 *
 * - the middle moment of a call without an effect, and of the calls before the first one that changes anything all
 *   but the last moment: for the struck process they are the same;
 * - other strokes than SIGKILL of the provider, which come at one moment each, by turns: at calls that change
 *   nothing, but for those after the creation; with `exclusive` at all but the creation; without a journal at all
 *   that change nothing;
 * - with `exclusive`, everything before the creation, where it decides nothing.
 */
export function pointsOf(of: Case, calls: readonly string[], all: boolean): CrashPoint[] {
  const points = calls.flatMap((operation, index) =>
    STRIKES.flatMap((strike, turn) => {
      const call = { ...of, nth: index + 1, operation, strike };
      const moments = all ? MOMENTS : momentsOf(call, calls, turn);
      return moments.map((moment): Omit<CrashPoint, 'stranger'> => ({ ...call, moment }));
    }),
  );
  return points
    .map((point, index): CrashPoint => ({ ...point, stranger: strangerFor(of, index) }))
    .concat(latePoints(of, calls));
}

function momentsOf(
  call: Case & { readonly nth: number; readonly operation: string; readonly strike: Strike },
  calls: readonly string[],
  turn: number,
): readonly Moment[] {
  const { nth, operation, strike, route, exclusive } = call;
  const creation = calls.indexOf(CREATE) + 1;
  if (exclusive && nth < creation) return [];
  if (strike === 'SIGKILL provider') {
    if (CHANGING.includes(operation)) return MOMENTS;
    return nth < calls.findIndex((name) => CHANGING.includes(name)) + 1
      ? ['answered']
      : ['received', 'answered'];
  }
  const chosen = exclusive
    ? operation === CREATE
    : CHANGING.includes(operation) || (route === 'file' && creation > 0 && nth > creation);
  return chosen ? [MOMENTS[(nth + turn) % 3] ?? 'received'] : [];
}

/** The creation takes its effect when the next run has already looked, and made a key of its own. */
function latePoints(of: Case, calls: readonly string[]): CrashPoint[] {
  const nth = calls.indexOf(CREATE) + 1;
  // The second key of two has no room to land in; without a journal nobody knows that there was a creation.
  if (nth === 0 || of.route !== 'file' || needsBothSlots(of)) return [];
  return [{ ...of, nth, operation: CREATE, moment: 'late', strike: 'SIGKILL provider', stranger: 'none' }];
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
