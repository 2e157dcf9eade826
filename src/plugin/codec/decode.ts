import { UNKNOWN } from '../provider.js';
import type { Path, Type, Unknown, Value } from '../provider.js';
import { parseNumber, parseType, wholeNumber } from './text.js';
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

/** What stands next in the bytes: a scalar itself, or how many members a container is about to have. */
export type Token =
  null | boolean | number | bigint | string | Unknown | Uint8Array | { array: number } | { map: number };

/**
 * Reads MessagePack one token at a time, so that the schema leads and nothing is built that it does not ask for.
 *
 * A general-purpose library would lose what Terraform may send: a leading byte-order mark, a map key `__proto__`.
 */
class MsgpackReader {
  readonly #bytes: Buffer;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get atEnd(): boolean {
    return this.#position === this.#bytes.length;
  }

  next(): Token {
    const head = this.#take(1)[0] ?? 0;
    if (head < 0x80) return head;
    if (head < 0x90) return { map: head & 0x0f };
    if (head < 0xa0) return { array: head & 0x0f };
    if (head < 0xc0) return this.#string(head & 0x1f);
    if (head >= 0xe0) return head - 0x100;
    switch (head) {
      case 0xc0:
        return null;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return this.#take(this.#unsigned(1 << (head - 0xc4)));
      case 0xc7:
      case 0xc8:
      case 0xc9:
        return this.#extension(this.#unsigned(1 << (head - 0xc7)));
      case 0xca:
        return this.#take(4).readFloatBE();
      case 0xcb:
        return this.#take(8).readDoubleBE();
      case 0xcc:
      case 0xcd:
      case 0xce:
        return this.#unsigned(1 << (head - 0xcc));
      case 0xcf:
        return wholeNumber(this.#take(8).readBigUInt64BE());
      case 0xd0:
      case 0xd1:
      case 0xd2:
        return this.#take(1 << (head - 0xd0)).readIntBE(0, 1 << (head - 0xd0));
      case 0xd3:
        return wholeNumber(this.#take(8).readBigInt64BE());
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return this.#extension(1 << (head - 0xd4));
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.#string(this.#unsigned(1 << (head - 0xd9)));
      case 0xdc:
      case 0xdd:
        return { array: this.#unsigned(2 << (head - 0xdc)) };
      case 0xde:
      case 0xdf:
        return { map: this.#unsigned(2 << (head - 0xde)) };
      default:
        throw new MalformedError('a value begins with a byte that MessagePack does not use');
    }
  }

  /** Extension 0 is unknown, 12 is unknown with refinements, and a later one can be no less unknown to us. */
  #extension(length: number): Unknown {
    this.#take(length + 1);
    return UNKNOWN;
  }

  #string(length: number): string {
    const bytes = this.#take(length);
    const text = bytes.toString('utf8');
    // Only damaged text decodes to the replacement character and does not encode to the same bytes again.
    if (text.includes('\uFFFD') && !Buffer.from(text, 'utf8').equals(bytes)) {
      throw new MalformedError('a string is not UTF-8');
    }
    return text;
  }

  #unsigned(width: number): number {
    return this.#take(width).readUIntBE(0, width);
  }

  #take(length: number): Buffer {
    const end = this.#position + length;
    if (end > this.#bytes.length) throw truncated();
    const taken = this.#bytes.subarray(this.#position, end);
    this.#position = end;
    return taken;
  }
}

function truncated(): MalformedError {
  return new MalformedError('a value ends before it is complete');
}
