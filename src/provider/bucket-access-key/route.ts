import type { DestinationChoice } from '../../destinations/destination-for.js';
import { FORMATS } from '../../destinations/format.js';
import type { Format } from '../../destinations/format.js';
import { UNKNOWN } from '../../plugin/index.js';
import type { Diagnostics, ObjectValue, Value } from '../../plugin/index.js';
import { isObject, text } from '../values.js';

/** Refuses a `secret` that names no destination, several, or one that cannot be. */
export function validateRoute(secret: Value | undefined, diagnostics: Diagnostics): void {
  if (!isObject(secret)) return;
  const members = Object.entries(secret);
  const named = members.filter(([, value]) => value !== null && value !== UNKNOWN).map(([name]) => name);
  const unknown = members.some(([, value]) => value === UNKNOWN);
  const all = members.map(([name]) => name).join(', ');
  if (named.length > 1) {
    diagnostics.error(
      `secret names ${named.length} destinations: ${named.join(' and ')}`,
      `A key's secret is shown once and goes to exactly one place, so no key was made. Keep one of ${all}.`,
      ['secret'],
    );
  }
  if (named.length === 0 && !unknown) {
    diagnostics.error(
      'secret names no destination',
      `A key whose secret goes nowhere could never be used, so no key was made. Give exactly one of ${all}.`,
      ['secret'],
    );
  }
  if (isObject(secret.file)) validateFile(secret.file, diagnostics);
}

function validateFile(file: ObjectValue, diagnostics: Diagnostics): void {
  if (text(file.path)?.trim() === '') {
    diagnostics.error('The path of the secret file is empty', 'No key was made. Give the path of a file.', [
      'secret',
    ]);
  }
  const format = text(file.format);
  if (format !== null && !isFormat(format)) {
    diagnostics.error(
      `"${format}" is not a format of the secret file`,
      `No key was made. Give one of ${FORMATS.join(', ')}.`,
      ['secret'],
    );
  }
}

/** Null while the route is not wholly known. */
export function routeOf(secret: Value | undefined, currentKey: string | null): DestinationChoice | null {
  if (secret === null || secret === undefined) return { kind: 'none' };
  if (!isObject(secret)) return null;
  if (isObject(secret.terraform_output)) return { kind: 'terraform_output', currentKey };
  if (isObject(secret.file)) {
    const path = text(secret.file.path);
    const format = text(secret.file.format) ?? 'sdk';
    return path === null || secret.file.format === UNKNOWN || !isFormat(format)
      ? null
      : { kind: 'file', path, format };
  }
  return null;
}

function isFormat(value: string): value is Format {
  return FORMATS.some((format) => format === value);
}
