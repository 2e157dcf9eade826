import { createHash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { repository } from '../provider-build.js';

/** The folder that a reader copies. */
export const project = join(repository, 'examples/pipeline');

/** As a job finds it once its commit is checked out. */
export function checkOut(folder: string): void {
  cpSync(project, folder, {
    recursive: true,
    filter: (path) => !/\/(node_modules|cdktf\.out)(\/|$)/.test(path),
  });
}

/** Each file below a folder, with a digest of what is in it. */
export function contentOf(folder: string): Readonly<Record<string, string>> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(
    paths.map((path) => [
      relative(folder, path),
      createHash('sha256').update(readFileSync(path)).digest('hex'),
    ]),
  );
}
