import type { Attribute, Block } from '../schema.js';
import type { Type } from '../value.js';
import { MalformedError } from './value-error.js';

/** Far deeper than any real type, and far shallower than the call stack. */
const MAX_DEPTH = 100;

/** The type of a whole block of configuration or state. */
export function objectType({
  attributes,
  blocks = {},
}: Block): readonly ['object', Readonly<Record<string, Type>>] {
  return [
    'object',
    Object.fromEntries<Type>([
      ...Object.entries(attributes).map(([name, attribute]) => [name, attributeType(attribute)] as const),
      ...Object.entries(blocks).map(([name, block]) => [name, objectType(block)] as const),
    ]),
  ];
}

export function attributeType(attribute: Attribute): Type {
  if (attribute.nested) {
    const object = objectType(attribute.nested);
    return attribute.nested.nesting === 'single' ? object : [attribute.nested.nesting, object];
  }
  if (attribute.type === undefined) throw new TypeError('An attribute of a schema needs a type.');
  return attribute.type;
}

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

export function checkType(type: unknown, depth: number): Type {
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
