import type { BucketReport, KeyReport, Report } from '../report.js';
import { keyWords, managementNotJudged, undeterminedOf } from '../report.js';
import { escape } from './escape.js';

/**
 * For the test pages of CI systems: a suite for each bucket with a case for each key and check. It keeps to the
 * strictest of the schemas that go by this name (Ant's, which Jenkins and GitLab read too): every attribute is there
 * that any of them asks for, in its order, and none that one of them does not know.
 */
export function junit(report: Report): string {
  const suites = [
    ...report.regions.map(({ region, unreadable }) => ({
      name: region,
      region,
      cases: [testCase(region, 'buckets are listed', unreadable === null ? null : { error: unreadable })],
    })),
    ...report.buckets.map((bucket) => ({
      name: bucket.bucket,
      region: bucket.region,
      cases: bucketCases(bucket),
    })),
    ...report.notFound.map((bucket) => ({
      name: bucket,
      region: 'unknown',
      cases: [
        testCase(bucket, 'keys are listed', { error: `Bucket ${bucket} is in none of the audited regions.` }),
      ],
    })),
    ...undeterminedOf(report).map(({ bucket, accessKeyId, address, reason }) => ({
      name: bucket,
      region: 'unknown',
      cases: [
        testCase(bucket, `${accessKeyId ?? address}: missing`, {
          error: `Not judged: ${keyWords(accessKeyId)} of bucket ${bucket} (${address}): ${reason}.`,
        }),
      ],
    })),
  ];
  const timestamp = (report.asOf ?? new Date(0)).toISOString().slice(0, 19);
  const body = suites.map((suite, id) => suiteXml(suite, id, timestamp, id === 0 ? remarks(report) : ''));
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', {}, ['\n', ...body])}`;
}

interface Case {
  readonly className: string;
  readonly name: string;
  /** A failure is a finding, an error something that could not be read. */
  readonly outcome: { readonly failure: string; readonly check: string } | { readonly error: string } | null;
}

interface Suite {
  readonly name: string;
  readonly region: string;
  readonly cases: readonly Case[];
}

function testCase(className: string, name: string, outcome: Case['outcome']): Case {
  return { className, name, outcome };
}

function bucketCases({ bucket, region, outcome, reason, keys }: BucketReport): readonly Case[] {
  const className = `${region}.${bucket}`;
  const listed = outcome === 'unreadable' ? { error: reason ?? '' } : null;
  return [testCase(className, 'keys are listed', listed), ...keys.flatMap((key) => keyCases(className, key))];
}

function keyCases(
  className: string,
  { accessKeyId, managedBy, checks, findings, undetermined }: KeyReport,
): readonly Case[] {
  const name = accessKeyId ?? managedBy[0]?.address ?? '';
  return [
    ...checks.map((check) => {
      const finding = findings.find((candidate) => candidate.check === check);
      return testCase(className, `${name}: ${check}`, finding ? { failure: finding.message, check } : null);
    }),
    ...undetermined.map((error, index) =>
      testCase(className, `${name}: undetermined ${index + 1}`, { error }),
    ),
  ];
}

function suiteXml({ name, region, cases }: Suite, id: number, timestamp: string, out: string): string {
  const count = (kind: string) => cases.filter(({ outcome }) => outcome !== null && kind in outcome).length;
  const attributes = {
    id,
    name,
    package: `lightsail.${region}`,
    hostname: region,
    timestamp,
    tests: cases.length,
    failures: count('failure'),
    errors: count('error'),
    time: 0,
  };
  const parts = [
    element('properties', {}),
    ...cases.map(caseXml),
    element('system-out', {}, out === '' ? [] : [escape(out)]),
    element('system-err', {}),
  ];
  return `${element('testsuite', attributes, ['\n', ...parts.map((part) => `${part}\n`)])}\n`;
}

function caseXml({ className, name, outcome }: Case): string {
  const attributes = { classname: className, name, time: 0 };
  if (outcome === null) return element('testcase', attributes);
  const inner =
    'failure' in outcome
      ? element('failure', { type: outcome.check, message: outcome.failure }, [escape(outcome.failure)])
      : element('error', { type: 'unreadable', message: outcome.error }, [escape(outcome.error)]);
  return element('testcase', attributes, [inner]);
}

/** What is no test. */
function remarks(report: Report): string {
  const { notJudged, states } = report;
  const notStated = managementNotJudged(report);
  return [
    ...(notStated === null ? [] : [notStated]),
    ...(states ?? []).flatMap(({ note }) => note ?? []),
    ...notJudged.map(
      ({ accessKeyId, bucket, address, reason }) =>
        `Not judged: ${keyWords(accessKeyId)} of bucket ${bucket} (${address}): ${reason}.`,
    ),
  ].join('\n');
}

type Attributes = Readonly<Record<string, string | number>>;

/** An element with its children, which are XML already. */
function element(name: string, attributes: Attributes, children: readonly string[] = []): string {
  const head = [
    name,
    ...Object.entries(attributes).map(([key, value]) => `${key}="${escape(String(value))}"`),
  ];
  return children.length === 0 ? `<${head.join(' ')}/>` : `<${head.join(' ')}>${children.join('')}</${name}>`;
}
