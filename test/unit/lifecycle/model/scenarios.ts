import type { Happening } from './happenings.js';
import { PLAIN } from './scenario.js';
import type { Scenario } from './scenario.js';
import type { Pairs } from './walk.js';

const ROUTES = ['readable', 'sealed', 'output'] as const;
const ACTIONS = [
  'create',
  'replace',
  'replace-before-destroy',
  'rotate',
  'rotate-overlap',
  'destroy',
  'move',
] as const;

/** Circumstances that change what can be known, and when. */
const CIRCUMSTANCES: readonly Partial<Scenario>[] = [
  { strangers: 1 },
  { pause: 'hours' },
  { machine: 'other' },
  { machine: 'other', pause: 'hours' },
  { s3: 'never' },
  { s3: 'off' },
  { lag: 3000 },
];

/** Every route and action under the plainest circumstances. */
export function plainScenarios(exclusive: boolean): Scenario[] {
  return ROUTES.flatMap((route) =>
    ACTIONS.filter((action) => isPossible(route, action)).map((action) => ({
      ...PLAIN,
      exclusive,
      route,
      action,
    })),
  );
}

/** The same under every other circumstance; `actions` narrows them. */
export function harderScenarios(
  exclusive: boolean,
  actions: readonly Scenario['action'][] = ACTIONS,
): Scenario[] {
  return plainScenarios(exclusive)
    .filter(({ action }) => actions.includes(action))
    .flatMap((plain) =>
      [...CIRCUMSTANCES, ...ofRotation(plain)].map((circumstance) => ({ ...plain, ...circumstance })),
    );
}

function ofRotation({ route, action }: Scenario): readonly Partial<Scenario>[] {
  if (action !== 'rotate-overlap') return [];
  return route === 'output' ? [{ stillUsed: true }] : [{ stillUsed: true }, { changed: true }];
}

/** Without a journal nothing tells of a bucket that the configuration has left. */
function isPossible(route: Scenario['route'], action: Scenario['action']): boolean {
  return route !== 'output' || action !== 'move';
}

const DOUBTS: readonly Happening[] = ['lost-done', 'lost-undone', 'late-1', 'late-4', 'late-1000'];
const BLOWS: readonly Happening[] = [...DOUBTS, 'kill-after'];
const FAILURES: readonly Happening[] = ['fail-before', 'fail-after'];

/**
 * Two happenings that make each other worse: a doubt or a death, and then another, or a stranger; a stranger, and then
 * a doubt or a death; and a step that is done without an answer at a place that cannot be asked any more.
 */
export const worstPairs: Pairs = (first, second, { port }) =>
  (BLOWS.includes(first) && [...BLOWS, 'stranger-comes', 'neighbour-comes'].includes(second)) ||
  (first === 'stranger-comes' && BLOWS.includes(second)) ||
  (first === 'fail-after' && second === 'fail-always' && port === 'destination.read');

/** Nearly all pairs. A rival's run comes alone: it is a history of its own. */
export const manyPairs: Pairs = (first, second) =>
  [
    ...DOUBTS,
    ...FAILURES,
    'kill-before',
    'kill-after',
    'crash-after',
    'fail-always',
    'stranger-comes',
    'abort',
  ].includes(first) &&
  [
    ...DOUBTS,
    ...FAILURES,
    'kill-before',
    'kill-after',
    'stranger-comes',
    'ours-goes',
    'neighbour-comes',
    'fail-always',
  ].includes(second);

/** With `exclusive` the author has said that no stranger makes keys while a call of ours fails. */
export function withoutStrangers(pairs: Pairs): Pairs {
  return (first, second, step) =>
    first !== 'stranger-comes' && second !== 'stranger-comes' && pairs(first, second, step);
}
