import { NOT_TOLD } from '../../../lifecycle/access-key.js';
import type { BucketReport, KeyReport, Report } from '../report.js';
import { exitStatus } from '../report.js';
import { visible } from './printable.js';

/** Of the shape, not of the package: it changes when a reader of the last one would misread the next. */
const VERSION = 1;

const VERDICTS = { 0: 'clean', 1: 'incomplete', 2: 'findings' } as const;

/** For programs: docs/audit.md has the shape. Written member by member, so that it does not change by accident. */
export function json(report: Report): string {
  const { asOf, limits, regions, states, buckets, notFound, notJudged } = report;
  const document = JSON.stringify(
    {
      version: VERSION,
      verdict: VERDICTS[exitStatus(report)],
      asOf: instant(asOf),
      limits: { maxAgeDays: limits.maxAgeDays, neverUsedDays: limits.neverUsedDays },
      regions: regions.map(({ region, accounts, buckets, unreadable }) => {
        return { region, accounts, buckets, unreadable };
      }),
      states: states?.map(({ state, keys, note }) => ({ state, keys, note })) ?? null,
      buckets: buckets.map(bucketJson),
      notFound,
      notJudged: notJudged.map(({ bucket, accessKeyId, address, state, reason, couldBeHere }) => {
        return { bucket, accessKeyId, address, state, reason, couldBeHere };
      }),
    },
    null,
    2,
  );
  return visible(document);
}

function bucketJson({ bucket, region, outcome, reason, asOf, keys }: BucketReport): object {
  return { bucket, region, outcome, reason, asOf: instant(asOf), keys: keys.map(keyJson) };
}

function keyJson(key: KeyReport): object {
  const { lastUsed } = key;
  return {
    accessKeyId: key.accessKeyId,
    status: key.status,
    createdAt: instant(key.createdAt),
    ageDays: key.ageDays,
    lastUsed:
      lastUsed !== null && lastUsed !== NOT_TOLD
        ? {
            date: instant(lastUsed.date),
            region: lastUsed.region,
            serviceName: lastUsed.serviceName,
          }
        : null,
    managedBy: key.managedBy.map(({ address, state, role }) => ({ address, state, role })),
    retirePreviousAfter: instant(key.retirePreviousAfter),
    rotationDueAt: instant(key.rotationDueAt),
    checks: key.checks,
    findings: key.findings.map(({ check, message }) => ({ check, message })),
    ...(key.untold.length > 0 && { untold: key.untold }),
  };
}

function instant(date: Date | null): string | null {
  return date?.toISOString() ?? null;
}
