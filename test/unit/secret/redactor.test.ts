import fc from 'fast-check';
import { formsOf } from '../../../src/secret/forms.js';
import { Redactor } from '../../../src/secret/redactor.js';
import { Secret } from '../../../src/secret/secret.js';

const STARS = '********';
const secretValue = fc.string({ minLength: 8, maxLength: 64 });
/** Neither a secret nor a part of one; text around it that no encoder would change. */
const around = fc.stringMatching(/^[ _a-z.]{0,40}$/);

function redactorOf(...values: string[]): (text: string) => string {
  const redactor = new Redactor();
  for (const value of values) redactor.learn(new Secret(value));
  return redactor.redact;
}

const encodings: Readonly<Record<string, (text: string) => string>> = {
  'as it is': (text) => text,
  JSON: (text) => JSON.stringify(text),
  'JSON inside of JSON': (text) => JSON.stringify(JSON.stringify(text)),
  'JSON as PHP and others write it': (text) => JSON.stringify(text).replaceAll('/', '\\/'),
  'JSON as Go writes it': (text) =>
    JSON.stringify(text).replaceAll('<', '\\u003c').replaceAll('>', '\\u003e').replaceAll('&', '\\u0026'),
  'part of a URL': (text) => encodeURIComponent(text),
  'path of a URL': (text) => encodeURIComponent(text).replaceAll('%2F', '/'),
  'whole URL': (text) => encodeURI(text),
  'lower-case URL': (text) => encodeURIComponent(text).replace(/%../g, (code) => code.toLowerCase()),
  'a form': (text) => new URLSearchParams({ a: text }).toString(),
  XML: (text) =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
};

describe.each(Object.entries(encodings))('A secret in a text, %s', (_name, encode) => {
  it('comes out as stars, and nothing else of the text is changed', () => {
    fc.assert(
      fc.property(secretValue, around, around, (value, before, after) => {
        const redact = redactorOf(value);
        // What stands around must not make up a second copy of the secret.
        fc.pre(
          !`${before}${after}`.includes(value) &&
            !(before + value + after).replace(value, '').includes(value),
        );
        fc.pre((before + value + after).indexOf(value) === before.length);
        expect(redact(encode(before + value + after))).toBe(
          encode(`${before}${STARS}${after}`).replaceAll('%2A', '*'),
        );
      }),
      { numRuns: 300 },
    );
  });
});

describe.each(['base64', 'base64url'] as const)('A secret in a text in %s', (alphabet) => {
  it('does not come out by a single digit, wherever it begins', () => {
    fc.assert(
      fc.property(
        secretValue,
        fc.uint8Array({ maxLength: 20 }),
        fc.uint8Array({ maxLength: 20 }),
        (value, a, b) => {
          const bytes = Buffer.concat([a, Buffer.from(value), b]);
          const cleaned = redactorOf(value)(`x: "${bytes.toString(alphabet)}".`);
          expect(cleaned).toContain(STARS);
          // Every group of the text that the secret had a part in is gone; others may be left.
          const left = cleaned.slice(4).split(STARS);
          const before = left[0] ?? '';
          expect(before.length).toBeLessThanOrEqual(Math.floor((a.length * 8) / 6));
          const behind = (left.at(-1) ?? '').replace('".', '').replace(/=+$/, '');
          expect(behind.length).toBeLessThanOrEqual(Math.ceil((b.length * 8) / 6));
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('A text without the secret', () => {
  it('is not touched', () => {
    fc.assert(
      fc.property(secretValue, fc.string({ maxLength: 200 }), (value, text) => {
        fc.pre(!formsOf(value).some((form) => text.includes(form)));
        expect(redactorOf(value)(text)).toBe(text);
      }),
    );
  });

  it('takes a bounded time, also where it is long and nearly matches everywhere', () => {
    const values = [
      'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab',
      '\\\\\\\\\\\\\\\\\\"',
      'AAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    ];
    const redact = redactorOf(...values);
    for (const line of ['a', '\\', 'YWFh', '%2F', '"', '=']) {
      const text = line.repeat(Math.ceil(1_000_000 / line.length));
      const begun = performance.now();
      redact(text);
      expect(performance.now() - begun).toBeLessThan(2000);
    }
  });
});

describe('Several secrets', () => {
  it('leave nothing of the longer one where the shorter is a part of it', () => {
    const redact = redactorOf('0123456789', 'abc-0123456789-xyz/abc');
    expect(redact('it is abc-0123456789-xyz/abc, 0123456789')).toBe(`it is ${STARS}, ${STARS}`);
    expect(redact(encodeURIComponent('abc-0123456789-xyz/abc'))).toBe(STARS);
  });

  it('may have characters that mean something in a pattern, or are half of one', () => {
    for (const value of ['$&$1(.*)+[]{}^|?', '\ud800 half a character', 'ключ-от-всех-дверей']) {
      expect(redactorOf(value)(`a ${value} b`)).toBe(`a ${STARS} b`);
    }
  });

  it('of fewer than eight characters are left alone: they would be found everywhere', () => {
    expect(redactorOf('a', '')('a banana')).toBe('a banana');
  });
});
