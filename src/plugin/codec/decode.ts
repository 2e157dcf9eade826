import type { Path } from '../provider.js';
import { UNKNOWN, type Type, type Value } from '../value.js';
import { MsgpackReader, type Token } from './msgpack-reader.js';
import { parseNumber } from './number.js';
import { parseType } from './type.js';
import { MalformedError, misfit, ValueError } from './value-error.js';

/** Reads a value that Terraform sent as MessagePack; the type says what has to stand there. */
export function decodeValue(bytes: Uint8Array, type: Type): Value {
  const reader = new MsgpackReader(bytes);
  const value = readValue(reader, type, []);
  if (!reader.atEnd) throw new MalformedError('bytes are left after the end of a value');
  return value;
}

function readValue(reader: MsgpackReader, type: Type, path: Path): Value {
  const token = reader.next();
  if (token === null || token === UNKNOWN) return token;
  if (typeof type !== 'string') return readContainer(reader, token, type, path);
  switch (type) {
    case 'string':
    case 'bool':
      if (typeof token === (type === 'bool' ? 'boolean' : 'string')) return token as string | boolean;
      break;
    case 'number': {
      const number = typeof token === 'string' ? parseNumber(token) : token;
      if (typeof number === 'bigint' || (typeof number === 'number' && Number.isFinite(number)))
        return number;
      break;
    }
    case 'dynamic':
      if (members(token, 'array') === 2) {
        const inner = reader.next();
        if (inner instanceof Uint8Array) {
          return readValue(reader, parseType(Buffer.from(inner).toString('utf8')), path);
        }
      }
      break;
  }
  throw misfit(type, path);
}

function readContainer(reader: MsgpackReader, token: Token, type: Exclude<Type, string>, path: Path): Value {
  switch (type[0]) {
    case 'list':
    case 'set':
      return Array.from({ length: expect(token, 'array', path) }, (_, index) =>
        readValue(reader, type[1], [...path, index]),
      );
    case 'tuple': {
      if (expect(token, 'array', path) !== type[1].length) {
        throw new ValueError(`a tuple of ${type[1].length} was expected`, path);
      }
      return type[1].map((element, index) => readValue(reader, element, [...path, index]));
    }
    case 'map':
      return readPairs(reader, expect(token, 'map', path), (key) =>
        readValue(reader, type[1], [...path, { key }]),
      );
    case 'object': {
      const attributes = type[1];
      const found = readPairs(reader, expect(token, 'map', path), (name) => {
        const attribute = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
        if (attribute === undefined) {
          throw new ValueError(`the schema has no attribute ${JSON.stringify(name)}`, path);
        }
        return readValue(reader, attribute, [...path, name]);
      });
      return Object.fromEntries(Object.keys(attributes).map((name) => [name, found[name] ?? null]));
    }
  }
}

/** `fromEntries` defines keys as they are, `__proto__` too, where an assignment would not. */
function readPairs(
  reader: MsgpackReader,
  count: number,
  read: (key: string) => Value,
): Record<string, Value> {
  return Object.fromEntries(
    Array.from({ length: count }, () => {
      const key = reader.next();
      if (typeof key !== 'string') throw new MalformedError('a key of a map is not a string');
      return [key, read(key)];
    }),
  );
}

function expect(token: Token, kind: 'array' | 'map', path: Path): number {
  const count = members(token, kind);
  if (count === undefined) throw misfit(kind === 'map' ? 'map' : 'list', path);
  return count;
}

function members(token: Token, kind: 'array' | 'map'): number | undefined {
  return typeof token === 'object' && token !== null && kind in token
    ? (token as Record<typeof kind, number>)[kind]
    : undefined;
}
