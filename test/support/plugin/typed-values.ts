import fc from 'fast-check';
import { type Type, UNKNOWN, type Value } from '../../../src/plugin/provider.js';

export interface TypedValue {
  readonly type: Type;
  readonly value: Value;
}

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('\uFEFFmark', '\uFFFD', '__proto__', 'x'.repeat(300), 'é'.repeat(40_000)),
);
const number = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.bigInt().filter((n) => n > 2n ** 53n || n < -(2n ** 53n)),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((n) => !Object.is(n, -0)),
);
const key = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'ü'));

/** Pairs of a type and a value of it, with nulls and unknowns at every level. */
export const typedValue = fc.letrec<{ any: TypedValue }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    text.map((value): TypedValue => ({ type: 'string', value })),
    number.map((value): TypedValue => ({ type: 'number', value })),
    fc.boolean().map((value): TypedValue => ({ type: 'bool', value })),
    tie('any').map(({ type }): TypedValue => ({ type, value: null })),
    tie('any').map(({ type }): TypedValue => ({ type, value: UNKNOWN })),
    fc
      .tuple(fc.constantFrom('list', 'set'), tie('any'), fc.nat(20))
      .map(([kind, { type, value }, length]): TypedValue => ({
        type: [kind, type],
        value: Array.from({ length }, () => value),
      })),
    fc
      .tuple(tie('any'), fc.uniqueArray(key, { maxLength: 20 }))
      .map(([{ type, value }, keys]): TypedValue => ({
        type: ['map', type],
        value: Object.fromEntries(keys.map((name): [string, Value] => [name, value])),
      })),
    fc.array(tie('any'), { maxLength: 4 }).map((members): TypedValue => ({
      type: ['tuple', members.map(({ type }) => type)],
      value: members.map(({ value }) => value),
    })),
    fc
      .dictionary(fc.stringMatching(/^[a-z_]{1,8}$/), tie('any'), { maxKeys: 4 })
      .map((members): TypedValue => ({
        type: ['object', Object.fromEntries(Object.entries(members).map(([name, { type }]) => [name, type]))],
        value: Object.fromEntries(Object.entries(members).map(([name, { value }]) => [name, value])),
      })),
  ),
})).any;
