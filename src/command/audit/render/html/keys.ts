import { NOT_TOLD } from '../../../../lifecycle/access-key.js';
import type { BucketReport, KeyReport, Report } from '../../report.js';
import { axisDrawing, HATCH, keyDrawing, sample } from './drawing.js';
import { counted, fold, type Html, html, list, NOTHING, time } from './markup.js';
import { axisOf, marksOf, overlapStart } from './timeline.js';

const DAY = 86_400_000;
const SHOWN = 20;

/** Where a finding's link leads. */
export function anchorOf(bucket: BucketReport, { buckets }: Report): string {
  return `bucket-${buckets.indexOf(bucket) + 1}`;
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
    ${list(items(found), 'buckets', { shown: SHOWN, more: 'more buckets with findings' })}
    ${folded('whose keys are in order', list(items(inOrder), 'buckets'), inOrder.length, withKeys.length <= SHOWN)}
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
      lastUsed === NOT_TOLD
        ? html`not told`
        : lastUsed
          ? html`${time(lastUsed.date)}, ${ago(lastUsed.date, bucket.asOf)}, by ${lastUsed.serviceName} in
            ${lastUsed.region}`
          : html`never`,
    ],
    rotationDueAt && ['Rotation due', time(rotationDueAt, 'minute')],
    retirePreviousAfter && [
      'Overlap',
      html`${began && createdAt ? html`from ${time(began, 'minute')} ` : NOTHING}until
      ${time(retirePreviousAfter, 'minute')}`,
    ],
    hasStates ? ['Managed by', managers(managedBy)] : null,
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

function ago(date: Date, asOf: Date | null): string {
  return `${days(Math.floor(((asOf ?? date).getTime() - date.getTime()) / DAY))} before`;
}

function days(number: number): string {
  return number <= 0 ? 'less than a day' : counted(number, 'day');
}
