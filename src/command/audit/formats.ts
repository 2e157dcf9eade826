import { writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Report } from './report.js';

export type Render = (report: Report) => string;

/** Each in a file of its own, loaded when it is asked for. */
const FORMATS: Readonly<Record<string, () => Promise<Render>>> = {
  table: async () => (await import('./render/table.js')).table,
  json: async () => (await import('./render/json.js')).json,
  junit: async () => (await import('./render/junit.js')).junit,
  html: async () => (await import('./render/html.js')).html,
};

const BY_ENDING: Readonly<Record<string, string>> = {
  '.txt': 'table',
  '.json': 'json',
  '.xml': 'junit',
  '.html': 'html',
};

export const FORMAT_NAMES = Object.keys(FORMATS).join(', ');
export const ENDINGS = Object.keys(BY_ENDING).join(', ');

export function renderer(format: string): (() => Promise<Render>) | null {
  return (Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined) ?? null;
}

/** Of the format that the file's ending tells. */
export function rendererFor(path: string): (() => Promise<Render>) | null {
  return renderer(BY_ENDING[extname(path)] ?? '');
}

/** Throws where it cannot: who asked for the file would take an old one for this report. */
export async function write(path: string, text: string): Promise<void> {
  await writeFile(path, `${text}\n`).catch((cause: unknown) => {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new Error(
      `The report could not be written into ${path} (${code}). It is complete on standard output.`,
      { cause },
    );
  });
}
