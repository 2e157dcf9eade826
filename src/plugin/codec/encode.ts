import type { Path } from '../provider.js';
import { isObject, UNKNOWN, type ObjectValue, type Type, type Value } from '../value.js';
import { MsgpackWriter } from './msgpack-writer.js';
import { numberForWire } from './number.js';
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

function describe(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'number') return Number.isFinite(value) ? 'a number' : 'a number that is not finite';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
