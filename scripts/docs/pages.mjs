// The project's pages, for the checks beside this file.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** This project, or the folder that a command names. */
export const root = resolve(process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), '../..'));

/** Each page's path below the root, and its text. */
export function pages() {
  const below = (folder) =>
    (existsSync(join(root, folder))
      ? readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      : []
    )
      .filter((entry) => entry.isFile())
      .map((entry) => relative(root, join(entry.parentPath, entry.name)));
  const own = readdirSync(root).filter((name) => name.endsWith('.md'));
  return [...own, ...below('docs'), ...below('examples')]
    .filter((path) => path.endsWith('.md') && !path.includes('node_modules'))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

/** The same lines without what stands in fenced blocks, so that line numbers stay. */
export function withoutCode(text) {
  let fence = null;
  return text
    .split('\n')
    .map((line) => {
      const mark = /^\s*(```+|~~~+)/.exec(line)?.[1];
      if (fence === null && mark !== undefined) {
        fence = mark;
        return '';
      }
      if (fence === null) return line;
      if (mark === fence) fence = null;
      return '';
    })
    .join('\n');
}
