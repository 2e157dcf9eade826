import { NOT_REPORTED } from '../../../lifecycle/access-key.js';
import type { Check, KeyReport, NotJudged, Report } from '../report.js';
import {
  exitStatus,
  findingsOf,
  keyWords,
  managementNotJudged,
  undeterminedAnswers,
  undeterminedOf,
} from '../report.js';
import { printable } from './escape.js';

/** In a list of the same kind; JSON has all. */
const SHOWN = 20;

/** For people: a row for each key, then what was found, in words. */
export function table(report: Report): string {
  const sections = [keys(report), findings(report), unread(report), notes(report), summary(report)];
  return sections.filter((section) => section !== '').join('\n\n');
}

function keys({ buckets, states }: Report): string {
  const rows = buckets.flatMap(({ region, bucket, keys }) =>
    keys.map((key) => [
      region,
      bucket,
      key.accessKeyId ?? '-',
      key.status ?? 'gone',
      key.ageDays === null ? '-' : `${key.ageDays} d`,
      lastUsed(key),
      states ? key.managedBy.map(({ address }) => address).join(', ') || '-' : 'not judged',
      key.findings.map(({ check }) => check).join(', ') ||
        (key.undetermined.length > 0 ? 'undetermined' : 'ok'),
    ]),
  );
  if (rows.length === 0) return '';
  const head = ['REGION', 'BUCKET', 'KEY', 'STATUS', 'AGE', 'LAST USED', 'MANAGED BY', 'FOUND'];
  return aligned([head, ...rows.map((row) => row.map(printable))]);
}

function lastUsed({ lastUsed: use, status }: KeyReport): string {
  if (status === null) return '-';
  if (use === NOT_REPORTED) return 'not reported';
  return use ? `${use.date.toISOString().slice(0, 10)} ${use.serviceName} ${use.region}` : 'never';
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_cell, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function findings(report: Report): string {
  const found = findingsOf(report);
  return found.map(({ check, message }) => printable(`${check}: ${message}`)).join('\n');
}

function unread(report: Report): string {
  const { regions, buckets, notFound } = report;
  const lines = [
    ...regions.flatMap(({ region, unreadable }) =>
      unreadable === null
        ? []
        : [
            `could not tell: the buckets of ${region} are not all known: ${unreadable} With --bucket the audit does without that call.`,
          ],
    ),
    ...buckets.flatMap(({ bucket, region, outcome, reason }) =>
      outcome === 'unreadable'
        ? [`could not tell: the keys of bucket ${bucket} in ${region} could not be read: ${reason ?? ''}`]
        : [],
    ),
    ...notFound.map(
      (bucket) =>
        `could not tell: bucket ${bucket} is in none of the audited regions (${regions.map(({ region }) => region).join(', ')}) of this account. Check its name, --region and the credentials; if it was deleted, its keys are gone with it.`,
    ),
    ...undeterminedOf(report).map((key) => `could not tell: ${notJudgedLine(key)}`),
    ...undeterminedAnswers(report).map((said) => `could not tell: ${said}`),
  ];
  return some(lines, 'that are undetermined');
}

function notes({ notJudged, states }: Report): string {
  const lines = [
    ...(states ?? []).flatMap(({ note }) => (note === null ? [] : [`note: ${note}`])),
    ...notJudged.filter(({ couldBeHere }) => !couldBeHere).map(notJudgedLine),
  ];
  return some(lines, 'like these');
}

function notJudgedLine({ accessKeyId, bucket, address, state, reason }: NotJudged): string {
  return `not judged: ${keyWords(accessKeyId)} of bucket ${bucket} (${address} in ${state}): ${reason}.`;
}

function some(all: readonly string[], what: string): string {
  const lines = all.map(printable);
  const more = lines.length - SHOWN;
  return more <= 0
    ? lines.join('\n')
    : [...lines.slice(0, SHOWN), `… and ${more} more ${what}; --format json has them all.`].join('\n');
}

function summary(report: Report): string {
  const { buckets, asOf } = report;
  const keys = buckets.flatMap((bucket) => bucket.keys.filter(({ status }) => status !== null)).length;
  const counts = new Map<Check, number>();
  for (const { check } of findingsOf(report)) counts.set(check, (counts.get(check) ?? 0) + 1);
  const isIncomplete = exitStatus(report) === 1;
  const none = isIncomplete ? 'no finding in what could be read' : 'nothing found';
  const found = [...counts].map(([check, count]) => `${count} ${check}`).join(', ') || none;
  const incomplete = isIncomplete ? ' Incomplete.' : '';
  const at = asOf ? `, as of ${asOf.toISOString()}` : '';
  const notJudged = managementNotJudged(report);
  return `${count(buckets.length, 'bucket')}, ${count(keys, 'key')}: ${found}${at}.${incomplete}${notJudged === null ? '' : `\n${notJudged}`}`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
