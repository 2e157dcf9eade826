import { base64Forms, hexForm, textForms } from './forms.js';
import type { Base64Form } from './forms.js';
import type { Secret } from './secret.js';

const STARS = '********';
/** Anything shorter is found in innocent texts, and protects nothing. */
const SHORTEST = 8;

/** Programs wrap long lines of digits, or print them in groups; in a log's JSON a line break is two characters. */
const GAP = String.raw`(?:\s|\\[nrt])*`;

interface Pattern {
  readonly matches: string | RegExp;
  /** How long what it finds is at least. */
  readonly size: number;
}

/** The last line of defence: takes every secret it was told of out of a text, in the forms in which it could be there. */
export class Redactor {
  readonly #known = new Set<string>();
  #patterns: readonly Pattern[] = [];

  learn(secret: Secret): void {
    const value = secret.reveal();
    if (value.length < SHORTEST || this.#known.has(value)) return;
    this.#known.add(value);
    // A secret that stands inside another one must not be taken out first.
    this.#patterns = [...this.#known].flatMap(patternsOf).sort((a, b) => b.size - a.size);
  }

  readonly redact = (text: string): string => {
    let clean = text;
    for (const { matches } of this.#patterns) clean = clean.replaceAll(matches, STARS);
    return clean;
  };
}

/** Plain texts where possible: they are found in time that grows with the length of the line alone. */
function patternsOf(value: string): Pattern[] {
  const hex = hexForm(value);
  return [
    ...textForms(value).map((text) => ({ matches: text, size: text.length })),
    ...base64Forms(value).map(withEdges),
    { matches: new RegExp(gapped(Array.from(hex)), 'gi'), size: hex.length },
  ];
}

/** The digits at the edges belong to the neighbours as well, but hold up to four bits of the secret. */
function withEdges({ core, before, after }: Base64Form): Pattern {
  const oneOf = (digits: string) => (digits === '' ? [] : [`[${digits.replaceAll('-', '\\-')}]`]);
  const digits = Array.from(core, (digit) => digit.replace(/[+/]/, '\\$&'));
  const whole = gapped([...oneOf(before), ...digits, ...oneOf(after)]);
  return { matches: new RegExp(`${whole}(?:${GAP}=){0,2}`, 'g'), size: core.length };
}

function gapped(digits: readonly string[]): string {
  return digits.join(GAP);
}

/** As AWS makes the secret of an access key: 40 digits of base64, on their own. */
const SECRET_LIKE = /(?<![A-Za-z0-9/+])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/g;
/** Such as the ID of a commit. */
const HEXADECIMAL = /^[0-9a-fA-F]+$/;

/**
 * Takes out of what another program has printed whatever looks like the secret of an access key: the program
 * may have read one where this process cannot, and then the redactor does not know it.
 */
export function withoutSecretLike(text: string): string {
  return text.replace(SECRET_LIKE, (found) => (HEXADECIMAL.test(found) ? found : STARS));
}
