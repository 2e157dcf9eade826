import type { Path, Type, Value } from '../provider.js';
import { MalformedError, misfit } from './value-error.js';

/** Reads a state that Terraform stored as JSON. Attributes that the schema no longer has are left out. */
export function decodeJson(text: string, type: Type): Value {
  return fromJson(parseJson(quoteLongIntegers(text)), type, []);
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new MalformedError('a state is not JSON', { cause });
  }
}

/**
 * Puts whole numbers of sixteen digits and more in quotes, since `JSON.parse` would round them.
 * Where the schema says number, text is read as one; anywhere else a bare number is an error all the same.
 */
function quoteLongIntegers(text: string): string {
  const tokens = /"|(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g;
  let quoted = '';
  let copied = 0;
  for (let token = tokens.exec(text); token !== null; token = tokens.exec(text)) {
    if (token[0] === '"') {
      tokens.lastIndex = endOfString(text, token.index + 1);
    } else {
      quoted += `${text.slice(copied, token.index)}"${token[0]}"`;
      copied = tokens.lastIndex;
    }
  }
  return quoted + text.slice(copied);
}

/** By hand, as a pattern for a string literal can exhaust the stack on a value of megabytes. */
function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let escapes = quote;
    while (text[escapes - 1] === '\\') escapes -= 1;
    if ((quote - escapes) % 2 === 0) return quote + 1;
  }
  return text.length;
}

function fromJson(json: unknown, type: Type, path: Path): Value {
  if (json === null || json === undefined) return null;
  if (typeof type === 'string') return primitive(json, type, path);
  switch (type[0]) {
    case 'list':
    case 'set':
    case 'tuple': {
      if (!Array.isArray(json)) break;
      const elements: unknown[] = json;
      if (type[0] === 'tuple' && elements.length !== type[1].length) break;
      return elements.map((element, index) =>
        fromJson(element, type[0] === 'tuple' ? (type[1][index] ?? 'dynamic') : type[1], [...path, index]),
      );
    }
    case 'map':
      if (!isRecord(json)) break;
      return Object.fromEntries(
        Object.entries(json).map(([key, member]) => [key, fromJson(member, type[1], [...path, { key }])]),
      );
    case 'object':
      if (!isRecord(json)) break;
      return Object.fromEntries(
        Object.entries(type[1]).map(([name, member]) => [
          name,
          fromJson(Object.hasOwn(json, name) ? json[name] : null, member, [...path, name]),
        ]),
      );
  }
  throw misfit(type[0], path);
}

function primitive(json: unknown, type: 'string' | 'bool' | 'number' | 'dynamic', path: Path): Value {
  if (type === 'string' && typeof json === 'string') return json;
  if (type === 'bool' && typeof json === 'boolean') return json;
  if (type === 'number') {
    const number = typeof json === 'string' ? parseNumber(json) : json;
    if (typeof number === 'bigint' || (typeof number === 'number' && Number.isFinite(number))) return number;
  }
  if (type === 'dynamic' && isRecord(json)) return fromJson(json.value, checkType(json.type, 0), path);
  throw misfit(type, path);
}

function isRecord(json: unknown): json is Record<string, unknown> {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

/** Far deeper than any real type, and far shallower than the call stack. */
const MAX_DEPTH = 100;

/** Reads a type that arrived beside a dynamic value. */
export function parseType(json: string): Type {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch (cause) {
    throw new MalformedError('the type of a dynamic value is not JSON', { cause });
  }
  return checkType(parsed, 0);
}

function checkType(type: unknown, depth: number): Type {
  if (depth > MAX_DEPTH) throw new MalformedError('the type of a dynamic value is nested too deeply');
  if (type === 'string' || type === 'bool' || type === 'number' || type === 'dynamic') return type;
  if (Array.isArray(type) && type.length >= 2) {
    const [kind, inner] = type as unknown[];
    if (kind === 'list' || kind === 'set' || kind === 'map') return [kind, checkType(inner, depth + 1)];
    if (kind === 'tuple' && Array.isArray(inner)) {
      return [kind, inner.map((element) => checkType(element, depth + 1))];
    }
    if (kind === 'object' && typeof inner === 'object' && inner !== null) {
      return [
        kind,
        Object.fromEntries(
          Object.entries(inner).map(([name, member]) => [name, checkType(member, depth + 1)]),
        ),
      ];
    }
  }
  throw new MalformedError('the type of a dynamic value is not one of Terraform’s');
}

const INTEGER = /^-?\d+$/;
const DECIMAL = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

/** A whole number as `number` where that is exact, else as `bigint`. */
export function wholeNumber(value: bigint): number | bigint {
  const narrow = Number(value);
  return Number.isSafeInteger(narrow) ? narrow : value;
}

/**
 * Terraform writes a number as decimal text when neither an int64 nor a float64 holds it exactly.
 * Undefined for text that is no finite decimal number.
 */
export function parseNumber(text: string): number | bigint | undefined {
  if (INTEGER.test(text)) return wholeNumber(BigInt(text));
  const value = DECIMAL.test(text) ? Number(text) : NaN;
  return Number.isFinite(value) ? value : undefined;
}
