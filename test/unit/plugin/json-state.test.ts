import fc from 'fast-check';
import { decodeJson } from '../../../src/plugin/codec/text.js';
import { MalformedError, ValueError } from '../../../src/plugin/codec/value-error.js';
import type { Type } from '../../../src/plugin/provider.js';

describe('a state stored as JSON', () => {
  test('is read by its types', () => {
    const type: Type = [
      'object',
      {
        list: ['list', 'number'],
        map: ['map', 'bool'],
        tuple: ['tuple', ['string', 'number']],
        dynamic: 'dynamic',
        absent: 'string',
      },
    ];
    const stored = {
      list: [1, '2', '18446744073709551616'],
      map: { a: true },
      tuple: ['x', 1.5],
      dynamic: { type: ['list', 'string'], value: ['y'] },
    };
    expect(decodeJson(JSON.stringify(stored), type)).toEqual({
      list: [1, 2, 18446744073709551616n],
      map: { a: true },
      tuple: ['x', 1.5],
      dynamic: ['y'],
      absent: null,
    });
  });

  test('keeps whole numbers that JSON.parse would round', () => {
    const text =
      '{"n": -9007199254740993, "s": "9007199254740993 \\" 9007199254740993", "f": 1.2345678901234567890}';
    expect(decodeJson(text, ['object', { n: 'number', s: 'string', f: 'number' }])).toEqual({
      n: -9007199254740993n,
      s: '9007199254740993 " 9007199254740993',
      f: 1.2345678901234567,
    });
  });

  test('keeps every string and every whole number', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string({ unit: 'binary' }), fc.bigInt())), (pairs) => {
        const text = `[${pairs.map(([s, n]) => `[${JSON.stringify(s)},${n}]`).join(',')}]`;
        const read = decodeJson(text, ['list', ['tuple', ['string', 'number']]]) as [
          string,
          number | bigint,
        ][];
        expect(read.map(([s, n]) => [s, BigInt(n)])).toEqual(pairs);
      }),
    );
  });

  test('may hold megabytes of escapes beside a long number', () => {
    const text = JSON.stringify(['\\"\n'.repeat(1_000_000), 1]).replace(/1\]$/, '9007199254740993]');
    expect(decodeJson(text, ['tuple', ['string', 'number']])).toEqual([
      '\\"\n'.repeat(1_000_000),
      9007199254740993n,
    ]);
  });

  test('loses an attribute that the schema no longer has', () => {
    expect(decodeJson('{"old": 1, "a": true}', ['object', { a: 'bool' }])).toEqual({ a: true });
  });

  test.each<[string, string, Type]>([
    ['a number for a string', '{"a": 1}', ['object', { a: 'string' }]],
    ['an array for a map', '{"a": []}', ['object', { a: ['map', 'string'] }]],
    ['a tuple of another length', '[]', ['tuple', ['bool']]],
    ['a dynamic value without its type', '"x"', 'dynamic'],
  ])('is refused when it holds %s', (_, text, type) => {
    expect(() => decodeJson(text, type)).toThrow(/expected/);
    expect(() => decodeJson(text, type)).toThrow(ValueError);
  });

  test('is refused when it is cut', () => {
    expect(() => decodeJson('{"a": "9007199254740993', ['object', {}])).toThrow(MalformedError);
  });
});
