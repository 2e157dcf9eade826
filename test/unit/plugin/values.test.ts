import { decode, encode, ExtData } from '@msgpack/msgpack';
import fc from 'fast-check';
import { decodeValue } from '../../../src/plugin/codec/decode.js';
import { encodeKnownValue, encodeValue } from '../../../src/plugin/codec/encode.js';
import { MalformedError, ValueError } from '../../../src/plugin/codec/value-error.js';
import { type Type, UNKNOWN, type Value } from '../../../src/plugin/provider.js';
import { typedValue } from '../../support/plugin/typed-values.js';

const hex = (value: Value, type: Type) => Buffer.from(encodeValue(value, type)).toString('hex');
const bytes = (text: string) => Buffer.from(text, 'hex');

describe('a value', () => {
  test('comes back as it was, whatever its type', () => {
    fc.assert(
      fc.property(typedValue, ({ type, value }) => {
        expect(decodeValue(encodeValue(value, type), type)).toEqual(value);
      }),
      { numRuns: 300 },
    );
  });

  test('is read by an independent implementation as the same value', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]+$/), fc.array(fc.string())), (value) => {
        const encoded = encodeValue(value, ['map', ['list', 'string']]);
        expect(decode(encoded)).toEqual(value);
      }),
    );
  });

  test('is read as an independent implementation wrote it', () => {
    const plain = fc.oneof(
      fc.integer(),
      fc.maxSafeInteger(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).filter((n) => !Object.is(n, -0)),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string({ maxLength: 70_000 }), plain, fc.boolean())), (value) => {
        const type: Type = ['list', ['tuple', ['string', 'number', 'bool']]];
        expect(decodeValue(encode(value), type)).toEqual(value);
      }),
      { numRuns: 50 },
    );
  });

  test('may be 12 MB large', () => {
    const value = { text: 'ä'.repeat(6_000_000), list: Array.from({ length: 70_000 }, (_, i) => i) };
    const type: Type = ['object', { text: 'string', list: ['list', 'number'] }];
    expect(decodeValue(encodeValue(value, type), type)).toEqual(value);
  });
});

describe('Terraform’s conventions', () => {
  test.each<[string, Value, Type, string]>([
    ['null', null, 'string', 'c0'],
    ['unknown as extension 0', UNKNOWN, 'string', 'd40000'],
    ['a small integer', 7, 'number', '07'],
    ['the least int64 as an integer', -(2n ** 63n), 'number', 'd38000000000000000'],
    ['the greatest int64 as an integer', 2n ** 63n - 1n, 'number', 'd37fffffffffffffff'],
    ['a larger integer as decimal text', 2n ** 63n, 'number', 'b339323233333732303336383534373735383038'],
    ['a fraction as decimal text', 0.1, 'number', 'a3302e31'],
    ['a whole float beyond 2^53 as a float64', 2 ** 70, 'number', 'cb4450000000000000'],
    ['a dynamic value with its type', 'x', 'dynamic', '92c40822737472696e6722a178'],
    ['a dynamic null without', null, 'dynamic', 'c0'],
    ['an attribute that is not set as null', {}, ['object', { a: 'bool' }], '81a161c0'],
  ])('write %s', (_, value, type, expected) => {
    expect(hex(value, type)).toBe(expected);
  });

  test.each<[string, string, Type, Value]>([
    ['a refined unknown', 'c7030c8101c2', 'string', UNKNOWN],
    ['an extension of the future', 'd46300', 'number', UNKNOWN],
    ['a number as decimal text', 'a3302e31', 'number', 0.1],
    [
      'a large number as decimal text',
      `b1${Buffer.from('90071992547409930').toString('hex')}`,
      'number',
      90071992547409930n,
    ],
    ['a uint64', 'cfffffffffffffffff', 'number', 2n ** 64n - 1n],
    ['a float32', 'ca3f000000', 'number', 0.5],
    ['negative integers', 'd0ff', 'number', -1],
    ['a dynamic unknown', 'd40000', 'dynamic', UNKNOWN],
    ['a dynamic list', '92c4115b226c697374222c22737472696e67225d91a178', 'dynamic', ['x']],
    ['an object that lacks an attribute', '80', ['object', { a: 'bool' }], { a: null }],
  ])('read %s', (_, encoded, type, expected) => {
    expect(decodeValue(bytes(encoded), type)).toEqual(expected);
  });

  test('carry a dynamic value of JavaScript as tuples and objects', () => {
    const value: Value = { a: [1, 'x', null, UNKNOWN], b: { c: true, d: 2n ** 70n } };
    expect(decodeValue(encodeValue(value, 'dynamic'), 'dynamic')).toEqual(value);
  });
});

describe('a value that does not fit', () => {
  test.each<[string, Value, Type, string]>([
    [
      'a number for a string',
      { a: 1 },
      ['object', { a: 'string' }],
      'a: a string was expected, not a number',
    ],
    ['NaN', [NaN], ['list', 'number'], '[0]: a number was expected, not a number that is not finite'],
    [
      'infinity',
      { m: { 'a b': Infinity } },
      ['object', { m: ['map', 'number'] }],
      'm["a b"]: a number was expected',
    ],
    [
      'an attribute the schema lacks',
      { a: { x: 1 } },
      ['object', { a: ['object', {}] }],
      'a: the schema has no attribute "x"',
    ],
    ['an array for an object', [], ['object', {}], 'an object was expected, not an array'],
    ['an object for a list', {}, ['set', 'bool'], 'a set was expected, not an object'],
    ['a tuple of another length', [1], ['tuple', []], 'a tuple of 0 was expected, not of 1'],
  ])('is refused with its place: %s', (_, value, type, message) => {
    expect(() => encodeValue(value, type)).toThrow(ValueError);
    expect(() => encodeValue(value, type)).toThrow(message);
  });

  test('is refused without being shown', () => {
    expect(() => encodeValue({ a: 'hush' }, ['object', { a: 'bool' }])).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hush') as string }) as Error,
    );
  });

  test('is refused when it is unknown and has to be known', () => {
    const type: Type = ['object', { a: ['map', 'string'] }];
    expect(() => encodeKnownValue({ a: { k: UNKNOWN } }, type)).toThrow(
      'a["k"]: this value is still unknown',
    );
    expect(encodeKnownValue({ a: { k: 'v' } }, type)).toEqual(encodeValue({ a: { k: 'v' } }, type));
  });
});

describe('malformed bytes', () => {
  test.each<[string, Uint8Array, Type]>([
    ['nothing', bytes(''), 'string'],
    ['a string cut short', bytes('a578'), 'string'],
    ['a length beyond the end', bytes('dbffffffff'), 'string'],
    ['a count beyond the end', bytes('ddffffffff'), ['list', 'string']],
    ['pairs beyond the end', bytes('dfffffffffc0c0'), ['map', 'string']],
    ['something left over', bytes('c0c0'), 'string'],
    ['a byte that MessagePack does not use', bytes('c1'), 'string'],
    ['a string that is not UTF-8', bytes('a2c328'), 'string'],
    ['text that is no number', encode('1_000'), 'number'],
    ['text that is no finite number', encode('1e999'), 'number'],
    ['NaN', encode(NaN), 'number'],
    ['a key that is no string', bytes('8101c0'), ['map', 'string']],
    ['an attribute the schema lacks', encode({ b: 1 }), ['object', { a: 'number' }]],
    ['a list for a map', bytes('90'), ['map', 'string']],
    ['a map for a list', bytes('80'), ['list', 'string']],
    ['a tuple of another length', bytes('90'), ['tuple', ['bool']]],
    ['a dynamic value without a type', bytes('a178'), 'dynamic'],
    ['a dynamic value of a broken type', encode([Buffer.from('{'), 1]), 'dynamic'],
    ['a dynamic value of no type of Terraform’s', encode([Buffer.from('"int"'), 1]), 'dynamic'],
    [
      'a type nested without end',
      encode([Buffer.from('["list",'.repeat(5000) + '"bool"' + ']'.repeat(5000)), null]),
      'dynamic',
    ],
    ['lists nested without end', Buffer.alloc(100_000, 0x91), ['list', 'string']],
  ])('are refused: %s', (_, encoded, type) => {
    const attempt = () => decodeValue(encoded, type);
    expect(attempt).toThrow(Error);
    try {
      attempt();
    } catch (error) {
      expect(error instanceof MalformedError || error instanceof ValueError).toBe(true);
    }
  });

  test('never cause another kind of error', () => {
    const types = typedValue.map(({ type }) => type);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), types, (encoded, type) => {
        try {
          decodeValue(encoded, type);
        } catch (error) {
          expect(error instanceof MalformedError || error instanceof ValueError).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('are noticed when they are cut anywhere', () => {
    fc.assert(
      fc.property(typedValue, ({ type, value }) => {
        const encoded = encodeValue(value, type);
        for (let length = 0; length < Math.min(encoded.length, 200); length += 1) {
          expect(() => decodeValue(encoded.subarray(0, length), type)).toThrow(MalformedError);
        }
      }),
      { numRuns: 50 },
    );
  });

  test('hold no other extension than an unknown', () => {
    expect(decodeValue(encode(new ExtData(42, new Uint8Array(500))), 'bool')).toBe(UNKNOWN);
  });
});
