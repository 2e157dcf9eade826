import type { Path } from '../provider.js';
import type { Type, Value } from '../value.js';
import { parseNumber } from './number.js';
import { checkType } from './type.js';
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
