import type { Secret } from './secret.js';

const STARS = '********';

/** The last line of defence: takes every secret it was told of out of a text, in the forms in which it could be there. */
export class Redactor {
  readonly #forms = new Set<string>();

  learn(secret: Secret): void {
    for (const form of formsOf(secret.reveal())) this.#forms.add(form);
  }

  readonly redact = (text: string): string => {
    let clean = text;
    for (const form of this.#forms) clean = clean.replaceAll(form, STARS);
    return clean;
  };
}

/** As it is, in a URL, in JSON, and in base64 at each of the three places where it can begin. */
export function formsOf(value: string): readonly string[] {
  const base64 = [0, 1, 2].flatMap((offset) => {
    const text = Buffer.from('.'.repeat(offset) + value).toString('base64');
    // The first and last characters also depend on what stands before and behind.
    const core = text.slice(offset === 0 ? 0 : 4, text.length - 4);
    return [core, core.replaceAll('+', '-').replaceAll('/', '_')];
  });
  return [
    value,
    encodeURIComponent(value),
    encodeURIComponent(value).replaceAll('%2F', '%2f').replaceAll('%2B', '%2b'),
    JSON.stringify(value).slice(1, -1),
    value.replaceAll('/', '\\/'),
    ...base64,
  ].filter((form) => form.length >= 8);
}
