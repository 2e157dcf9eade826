import { FORMATS, isFormat } from '../../destinations/formats.js';
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
