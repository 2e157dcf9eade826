import assert from 'node:assert';
import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { format, inspect } from 'node:util';
import { serialize } from 'node:v8';
import { Secret } from '../../../src/secret/secret.js';

const VALUE = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const STARS = '********';
const secret = new Secret(VALUE);

/** What a console writes, in its own way of formatting. */
function printed(print: (console: Console) => void): string {
  let text = '';
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  print(new Console({ stdout: stream, stderr: stream, colorMode: false }));
  return text;
}

function assertionMessage(compare: () => void): string {
  try {
    compare();
  } catch (error) {
    return String((error as Error).stack);
  }
  throw new Error('The values were equal.');
}

const waysOfPrinting: Readonly<Record<string, () => string>> = {
  'String()': () => String(secret),
  'a template': () => `<${secret as unknown as string}>`,
  'joined to a string': () => `a ${secret as unknown as string}`,
  'in an array that is joined': () => [secret].join(),
  'JSON.stringify': () => JSON.stringify({ secret }),
  'util.inspect': () => inspect(secret),
  'util.inspect of what is hidden': () =>
    inspect({ deep: { secret } }, { showHidden: true, depth: Infinity, getters: true, showProxy: true }),
  'util.inspect without the custom way': () => inspect(secret, { customInspect: false, showHidden: true }),
  'util.format': () => ['%s', '%o', '%O', '%j', '%d', '%i', '%f'].map((way) => format(way, secret)).join(' '),
  'console.log %o': () =>
    printed((console) => {
      console.log('%o %O %s %j', secret, secret, secret, secret);
    }),
  'console.dir': () =>
    printed((console) => {
      console.dir(secret, { showHidden: true, depth: null });
    }),
  'console.table': () =>
    printed((console) => {
      console.table([{ secret }]);
    }),
  structuredClone: () => inspect(structuredClone(secret), { showHidden: true }),
  'v8.serialize': () => serialize({ secret }).toString('latin1'),
  'Object.entries': () => JSON.stringify([Object.entries(secret), Object.getOwnPropertyNames(secret)]),
  'a spread': () => inspect({ ...(secret as object) }, { showHidden: true }),
  'the message of an error': () =>
    inspect(new Error(`No: ${secret as unknown as string}`, { cause: secret })),
  "assert's comparison": () =>
    assertionMessage(() => {
      assert.deepStrictEqual({ secret }, { secret: 'something else' });
    }),
  "assert's comparison of two": () =>
    assertionMessage(() => {
      assert.notDeepStrictEqual({ secret }, { secret });
    }),
  "Jest's comparison": () =>
    assertionMessage(() => {
      expect({ secret }).toEqual({ secret: 'something else' });
    }),
};

test.each(Object.entries(waysOfPrinting))('%s does not print the value', (_way, print) => {
  const text = print();
  for (let start = 0; start + 8 <= VALUE.length; start++)
    expect(text).not.toContain(VALUE.slice(start, start + 8));
});

test('what people read are stars', () => {
  for (const way of ['String()', 'util.inspect', 'in an array that is joined']) {
    expect(waysOfPrinting[way]?.()).toBe(STARS);
  }
  expect(JSON.parse(JSON.stringify({ secret }))).toEqual({ secret: STARS });
});

test('the value is to be had by one word', () => {
  expect(secret.reveal()).toBe(VALUE);
});
