import { isObject, UNKNOWN } from '../provider.js';
import type { ObjectValue, Path, Type, Value } from '../provider.js';
import { misfit, ValueError } from './value-error.js';

/** Writes a value as MessagePack in the shape of its type; a value of another shape is refused with its path. */
export function encodeValue(value: Value | undefined, type: Type): Uint8Array {
  return encode(new MsgpackWriter(true), value, type);
}

/** The same for a value that exists already: nothing in it may be unknown. */
export function encodeKnownValue(value: Value | undefined, type: Type): Uint8Array {
  return encode(new MsgpackWriter(false), value, type);
}

function encode(writer: MsgpackWriter, value: Value | undefined, type: Type): Uint8Array {
  writeValue(writer, value, type, []);
  return writer.finish();
}

function writeValue(writer: MsgpackWriter, value: Value | undefined, type: Type, path: Path): void {
  if (value === null || value === undefined) {
    writer.nil();
  } else if (value === UNKNOWN) {
    if (!writer.acceptsUnknown) throw new ValueError('this value is still unknown', path);
    writer.unknown();
  } else if (type === 'dynamic') {
    const inferred = inferType(value);
    writer.array(2);
    writer.binary(Buffer.from(JSON.stringify(inferred)));
    writeValue(writer, value, inferred, path);
  } else if (typeof type === 'string') {
    writePrimitive(writer, value, type, path);
  } else {
    writeContainer(writer, value, type, path);
  }
}

function writePrimitive(
  writer: MsgpackWriter,
  value: Value,
  type: 'string' | 'bool' | 'number',
  path: Path,
): void {
  if (type === 'string' && typeof value === 'string') {
    writer.string(value);
  } else if (type === 'bool' && typeof value === 'boolean') {
    writer.bool(value);
  } else if (type === 'number' && (typeof value === 'bigint' || Number.isFinite(value))) {
    const number = numberForWire(value as number | bigint);
    if (typeof number === 'string') writer.string(number);
    else writer.number(number);
  } else {
    throw misfit(type, path, describe(value));
  }
}

function writeContainer(writer: MsgpackWriter, value: Value, type: Exclude<Type, string>, path: Path): void {
  if (type[0] === 'object' || type[0] === 'map') {
    if (!isObject(value)) throw misfit(type[0], path, describe(value));
    if (type[0] === 'object') writeObject(writer, value, type[1], path);
    else writeMap(writer, value, type[1], path);
    return;
  }
  if (!Array.isArray(value)) throw misfit(type[0], path, describe(value));
  const elements: readonly Value[] = value;
  if (type[0] === 'tuple' && elements.length !== type[1].length) {
    throw new ValueError(`a tuple of ${type[1].length} was expected, not of ${elements.length}`, path);
  }
  writer.array(elements.length);
  for (const [index, element] of elements.entries()) {
    const elementType = type[0] === 'tuple' ? (type[1][index] ?? 'dynamic') : type[1];
    writeValue(writer, element, elementType, [...path, index]);
  }
}

function writeMap(writer: MsgpackWriter, value: ObjectValue, type: Type, path: Path): void {
  const entries = Object.entries(value);
  writer.map(entries.length);
  for (const [key, element] of entries) {
    writer.string(key);
    writeValue(writer, element, type, [...path, { key }]);
  }
}

/** Terraform wants every attribute of the type, null for unset, and no other. */
function writeObject(
  writer: MsgpackWriter,
  value: ObjectValue,
  types: Readonly<Record<string, Type>>,
  path: Path,
): void {
  const extra = Object.keys(value).find((name) => !Object.hasOwn(types, name));
  if (extra !== undefined) {
    throw new ValueError(`the schema has no attribute ${JSON.stringify(extra)}`, path);
  }
  const entries = Object.entries(types);
  writer.map(entries.length);
  for (const [name, type] of entries) {
    writer.string(name);
    writeValue(writer, value[name], type, [...path, name]);
  }
}

/** A dynamic value travels with its type; a JavaScript array can only be a tuple, an object only an object. */
function inferType(value: Value): Type {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number' || typeof value === 'bigint') return 'number';
  if (Array.isArray(value)) return ['tuple', (value as readonly Value[]).map(inferType)];
  if (isObject(value)) {
    return [
      'object',
      Object.fromEntries(Object.entries(value).map(([name, member]) => [name, inferType(member)])),
    ];
  }
  return 'dynamic';
}

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

/**
 * The form in which a number keeps its meaning in Terraform, whose numbers are decimals of 512 bits.
 *
 * Fractions go as their shortest decimal text: 0.1 in a configuration is one tenth exactly, which no float64 is,
 * and Terraform rejects a plan that answers with the neighbouring float.
 */
function numberForWire(value: number | bigint): number | bigint | string {
  if (typeof value === 'bigint') {
    return value >= INT64_MIN && value <= INT64_MAX ? value : value.toString();
  }
  return Number.isInteger(value) ? value : value.toString();
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'number') return Number.isFinite(value) ? 'a number' : 'a number that is not finite';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** Writes MessagePack in the forms that Terraform's own library writes. */
class MsgpackWriter {
  #buffer = Buffer.allocUnsafe(1024);
  #length = 0;

  constructor(readonly acceptsUnknown: boolean) {}

  finish(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  nil(): void {
    this.#head(0xc0);
  }

  unknown(): void {
    this.#head(0xd4);
    this.#number(0, 2);
  }

  bool(value: boolean): void {
    this.#head(value ? 0xc3 : 0xc2);
  }

  /** Whole numbers within int64 become integers; any other number is a float64. */
  number(value: number | bigint): void {
    if (typeof value === 'number' && !Number.isSafeInteger(value)) {
      this.#head(0xcb);
      this.#length = this.#room(8).writeDoubleBE(value, this.#length);
    } else if (value >= 0 && value < 0x80) {
      this.#head(Number(value));
    } else if (value < 0 && value >= -0x20) {
      this.#head(Number(value) + 0x100);
    } else {
      this.#head(0xd3);
      this.#length = this.#room(8).writeBigInt64BE(BigInt(value), this.#length);
    }
  }

  string(value: string): void {
    const length = Buffer.byteLength(value);
    if (length < 0x20) this.#head(0xa0 | length);
    else this.#sized(0xd9, length);
    this.#room(length).write(value, this.#length);
    this.#length += length;
  }

  binary(value: Uint8Array): void {
    this.#sized(0xc4, value.length);
    this.#room(value.length).set(value, this.#length);
    this.#length += value.length;
  }

  array(members: number): void {
    if (members < 0x10) this.#head(0x90 | members);
    else this.#counted(0xdc, members);
  }

  map(members: number): void {
    if (members < 0x10) this.#head(0x80 | members);
    else this.#counted(0xde, members);
  }

  #sized(head: number, length: number): void {
    if (length < 0x100) {
      this.#head(head);
      this.#number(length, 1);
    } else {
      this.#counted(head + 1, length);
    }
  }

  #counted(head: number, count: number): void {
    const width = count < 0x10000 ? 2 : 4;
    this.#head(width === 2 ? head : head + 1);
    this.#number(count, width);
  }

  #head(byte: number): void {
    this.#number(byte, 1);
  }

  #number(value: number, width: number): void {
    this.#length = this.#room(width).writeUIntBE(value, this.#length, width);
  }

  #room(bytes: number): Buffer {
    const needed = this.#length + bytes;
    if (needed > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
      this.#buffer.copy(larger, 0, 0, this.#length);
      this.#buffer = larger;
    }
    return this.#buffer;
  }
}
