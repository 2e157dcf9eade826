import { base64Forms, textForms } from './forms.js';
import type { Base64Form } from './forms.js';
import type { Secret } from './secret.js';

const STARS = '********';
/** Anything shorter is found in innocent texts, and protects nothing. */
const SHORTEST = 8;

/** The last line of defence: takes every secret it was told of out of a text, in the forms in which it could be there. */
export class Redactor {
  readonly #known = new Set<string>();
  #forms: readonly (string | RegExp)[] = [];

  learn(secret: Secret): void {
    const value = secret.reveal();
    if (value.length < SHORTEST || this.#known.has(value)) return;
    this.#known.add(value);
    this.#forms = [...this.#known].flatMap(patternsOf).sort((a, b) => sizeOf(b) - sizeOf(a));
  }

  readonly redact = (text: string): string => {
    let clean = text;
    for (const form of this.#forms) clean = clean.replaceAll(form, STARS);
    return clean;
  };
}

/** Plain texts where possible: they are found in time that grows with the length of the line alone. */
function patternsOf(value: string): (string | RegExp)[] {
  return [...textForms(value), ...base64Forms(value).map(withEdges)];
}

/** The digits at the edges belong to the neighbours as well, but hold up to four bits of the secret. */
function withEdges({ core, before, after }: Base64Form): RegExp {
  const oneOf = (digits: string) => (digits === '' ? '' : `[${digits.replaceAll('-', '\\-')}]`);
  return new RegExp(`${oneOf(before)}${core.replace(/[+/]/g, '\\$&')}${oneOf(after)}={0,2}`, 'g');
}

/** A secret that stands inside another one must not be taken out first. */
function sizeOf(form: string | RegExp): number {
  return typeof form === 'string' ? form.length : form.source.length;
}
