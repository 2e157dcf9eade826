import type { LastUse } from '../../../../lifecycle/access-key.js';
import { NOT_REPORTED } from '../../../../lifecycle/access-key.js';
import { deletionCommand } from '../../../../lifecycle/wording.js';
import type { BucketReport, Finding, KeyReport, Report } from '../../report.js';
import { CHECKS } from '../../report.js';
import { counted, fold, type Html, html, list, NOTHING, time } from './markup.js';
import { axisDrawing, axisOf, HATCH, keyDrawing, marksOf, overlapStart, sample } from './timeline.js';

const DAY = 86_400_000;
const SHOWN_FINDINGS = 10;
const SHOWN_BUCKETS = 20;

interface Found extends Finding {
  readonly bucket: BucketReport;
  readonly key: KeyReport;
}

/** In words, by kind; long lists end folded. */
export function findingsSection(report: Report): Html {
  const all = report.buckets.flatMap((bucket) =>
    bucket.keys.flatMap((key) => key.findings.map((finding): Found => ({ ...finding, bucket, key }))),
  );
  if (all.length === 0) return NOTHING;
  const groups = CHECKS.map((check) => ({ check, found: all.filter((finding) => finding.check === check) }));
  return html`<section aria-labelledby="findings">
    <h2 id="findings">Findings</h2>
    ${groups.map(({ check, found }) =>
      found.length === 0
        ? NOTHING
        : html`<h3>${check} <span class="count">${found.length.toLocaleString('en')}</span></h3>
            ${list(
              found.map((finding) => item(finding, report)),
              'findings',
              { shown: SHOWN_FINDINGS, more: `more: ${check}` },
            )}`,
    )}
  </section> `;
}

function item({ message, bucket, key }: Found, report: Report): Html {
  return html`<li>
    ${withCommand(message, bucket, key)}
    <a href="#${anchorOf(bucket, report)}">Timeline of ${bucket.bucket}</a>
  </li> `;
}

/** The command in a message is set apart, so that it can be copied whole. */
function withCommand(message: string, { bucket, region }: BucketReport, { accessKeyId }: KeyReport): Html {
  if (accessKeyId === null) return html`${message}`;
  const command = deletionCommand(bucket, region, accessKeyId);
  const [before = '', ...after] = message.split(command);
  return after.length === 0 ? html`${message}` : html`${before}<code>${command}</code>${after.join(command)}`;
}

/** A timeline of each bucket's keys: those with findings first. */
export function keysSection(report: Report): Html {
  const withKeys = report.buckets.filter(({ keys }) => keys.length > 0);
  const empty = report.buckets.filter(({ keys, outcome }) => keys.length === 0 && outcome === 'read');
  const hasFindings = ({ keys }: BucketReport) => keys.some(({ findings }) => findings.length > 0);
  const found = withKeys.filter(hasFindings);
  const inOrder = withKeys.filter((bucket) => !hasFindings(bucket));
  const items = (buckets: readonly BucketReport[]) => buckets.map((bucket) => bucketItem(bucket, report));
  const names = empty.map(
    ({ bucket, region }) => html`<li><code>${bucket}</code> <span class="region">${region}</span></li> `,
  );
  return html`<section aria-labelledby="keys">
    <h2 id="keys">Keys</h2>
    ${withKeys.length > 0 ? [HATCH, LEGEND] : NOTHING}
    ${list(items(found), 'buckets', { shown: SHOWN_BUCKETS, more: 'more buckets with findings' })}
    ${folded('whose keys are in order', list(items(inOrder), 'buckets'), inOrder.length, withKeys.length <= SHOWN_BUCKETS)}
    ${folded('without a key', list(names, 'names'), names.length)}
  </section> `;
}

function folded(which: string, content: Html, buckets: number, isOpen = false): Html {
  return buckets === 0 ? NOTHING : fold(`${counted(buckets, 'bucket')} ${which}`, content, isOpen);
}

const LEGEND: Html = html`<ul class="legend" aria-label="Signs in the timelines">
  <li>${sample('life')} age</li>
  <li>${sample('inactive')} age, inactive</li>
  <li>${sample('used')} last use</li>
  <li>${sample('overlap')} overlap after a rotation</li>
  <li>${sample('due')} due date</li>
  <li>${sample('ahead')} until due</li>
  <li>${sample('late')} overdue</li>
  <li>${sample('now')} this audit</li>
</ul>`;

function bucketItem(bucket: BucketReport, report: Report): Html {
  const axis = axisOf(bucket);
  const { asOf } = bucket;
  const rows = bucket.keys.map(
    (key) =>
      html`<li>
        <div class="facts">${heading(key)}${facts(key, bucket, report.states !== null)}</div>
        ${axis && asOf ? keyDrawing(marksOf(key, bucket, axis), axis, asOf) : NOTHING}
      </li> `,
  );
  return html`<li id="${anchorOf(bucket, report)}">
    <h3>${bucket.bucket} <span class="region">${bucket.region}</span></h3>
    ${bucket.reason === null ? NOTHING : html`<p>${bucket.reason}</p>`}
    <ul class="keys">
      ${rows}
    </ul>
    ${axis ? axisDrawing(axis) : NOTHING}
  </li> `;
}

/** Where a finding's link leads. */
function anchorOf(bucket: BucketReport, { buckets }: Report): string {
  return `bucket-${buckets.indexOf(bucket) + 1}`;
}

function heading({ accessKeyId, status, findings }: KeyReport): Html {
  const state = status === null ? 'not there' : status === 'Active' ? null : status;
  return html`<p class="key">
    <code>${accessKeyId ?? 'current key'}</code
    >${state === null ? NOTHING : html` <span class="state">${state}</span>`}${findings.map(
      ({ check }) => html` <span class="tag">${check}</span>`,
    )}
  </p>`;
}

/** All that the drawing shows, in words. */
function facts(key: KeyReport, bucket: BucketReport, hasStates: boolean): Html {
  const { createdAt, lastUsed, managedBy, retirePreviousAfter, rotationDueAt, ageDays } = key;
  const began = overlapStart(key, bucket);
  const entries: readonly (readonly [string, Html] | null)[] = [
    createdAt && [
      'Made',
      html`${time(createdAt)}${ageDays === null ? NOTHING : html`, ${days(ageDays)} old`}`,
    ],
    createdAt && [
      'Last used',
      lastUsed === NOT_REPORTED
        ? html`not reported`
        : lastUsed
          ? html`${time(lastUsed.date)}, ${ago(lastUsed.date, bucket.asOf)}${byWhom(lastUsed)}`
          : html`never`,
    ],
    rotationDueAt && ['Rotation due', time(rotationDueAt, 'minute')],
    retirePreviousAfter && [
      'Overlap',
      html`${began && createdAt ? html`from ${time(began, 'minute')} ` : NOTHING}until
      ${time(retirePreviousAfter, 'minute')}`,
    ],
    ['Managed by', hasStates ? managers(managedBy) : html`not judged: no state was given`],
  ];
  return html`<dl>
    ${entries.map(
      (entry) =>
        entry &&
        html`<div>
          <dt>${entry[0]}</dt>
          <dd>${entry[1]}</dd>
        </div>`,
    )}
  </dl>`;
}

function managers(all: KeyReport['managedBy']): Html {
  if (all.length === 0) return html`none of the given states`;
  const parts = all.map(
    ({ address, state, role }) =>
      html`<code>${address}</code> in ${state}${role === 'previous' ? ', as its previous key' : ''}`,
  );
  return html`${parts.map((part, index) => html`${index > 0 ? '; ' : ''}${part}`)}`;
}

/** AWS may tell the time alone. */
function byWhom({ serviceName, region }: LastUse): string {
  return `${serviceName && `, by ${serviceName}`}${region && ` in ${region}`}`;
}

function ago(date: Date, asOf: Date | null): string {
  return `${days(Math.floor(((asOf ?? date).getTime() - date.getTime()) / DAY))} before`;
}

function days(number: number): string {
  return number <= 0 ? 'less than a day' : counted(number, 'day');
}
