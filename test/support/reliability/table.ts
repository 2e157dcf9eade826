import type { CrashResult } from './crash-point.js';

type Row = readonly (string | number)[];

export function markdownTable(head: Row, rows: readonly Row[]): string {
  const line = (row: Row) => `| ${row.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const COUNTS = [
  'points',
  "with a stranger's key",
  'most runs',
  'orphans',
  'named',
  'refusals that name them',
  "strangers' keys deleted",
  'pair refused by S3',
  'processes left',
  'pairs left pending',
  'dead pairs left',
  'drafts left',
  'states lost by Terraform',
];

/** One row for each scenario, route and `exclusive`. */
export function tableByCase(results: readonly CrashResult[]): string {
  const groups = groupBy(results, ({ point }) => `${point.scenario}|${point.route}|${point.exclusive}`);
  const rows = [...groups].map(([name, group]) => [...name.split('|'), ...countsOf(group)]);
  return markdownTable(
    ['scenario', 'route', '`exclusive`', ...COUNTS],
    [...rows, ['all', '', '', ...countsOf(results)]],
  );
}

/** One row for each way to end a run. */
export function tableByStrike(results: readonly CrashResult[]): string {
  const groups = groupBy(
    results,
    ({ point }) => point.strike + (point.moment === 'late' ? ', the call lands late' : ''),
  );
  return markdownTable(
    ['stroke', ...COUNTS],
    [...groups].map(([name, group]) => [name, ...countsOf(group)]),
  );
}

function countsOf(results: readonly CrashResult[]): Row {
  const sum = (count: (result: CrashResult) => number) =>
    results.reduce((total, result) => total + count(result), 0);
  return [
    results.length,
    sum(({ point }) => Number(point.stranger !== 'none')),
    Math.max(...results.map(({ runs }) => runs)),
    sum(({ orphans }) => orphans.length),
    sum(({ named }) => named.length),
    sum(({ ended }) => Number(ended === 'refused')),
    sum(({ strangersDeleted }) => strangersDeleted.length),
    sum(({ accepted }) => Number(accepted === false)),
    sum(({ processesLeft }) => processesLeft),
    sum(({ filesLeft }) => filesLeft.length),
    sum(({ deadPairsLeft }) => deadPairsLeft.length),
    sum(({ draftsLeft }) => draftsLeft.length),
    sum(({ stateLost }) => Number(stateLost)),
  ];
}

function groupBy<T>(items: readonly T[], name: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(name(item), [...(groups.get(name(item)) ?? []), item]);
  return groups;
}
