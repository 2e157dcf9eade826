import fc from 'fast-check';
import { formsOf } from '../../support/secret-forms.js';
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

const wrapped = (columns: number, lineBreak: string) => (digits: string) =>
  digits.replace(new RegExp(`.{${columns}}(?=.)`, 'g'), `$&${lineBreak}`);

/** How many bits a digit holds, and how programs print them. */
const digits: Readonly<Record<string, readonly [bits: number, print: (bytes: Buffer) => string]>> = {
  base64: [6, (bytes) => bytes.toString('base64')],
  base64url: [6, (bytes) => bytes.toString('base64url')],
  'base64 in lines of 76': [6, (bytes) => wrapped(76, '\n')(bytes.toString('base64'))],
  'base64 in short lines of Windows': [6, (bytes) => wrapped(16, '\r\n  ')(bytes.toString('base64'))],
  hexadecimal: [4, (bytes) => bytes.toString('hex')],
  'hexadecimal in capitals': [4, (bytes) => bytes.toString('hex').toUpperCase()],
  'hexadecimal in lines of 60': [4, (bytes) => wrapped(60, '\n')(bytes.toString('hex'))],
  'hexadecimal in groups': [4, (bytes) => wrapped(4, ' ')(bytes.toString('hex'))],
};

describe.each(Object.entries(digits))('A secret in a text in %s', (_name, [bits, print]) => {
  it('does not come out by a single digit, wherever it begins', () => {
    fc.assert(
      fc.property(
        secretValue,
        fc.uint8Array({ maxLength: 60, size: 'max' }),
        fc.uint8Array({ maxLength: 60, size: 'max' }),
        (value, a, b) => {
          const cleaned = redactorOf(value)(`x: "${print(Buffer.concat([a, Buffer.from(value), b]))}".`);
          expect(cleaned).toContain(STARS);
          // Every group of the text that the secret had a part in is gone; others may be left.
          const left = cleaned
            .slice(4, -2)
            .split(STARS)
            .map((text) => text.replace(/\s|=/g, ''));
          expect(left[0]?.length).toBeLessThanOrEqual(Math.floor((a.length * 8) / bits));
          expect(left.at(-1)?.length).toBeLessThanOrEqual(Math.ceil((b.length * 8) / bits));
        },
      ),
      { numRuns: 200 },
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
    for (const line of ['a', '\\', 'YWFh', '%2F', '"', '=', ' ', 'YWFh\n', 'Y \n\\', '61', '6 1 ']) {
      const text = line.repeat(Math.ceil(250_000 / line.length));
      const begun = performance.now();
      redact(text);
      expect(performance.now() - begun).toBeLessThan(10_000);
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
