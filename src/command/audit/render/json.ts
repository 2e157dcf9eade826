import type { LastUse } from '../../../lifecycle/access-key.js';
import { NOT_REPORTED } from '../../../lifecycle/access-key.js';
import type { BucketReport, KeyReport, Report } from '../report.js';
import { CHECKS, exitStatus, OF_STATES } from '../report.js';
import { visible } from './escape.js';

/** Of the shape, not of the package: it changes when a reader of the last one would misread the next. */
const VERSION = 1;

const VERDICTS = { 0: 'clean', 1: 'incomplete', 2: 'findings' } as const;

/** For programs: docs/audit-report.md has the shape. Written member by member, so that it does not change by accident. */
export function json(report: Report): string {
  const { asOf, limits, regions, states, buckets, notFound, notJudged } = report;
  const document = JSON.stringify(
    {
      version: VERSION,
      verdict: VERDICTS[exitStatus(report)],
      // Checks that no key could have failed, since no state was given.
      checksNotJudged: states === null ? CHECKS.filter((check) => OF_STATES.has(check)) : [],
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
    // Null says "never used", so that what AWS does not tell is left out.
    ...(lastUsed !== NOT_REPORTED && { lastUsed: lastUsed && useJson(lastUsed) }),
    managedBy: key.managedBy.map(({ address, state, role }) => ({ address, state, role })),
    retirePreviousAfter: instant(key.retirePreviousAfter),
    rotationDueAt: instant(key.rotationDueAt),
    checks: key.checks,
    findings: key.findings.map(({ check, message }) => ({ check, message })),
    ...(key.undetermined.length > 0 && { undetermined: key.undetermined }),
  };
}

function useJson({ date, region, serviceName }: LastUse): object {
  return { date: instant(date), region, serviceName };
}

function instant(date: Date | null): string | null {
  return date?.toISOString() ?? null;
}
