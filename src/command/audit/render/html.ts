import { createHash } from 'node:crypto';
import { PACKAGE_VERSION } from '../../../contract/names.js';
import type { NotJudged, Report } from '../report.js';
import {
  CHECKS,
  exitStatus,
  findingsOf,
  managementNotJudged,
  MEANINGS,
  undeterminedAnswers,
  undeterminedOf,
} from '../report.js';
import { findingsSection, keysSection } from './html/keys.js';
import { counted, type Html, html, list, NOTHING, time } from './html/markup.js';
import { STYLE } from './html/style.js';

const SHOWN = 10;

/**
 * One page for people who were not there, to be attached, mailed, printed and kept: no script, and nothing from
 * elsewhere, which its own policy forbids the browser to load.
 */
export function htmlPage(report: Report): string {
  const policy = `default-src 'none'; style-src 'sha256-${digest(STYLE)}'; base-uri 'none'; form-action 'none'`;
  const style: Html = { html: STYLE };
  // Laid out anew, the style would not be the one whose hash the policy has.
  // prettier-ignore
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>Bucket access key audit: ${verdict(report).words}</title>
<style>${style}</style>
</head>
<body>
${header(report)}<main>
${summarySection(report)}${unreadSection(report)}${findingsSection(report)}${keysSection(report)}${scopeSection(report)}</main>
<footer><p>Made by lightsail-access-key ${PACKAGE_VERSION} from GetBuckets and GetBucketAccessKeys, which only read. Times are AWS’s, in UTC. The page holds no secret.</p></footer>
</body>
</html>`;
  return page.html;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}

/** The verdict, in the words that the exit status stands for. */
function verdict(report: Report): { readonly name: string; readonly words: string } {
  const found = counted(findingsOf(report).length, 'finding');
  return {
    0: { name: 'clean', words: 'Nothing found' },
    1: { name: 'incomplete', words: `Incomplete; ${found} so far` },
    2: { name: 'findings', words: found },
  }[exitStatus(report)];
}

function header(report: Report): Html {
  const { name, words } = verdict(report);
  const notJudged = managementNotJudged(report);
  const accounts = [...new Set(report.regions.flatMap((region) => region.accounts))];
  return html`<header>
    <h1>Bucket access key audit</h1>
    <p class="about">
      ${report.regions.map(({ region }) => region).join(', ')}${accounts.length > 0 ? ` · account ${accounts.join(', ')}` : ''}${report.asOf ? html` · as of ${time(report.asOf, 'minute')}` : NOTHING}
    </p>
    <p class="verdict ${name}">${words}</p>
    ${notJudged === null ? NOTHING : html`<p class="about">${notJudged}</p> `}
  </header> `;
}

function summarySection(report: Report): Html {
  const { buckets, notFound, regions } = report;
  const keys = buckets.flatMap((bucket) => bucket.keys);
  const unread =
    notFound.length +
    undeterminedOf(report).length +
    undeterminedAnswers(report).length +
    buckets.filter(({ outcome }) => outcome === 'unreadable').length +
    regions.filter(({ unreadable }) => unreadable !== null).length;
  const numbers: readonly (readonly [string, number])[] = [
    ['Buckets', buckets.length],
    ['Keys', keys.filter(({ status }) => status !== null).length],
    ['Findings', findingsOf(report).length],
    ['Undetermined', unread],
  ];
  const rows = CHECKS.map((check) => ({
    check,
    looked: keys.filter(({ checks }) => checks.includes(check)).length,
    found: keys.filter(({ findings }) => findings.some((finding) => finding.check === check)).length,
  }));
  return html`<section aria-labelledby="summary">
    <h2 id="summary">Summary</h2>
    <dl class="numbers">
      ${numbers.map(
        ([name, number]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${number.toLocaleString('en')}</dd>
          </div>`,
      )}
    </dl>
    <table>
      <caption>
        What was checked
      </caption>
      <thead>
        <tr>
          <th scope="col">Check</th>
          <th scope="col" class="number">Keys checked</th>
          <th scope="col" class="number">Found</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ check, looked, found }) =>
            html`<tr class="${found > 0 ? 'found' : 'none'}">
              <th scope="row">${check} <span class="meaning">${MEANINGS[check]}</span></th>
              <td class="number">${looked > 0 ? looked.toLocaleString('en') : 'not checked'}</td>
              <td class="number">${looked > 0 ? found.toLocaleString('en') : ''}</td>
            </tr> `,
        )}
      </tbody>
    </table>
  </section> `;
}

/** What could not be read, so that it is not known to be in order. */
function unreadSection(report: Report): Html {
  const { regions, buckets, notFound } = report;
  const items = [
    ...regions
      .filter(({ unreadable }) => unreadable !== null)
      .map(
        ({ region, unreadable }) => html`<li>The buckets of ${region} are not all known: ${unreadable}</li> `,
      ),
    ...buckets
      .filter(({ outcome }) => outcome === 'unreadable')
      .map(
        ({ bucket, region, reason }) =>
          html`<li>The keys of bucket <code>${bucket}</code> in ${region} could not be read: ${reason}</li> `,
      ),
    ...notFound.map(
      (bucket) =>
        html`<li>Bucket <code>${bucket}</code> is in none of the audited regions of this account.</li> `,
    ),
    ...undeterminedOf(report).map((key) => html`<li>${notJudgedWords(key)}</li> `),
    ...undeterminedAnswers(report).map((said) => html`<li>${said}</li> `),
  ];
  if (items.length === 0) return NOTHING;
  return html`<section aria-labelledby="unread">
    <h2 id="unread">Undetermined</h2>
    ${list(items, 'findings unread', { shown: SHOWN, more: 'more that are undetermined' })}
  </section> `;
}

/** What the verdict rests on, so that the page can be judged without the command line. */
function scopeSection(report: Report): Html {
  const { regions, states, limits } = report;
  const elsewhere = report.notJudged.filter(({ couldBeHere }) => !couldBeHere);
  const { maxAgeDays, neverUsedDays } = limits;
  const notes = (states ?? []).flatMap(({ note }) => note ?? []);
  return html`<section aria-labelledby="scope">
    <h2 id="scope">Scope</h2>
    <dl class="scope">
      <div>
        <dt>Regions</dt>
        <dd>
          ${list(
            regions.map(
              ({ region, accounts, buckets }) =>
                html`<li>
                  ${region}:
                  ${counted(buckets, 'bucket')}${accounts.length > 0 ? `, account ${accounts.join(', ')}` : ''}
                </li> `,
            ),
            'plain',
            { shown: SHOWN, more: 'more regions' },
          )}
        </dd>
      </div>
      <div>
        <dt>States</dt>
        <dd>
          ${
            states === null
              ? 'None was given, so no key could be called missing or unmanaged.'
              : list(
                  states.map(
                    ({ state, keys }) => html`<li><code>${state}</code>: ${counted(keys, 'key')}</li> `,
                  ),
                  'plain',
                  { shown: SHOWN, more: 'more states' },
                )
          }
        </dd>
      </div>
      <div>
        <dt>Limits</dt>
        <dd>
          ${maxAgeDays === null ? 'No highest age' : `At most ${counted(maxAgeDays, 'day')} old`}; never used
          for ${counted(neverUsedDays, 'day')}.
        </dd>
      </div>
    </dl>
    ${
      notes.length > 0
        ? html`<h3>Notes</h3>
            ${list(
              notes.map((note) => html`<li>${note}</li> `),
              'plain',
              { shown: SHOWN, more: 'more notes' },
            )}`
        : NOTHING
    }${
      elsewhere.length > 0
        ? html`<h3>Keys of the states that were not judged</h3>
            ${list(
              elsewhere.map((key) => html`<li>${notJudgedWords(key)}</li> `),
              'plain',
              { shown: SHOWN, more: 'more that were not judged' },
            )}`
        : NOTHING
    }
  </section> `;
}

function notJudgedWords({ accessKeyId, bucket, address, state, reason }: NotJudged): Html {
  const key = accessKeyId ?? 'current key';
  return html`<code>${key}</code> of bucket <code>${bucket}</code> (<code>${address}</code> in ${state}):
    ${reason}.`;
}
