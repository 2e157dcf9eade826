import type { CrashResult } from './crash-point.js';
import { FOLLOW_UPS, type FollowUp } from './follow-up.js';
import type { Case } from './scenarios.js';

type Cell = string | number;
type Row = readonly Cell[];

export function markdownTable(head: Row, rows: readonly Row[]): string {
  const line = (row: Row) => `| ${row.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A column's title, and its cell for some results. */
type Column = readonly [title: string, cell: (results: readonly CrashResult[]) => Cell];

const POINTS: readonly Column[] = [
  ['points', (results) => results.length],
  ["with a stranger's key", summing(({ point }) => point.stranger !== 'none')],
];
const PROMISES: readonly Column[] = [
  ['most runs', (results) => Math.max(...results.map(({ runs }) => runs))],
  ['orphans', summing(({ orphans }) => orphans.length)],
  ['named', summing(({ named }) => named.length)],
  ['refusals that name them', summing(({ ended }) => ended === 'refused')],
  ["strangers' keys deleted", summing(({ strangersDeleted }) => strangersDeleted.length)],
];
const PENDING: Column = ['pairs left pending', summing(({ filesLeft }) => filesLeft.length)];
const DEAD: Column = ['dead pairs left', summing(({ deadPairsLeft }) => deadPairsLeft.length)];
const DRAFTS: Column = ['drafts left', summing(({ draftsLeft }) => draftsLeft.length)];

const COLUMNS: readonly Column[] = [
  ...POINTS,
  ...PROMISES,
  ['pair refused by S3', summing(({ accepted }) => accepted === false)],
  ['processes left', summing(({ processesLeft }) => processesLeft)],
  PENDING,
  DEAD,
  DRAFTS,
  ['states lost by Terraform', summing(({ stateLost }) => stateLost)],
];

const STORE_COLUMNS: readonly Column[] = [
  ...POINTS,
  ...PROMISES,
  ['consumers served in the end', (results) => ofThose(results, '', ({ served }) => served)],
  [
    'served after the stroke',
    (results) => ofThose(results, 'create, replace, destroy', ({ servedMeanwhile }) => servedMeanwhile),
  ],
  PENDING,
  DEAD,
  DRAFTS,
];

/** For each follow-up its histories, and the living keys in the end that it has named, and that nobody was told of. */
const FOLLOWED: readonly Column[] = FOLLOW_UPS.map((followUp): Column => {
  return [
    followUp === 'apply' || followUp.startsWith('destroy') ? `\`${followUp}\`` : followUp,
    (results) => {
      const those = followedBy(followUp, results);
      const keysOf = (kind: 'named' | 'orphans') =>
        those.reduce((sum, result) => sum + result[kind].length, 0);
      return those.length === 0 ? '' : `${those.length}: ${keysOf('named')}, ${keysOf('orphans')}`;
    },
  ];
});
const WHATEVER_FOLLOWS: readonly Column[] = [
  ...FOLLOWED,
  ['keys of the state left', summing(({ ownLeft }) => ownLeft.length)],
  ["strangers' keys deleted", summing(({ strangersDeleted }) => strangersDeleted.length)],
  ['secrets printed', summing(({ secretsPrinted }) => secretsPrinted.length)],
];

/** One row for each scenario, route and `exclusive`. */
export function tableByFollowUp(results: readonly CrashResult[]): string {
  const groups = groupBy(results, ({ point }) => `${point.route}|${point.scenario}|${point.exclusive}`);
  const rows = [...groups].map(([name, group]) => [...name.split('|'), ...cellsOf(WHATEVER_FOLLOWS, group)]);
  return markdownTable(
    ['route', 'scenario', '`exclusive`', ...titlesOf(WHATEVER_FOLLOWS)],
    [...rows, ['all', '', '', ...cellsOf(WHATEVER_FOLLOWS, results)]],
  );
}

/** Those of one follow-up: the columns beside {@link WHATEVER_FOLLOWS} are of the plain apply. */
export function followedBy(followUp: FollowUp, results: readonly CrashResult[]): CrashResult[] {
  return results.filter((result) => result.followUp === followUp);
}

/** One row for each scenario, route and `exclusive`. */
export function tableByCase(results: readonly CrashResult[]): string {
  const groups = groupBy(results, ({ point }) => `${point.scenario}|${point.route}|${point.exclusive}`);
  const rows = [...groups].map(([name, group]) => [...name.split('|'), ...cellsOf(COLUMNS, group)]);
  return markdownTable(
    ['scenario', 'route', '`exclusive`', ...titlesOf(COLUMNS)],
    [...rows, ['all', '', '', ...cellsOf(COLUMNS, results)]],
  );
}

/** One row for each way to end a run. */
export function tableByStrike(results: readonly CrashResult[]): string {
  const groups = groupBy(
    results,
    ({ point }) => point.strike + (point.moment === 'late' ? ', the call lands late' : ''),
  );
  return markdownTable(
    ['stroke', ...titlesOf(COLUMNS)],
    [...groups].map(([name, group]) => [name, ...cellsOf(COLUMNS, group)]),
  );
}

/** The results of one case, and how many calls its run makes when nothing strikes it. */
export interface Played {
  readonly of: Case;
  readonly calls: number;
  readonly results: readonly CrashResult[];
}

/** One row for each store, scenario and `exclusive`. */
export function tableByStore(played: readonly Played[]): string {
  const rows = played.map(({ of, calls, results }): Row => {
    return [of.route, of.scenario, String(of.exclusive), calls, ...cellsOf(STORE_COLUMNS, results)];
  });
  const all = played.flatMap(({ results }) => results);
  return markdownTable(
    ['route', 'scenario', '`exclusive`', 'calls', ...titlesOf(STORE_COLUMNS)],
    [...rows, ['all', '', '', '', ...cellsOf(STORE_COLUMNS, all)]],
  );
}

function titlesOf(columns: readonly Column[]): Row {
  return columns.map(([title]) => title);
}

function cellsOf(columns: readonly Column[], results: readonly CrashResult[]): Row {
  return columns.map(([, cell]) => cell(results));
}

function summing(count: (result: CrashResult) => number | boolean): Column[1] {
  return (results) => results.reduce((total, result) => total + Number(count(result)), 0);
}

/** How many of those to which it applies. */
function ofThose(
  results: readonly CrashResult[],
  except: string,
  holds: (result: CrashResult) => boolean,
): Cell {
  const those = results.filter(({ point }) => !except.split(', ').includes(point.scenario));
  return those.length === 0 ? '' : `${those.filter(holds).length} of ${those.length}`;
}

function groupBy<T>(items: readonly T[], name: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(name(item), [...(groups.get(name(item)) ?? []), item]);
  return groups;
}
