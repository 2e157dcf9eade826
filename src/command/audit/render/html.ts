import { createHash } from 'node:crypto';
import { packageVersion } from '../../package-version.js';
import type { Report } from '../report.js';
import { findingsSection } from './html/findings.js';
import { keysSection } from './html/keys.js';
import { type Html, html as markup } from './html/markup.js';
import { header, scopeSection, summarySection, unreadSection, verdict } from './html/overview.js';
import { STYLE } from './html/style.js';

/**
 * One page for people who were not there, to be attached, mailed, printed and kept: no script, and nothing from
 * elsewhere, which its own policy forbids the browser to load.
 */
export function html(report: Report): string {
  const policy = `default-src 'none'; style-src 'sha256-${digest(STYLE)}'; base-uri 'none'; form-action 'none'`;
  const style: Html = { html: STYLE };
  const page = markup`<!doctype html>
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
<footer><p>Made by lightsail-access-key ${packageVersion()} from GetBuckets and GetBucketAccessKeys, which only read. Times are AWS’s, in UTC. The page holds no secret.</p></footer>
</body>
</html>`;
  return page.html;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
