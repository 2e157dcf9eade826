/** A value that Terraform does not know yet: it will be known after apply. */
export const UNKNOWN: unique symbol = Symbol('unknown');
export type Unknown = typeof UNKNOWN;

/**
 * A Terraform value in JavaScript.
 *
 * Numbers are `number` where that is exact and `bigint` for whole numbers beyond 2^53; lists, sets and tuples
 * are arrays; maps and objects are plain objects. An object carries every attribute of its type, null for unset.
 */
export type Value = null | boolean | number | bigint | string | Unknown | readonly Value[] | ObjectValue;
export interface ObjectValue {
  readonly [attribute: string]: Value;
}

/** Whether the value is an object or a map: neither null, nor unknown, nor a list. */
export function isObject(value: Value | undefined): value is ObjectValue {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A type in Terraform's own JSON notation: `"string"`, `["list","string"]`, `["object",{"a":"bool"}]`. */
export type Type =
  | 'string'
  | 'bool'
  | 'number'
  | 'dynamic'
  | readonly ['list' | 'set' | 'map', Type]
  | readonly ['object', Readonly<Record<string, Type>>]
  | readonly ['tuple', readonly Type[]];
