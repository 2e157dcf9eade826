import { KEYS_PER_BUCKET } from '../../../../src/lifecycle/access-key.js';
import { gapIn } from './happenings.js';
import type { Happening } from './happenings.js';
import { ACTIONS, PLAIN, WISHES } from './scenario.js';
import type { Row, Scenario, Wish } from './scenario.js';
import { extent } from './share.js';
import type { Share } from './share.js';
import type { Pairs } from './walk.js';

const ROUTES = ['readable', 'sealed', 'output'] as const;

/** Circumstances that change what can be known, and when. */
const CIRCUMSTANCES: readonly Partial<Scenario>[] = [
  { strangers: 1 },
  { pause: 'hours' },
  { isHurried: true },
  { isHurried: true, lag: 120_000 },
  { machine: 'other' },
  { machine: 'other', pause: 'hours' },
  { machine: 'unknown', pause: 'hours' },
  { movesFolder: true, pause: 'hours' },
  { endsSlowly: true },
  { endsSlowly: true, movesFolder: true },
  { s3: 'never' },
  { s3: 'off' },
  { lag: 3000 },
  { lag: 120_000 },
  { deletedLag: 20_000 },
  { hooks: true },
  { unknown: 'keepers' },
  { unknown: 'secret' },
];

/** What the plainest circumstances do not lead to: nothing is decided, no slot is free, a use stands in the way. */
const CROSSROADS: readonly Partial<Scenario>[] = [
  { action: 'import', strangers: 1 },
  { action: 'rotate', unknown: 'keepers' },
  { action: 'rotate', strangers: 1 },
  { action: 'rotate-due', strangers: 1 },
  { action: 'rotate-due', strangers: 1, isEdited: true },
  { action: 'keep', isEdited: true },
  { action: 'retire', stillUsed: true },
  { action: 'rotate', hooks: true },
  { action: 'destroy', hooks: true },
];

/** Every route and action under the plainest circumstances, and every kind of decision. */
export function plainScenarios(exclusive: boolean): Scenario[] {
  return ROUTES.flatMap((route) => {
    const plain = ACTIONS.filter((action) => isPossible(route, action)).map((action) => ({ action }));
    return [...plain, ...CROSSROADS].map((more) => ({ ...PLAIN, exclusive, route, ...more }));
  });
}

/** The same under every other circumstance. */
export function harderScenarios(exclusive: boolean): Scenario[] {
  return plainScenarios(exclusive)
    .flatMap((plain) =>
      [...CIRCUMSTANCES, ...ofRotation(plain), ...ofLivingKey(plain)].map((circumstance) => ({
        ...plain,
        ...circumstance,
      })),
    )
    .filter(hasSomethingToDestroy);
}

/** Where S3 takes no key, no state ever holds one, and a destroy of nothing does not reach the provider. */
function hasSomethingToDestroy({ action, s3 }: Scenario): boolean {
  return !action.includes(', then ') || s3 !== 'never';
}

function ofRotation({ route, action, stillUsed }: Scenario): readonly Partial<Scenario>[] {
  if (stillUsed || (action !== 'rotate-overlap' && action !== 'retire')) return [];
  return route === 'output' ? [{ stillUsed: true }] : [{ stillUsed: true }, { changed: true }];
}

function ofLivingKey({ action }: Scenario): readonly Partial<Scenario>[] {
  if (action === 'create' || action === 'move') return [];
  return [{ isInactive: true }, { isInactive: true, strangers: 1 }];
}

/** Without a journal nothing tells of a bucket that the configuration has left, and nobody can put a pair in place. */
function isPossible(route: Scenario['route'], action: Scenario['action']): boolean {
  return route !== 'output' || (action !== 'move' && action !== 'take-over');
}

const DOUBTS: readonly Happening[] = ['lost-done', 'lost-undone', 'late-1', 'late-4', 'late-1000'];
const BLOWS: readonly Happening[] = [...DOUBTS, 'kill-after'];
/** Of the answers in part those that have most to say after a doubt. */
const WORST_GAPS: readonly Happening[] = ['without status, always', 'without creation', 'without date ahead'];
const isGap = (happening: Happening) => gapIn(happening) !== null;
const FAILURES: readonly Happening[] = ['fail-before', 'fail-after'];

/**
 * Two happenings that make each other worse: a doubt or a death, and then another, or a stranger; a stranger, and then
 * a doubt or a death; no list, and then one; a doubt, and an answer in part; a death, and a pair that is altered after it; a step that is done without an answer at a
 * place that cannot be asked any more; a failure, and a deletion after it that does not happen.
 */
export const worstPairs: Pairs = (first, second, { port }) =>
  (BLOWS.includes(first) && [...BLOWS, 'stranger-comes', 'neighbour-comes'].includes(second)) ||
  (first === 'stranger-comes' && BLOWS.includes(second)) ||
  (first === 'no-list' && BLOWS.includes(second)) ||
  (WORST_GAPS.includes(second) && (DOUBTS.includes(first) || first === second)) ||
  (first === 'kill-after' && second === 'altered') ||
  (first === 'fail-before' && second === 'undone') ||
  (first === 'fail-after' && second === 'fail-always' && port === 'destination.read');

/** Nearly all pairs. A rival's run comes alone: it is a history of its own. */
const manyPairs: Pairs = (first, second) =>
  (isGap(first) && (first === second || BLOWS.includes(second) || second === 'rival')) ||
  second === 'altered' ||
  (isGap(second) && ['kill-after', 'crash-after', 'rival', 'stranger-comes'].includes(first)) ||
  ([
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
    ].includes(second));

/** All of the worst pairs and of the others, or a share of them; with MODEL=full whatever can follow each other. */
export function sampledPairs(shares: { readonly worst: Share; readonly other: Share }): Pairs {
  if (extent === 'full') return () => true;
  return (first, second, step) =>
    worstPairs(first, second, step)
      ? shares.worst.isTaken()
      : manyPairs(first, second, step) && shares.other.isTaken();
}

/** With `exclusive` the author has said that no stranger makes keys while a call of ours fails. */
export function withoutStrangers(pairs: Pairs): Pairs {
  return (first, second, step) =>
    first !== 'stranger-comes' && second !== 'stranger-comes' && pairs(first, second, step);
}

/** Every row of up to three resources whose keys a bucket can hold beside so many of strangers. */
export function rowScenarios(): Scenario[] {
  const rows = (length: number): Wish[][] =>
    length === 0 ? [[]] : rows(length - 1).flatMap((row) => WISHES.map((wish) => [...row, wish]));
  const slots = (row: readonly Wish[]) => row.filter((wish) => wish !== 'new').length;
  return [0, 1].flatMap((strangers) =>
    [...rows(2), ...rows(3)]
      .filter((wishes) => slots(wishes) + strangers <= KEYS_PER_BUCKET)
      .flatMap((wishes) =>
        ORDERS.map((order): Scenario => ({ ...PLAIN, strangers, row: { wishes, ...order } })),
      ),
  );
}

const ORDERS: readonly Omit<Row, 'wishes'>[] = [
  { planned: 'one by one' },
  { planned: 'reads first' },
  { planned: 'reads first', isAppliedBackwards: true },
];
