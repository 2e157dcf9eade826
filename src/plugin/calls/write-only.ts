import type { Attribute, Block } from '../schema.js';
import { isObject, type ObjectValue, type Value } from '../value.js';

/** Write-only attributes appear in the configuration alone: in a plan or a state they are null. */
export function withoutWriteOnly(value: ObjectValue, block: Block): ObjectValue {
  if (!holdsWriteOnly(block)) return value;
  const { attributes, blocks = {} } = block;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const inner = Object.hasOwn(blocks, name) ? blocks[name] : undefined;
      if (inner) return [name, isObject(member) ? withoutWriteOnly(member, inner) : member];
      const attribute = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
      return [name, attribute && isWriteOnly(attribute) ? clear(member, attribute) : member];
    }),
  );
}

function holdsWriteOnly({ attributes, blocks = {} }: Block): boolean {
  return Object.values(attributes).some(isWriteOnly) || Object.values(blocks).some(holdsWriteOnly);
}

function isWriteOnly({ writeOnly, nested }: Attribute): boolean {
  return writeOnly ?? (nested !== undefined && holdsWriteOnly(nested));
}

function clear(value: Value, { nested }: Attribute): Value {
  if (nested === undefined) return null;
  if (typeof value !== 'object' || value === null) return value;
  const inner = (element: Value) => (isObject(element) ? withoutWriteOnly(element, nested) : element);
  if (nested.nesting === 'single') return inner(value);
  if (!isObject(value)) return value.map(inner);
  return Object.fromEntries(Object.entries(value).map(([key, element]) => [key, inner(element)]));
}
