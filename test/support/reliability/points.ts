import type { CrashPoint, Moment, StrangerKey } from './crash-point.js';
import { isChange } from './depot.js';
import { type Case, hasJournal, needsBothSlots, type Route, SCENARIOS } from './scenarios.js';
import { type Strike, STRIKES } from './strike.js';

const MOMENTS = ['received', 'effect-done', 'answered'] as const;
export const CREATE = 'CreateBucketAccessKey';

/** The rows of the table. Without a journal, and where nothing is created, `exclusive` decides nothing. */
export const CASES: readonly Case[] = SCENARIOS.flatMap((scenario) =>
  routesOf(scenario).flatMap((route) =>
    [false, true]
      .filter((exclusive) => !exclusive || (route === 'file' && creates(scenario)))
      .map((exclusive) => ({ scenario, route, exclusive })),
  ),
);

/** An author's own program is among the stores; here it is where a key is rotated. */
function routesOf(scenario: Case['scenario']): readonly Route[] {
  const rotates = scenario === 'rotate' || scenario === 'after_days';
  return rotates ? ['file', 'terraform_output', 'command'] : ['file', 'terraform_output'];
}

function creates(scenario: Case['scenario']): boolean {
  return scenario !== 'destroy' && scenario !== 'retire' && scenario !== 'rotate without overlap';
}

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

/** How closely a run is looked at. */
export const DEPTHS = ['sample', 'each change', 'every moment'] as const;
export type Depth = (typeof DEPTHS)[number];

const STORE_SCENARIOS = ['create', 'replace', 'create_before_destroy', 'destroy'] as const;
const TURNS = ['rotate', 'rotate without overlap', 'retire'] as const;
/** What turns a key over in place is the same for a sealed file as for the plain one of {@link CASES}. */
const TURNING: readonly Route[] = ['secrets_manager', 'ssm_parameter', 'vault_kv'];

/** The rows of the stores' table. */
export const STORE_CASES: readonly Case[] = (
  ['secrets_manager', 'ssm_parameter', 'vault_kv', 'file, sealed', 'command'] as const
).flatMap((route) =>
  [...STORE_SCENARIOS, ...(TURNING.includes(route) ? TURNS : [])].flatMap((scenario) =>
    [false, true]
      .map((exclusive) => ({ scenario, route, exclusive }))
      .filter((of) => !of.exclusive || (hasJournal(of) && scenario === 'create')),
  ),
);

/**
 * SIGKILL of the provider at the calls of one case, those to the store included. Each call that changes anything is
 * struck once it has, by turns before and after its answer: what a run can leave behind lies between two of these.
 * At the first of them, and at those that make or delete a key, also before: such a request is on its way, and is
 * served all the same. With `exclusive`, which decides what becomes of a key without a pair, only the creation is
 * struck. `every moment` is of every call; `sample` is what the time of a pipeline has room for: what makes or
 * deletes a key, and of the other changes each third one, or second one of the few that turn a key over, not the same
 * ones in all scenarios.
 */
export function storePointsOf(of: Case, calls: readonly string[], depth: Depth): CrashPoint[] {
  const first = calls.findIndex(isChange);
  const turn = SCENARIOS.indexOf(of.scenario);
  const each = TURNS.some((scenario) => scenario === of.scenario) ? 2 : 3;
  const momentsAt = (operation: string, index: number): readonly Moment[] => {
    if (of.exclusive && operation !== CREATE) return [];
    if (depth === 'every moment') return MOMENTS;
    if (of.exclusive) return depth === 'sample' ? ['effect-done'] : MOMENTS;
    if (!isChange(operation)) return [];
    if (depth === 'sample' && !operation.endsWith('BucketAccessKey') && (index + turn) % each > 0) return [];
    const after = index % 2 === 0 ? 'effect-done' : 'answered';
    return index === first || operation.endsWith('BucketAccessKey') ? ['received', after] : [after];
  };
  return calls
    .flatMap((operation, index) =>
      momentsAt(operation, index).map((moment) => ({ ...of, nth: index + 1, operation, moment })),
    )
    .map((point, index): CrashPoint => {
      return { ...point, strike: 'SIGKILL provider', stranger: strangerFor(of, index) };
    })
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
    if (isChange(operation)) return MOMENTS;
    return nth < calls.findIndex(isChange) + 1 ? ['answered'] : ['received', 'answered'];
  }
  const chosen = exclusive
    ? operation === CREATE
    : isChange(operation) || (route === 'file' && creation > 0 && nth > creation);
  return chosen ? [MOMENTS[(nth + turn) % 3] ?? 'received'] : [];
}

/** The creation takes its effect when the next run has already looked, and made a key of its own. */
function latePoints(of: Case, calls: readonly string[]): CrashPoint[] {
  const nth = calls.indexOf(CREATE) + 1;
  // The second key of two has no room to land in; without a journal nobody knows that there was a creation.
  if (nth === 0 || !hasJournal(of) || needsBothSlots(of)) return [];
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
