import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formsOf } from '../../test/support/secret-forms.js';
import { isZip, unzip } from './unzip.js';

export interface Found {
  /** What was searched, relative to the folder; an entry of a plan file stands behind its file's name. */
  readonly searched: readonly string[];
  readonly hits: readonly string[];
}

/** Every file below the folder, and inside each plan file, in every form in which a secret could be written. */
export async function searchFolder(folder: string, secret: string): Promise<Found> {
  const searched: string[] = [];
  const hits: string[] = [];
  for (const name of (await readdir(folder, { recursive: true })).sort()) {
    const path = join(folder, name);
    if (!(await lstat(path)).isFile()) continue;
    const content = await readFile(path);
    const parts: [string, Buffer][] = [[name, content]];
    if (isZip(content)) for (const [inner, part] of unzip(content)) parts.push([`${name}:${inner}`, part]);
    for (const [part, bytes] of parts) {
      searched.push(part);
      if (holds(bytes, secret)) hits.push(part);
    }
  }
  return { searched, hits };
}

/** As it is, and in the forms of URLs, JSON and base64. */
export function holds(text: string | Buffer, secret: string): boolean {
  return formsOf(secret).some((form) => text.includes(form));
}
