import { deletionCommand } from '../../../../lifecycle/wording.js';
import type { BucketReport, Check, Finding, KeyReport, Report } from '../../report.js';
import { CHECKS } from '../../report.js';
import { anchorOf } from './keys.js';
import { type Html, html, list, NOTHING } from './markup.js';

const SHOWN = 10;

/** What each check means, for a reader who sees the page alone. */
export const MEANINGS: Readonly<Record<Check, string>> = {
  missing: 'A resource of a state has the key, and it is not there.',
  inactive: 'The key is switched off, so S3 refuses it.',
  unmanaged: 'The key is in none of the given states.',
  'over-age': 'The key is older than allowed.',
  'never-used': 'The key was made long ago and was never used.',
  'overlap-expired': 'The key was to go after a rotation, and is still there.',
  'rotation-due': 'The key is due for rotation.',
};

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
              { shown: SHOWN, more: `more: ${check}` },
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
