// npm run docs:links: each link from page to page leads to a file of this project, and to a heading that it has. Links to
// the web are not followed: this runs offline.

import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pages, root, withoutCode } from './pages.mjs';

const LINK = /\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)|\b(?:src|srcset|href)="([^"]+)"/g;

/** What is wrong with the links of a page: `README.md:12: docs/none.md is not there`. */
export function complaintsAbout({ path, text }) {
  const shown = withoutCode(text).replace(/`[^`\n]*`/g, (code) => ' '.repeat(code.length));
  return [...shown.matchAll(LINK)].flatMap((link) => {
    const target = link[1] ?? link[2];
    if (/^[a-z][a-z+.-]*:/i.test(target)) return [];
    const reason = wrongWith(path, target);
    const line = shown.slice(0, link.index).split('\n').length;
    return reason === null ? [] : [`${path}:${line}: ${target} ${reason}`];
  });
}

function wrongWith(path, target) {
  const [file, anchor] = decodeURI(target).split('#');
  const found = file === '' ? join(root, path) : join(root, dirname(path), file);
  if (relative(root, found).startsWith('..')) return 'leads out of the project';
  if (!existsSync(found)) return 'is not there';
  if (anchor === undefined) return null;
  if (statSync(found).isDirectory() || !found.endsWith('.md')) return 'names a heading of what is no page';
  return anchorsOf(readFileSync(found, 'utf8')).has(anchor) ? null : 'names a heading that is not there';
}

/** As GitHub makes them of headings: https://docs.github.com/get-started/writing-on-github */
export function anchorsOf(text) {
  const seen = new Map();
  const anchors = new Set();
  for (const [, heading] of withoutCode(text).matchAll(/^#{1,6} +(.+?) *#*$/gm)) {
    const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[`*]/g, '');
    const slug = plain
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
      .replace(/ /g, '-');
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    anchors.add(count === 0 ? slug : `${slug}-${count}`);
  }
  return anchors;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const checked = pages();
  const complaints = checked.flatMap(complaintsAbout);
  for (const complaint of complaints) console.error(complaint);
  if (complaints.length > 0) process.exitCode = 1;
  else console.log(`The links of ${checked.length} pages lead somewhere.`);
}
