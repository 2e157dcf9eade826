import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { isZip, unzip } from '../../../scripts/demo/unzip.js';
import { formsOf } from '../../support/secret-forms.js';

/** What was written or printed, by where it was found. */
export type Exhibits = Map<string, Buffer>;

/** Every file below a folder, and what is packed into those that are archives. */
export function exhibitsIn(folder: string): Exhibits {
  const found: Exhibits = new Map();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const content = readFileSync(path);
    const name = relative(folder, path);
    found.set(name, content);
    if (!isZip(content)) continue;
    for (const [member, text] of unzip(content)) found.set(`${name}!${member}`, text);
  }
  return found;
}

/** The places in which any of the values stands, in any of its forms; a map of names to the forms that were met. */
export function removalContexts(values: readonly string[], exhibits: Exhibits): string[] {
  const needles = [
    ...new Set(values.flatMap((value) => [...formsOf(value), ...ownForms(value), backwards(value)])),
  ];
  return [...exhibits]
    .filter(([, text]) => needles.some((needle) => text.includes(needle)))
    .map(([name]) => name);
}

/** A form that the redactor does not know, for a leak that has to get past it. */
function backwards(value: string): string {
  return Array.from(value).reverse().join('');
}

/** The forms once more, found in another way: by encoding the value among neighbours and keeping what never changes. */
export function ownForms(value: string): string[] {
  const encoders: ((text: string) => string)[] = [
    (text) => text,
    (text) => Buffer.from(text).toString('base64'),
    (text) => Buffer.from(text).toString('base64url'),
    (text) => Buffer.from(text).toString('hex'),
    encodeURIComponent,
    (text) => new URLSearchParams([[text, '']]).toString().slice(0, -1),
    (text) => JSON.stringify(text).slice(1, -1),
  ];
  return encoders.flatMap((encode) =>
    [0, 1, 2].map((before) => {
      const samples = ['a', 'z'].flatMap((l) =>
        ['a', 'z'].map((r) => encode(l.repeat(before) + value + r.repeat(3 - before))),
      );
      return unchanging(samples);
    }),
  );
}

/** The longest run of characters that is the same in all samples, which are of one length. */
function unchanging([first = '', ...others]: string[]): string {
  const runs = Array.from(first)
    .map((character, index) => (others.every((other) => other[index] === character) ? character : '\0'))
    .join('')
    .split('\0');
  return runs.reduce((longest, run) => (run.length > longest.length ? run : longest), '');
}
