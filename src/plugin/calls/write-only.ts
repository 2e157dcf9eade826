import type { Attribute, Attributes } from '../schema.js';
import type { ObjectValue, Value } from '../value.js';

/** Write-only attributes appear in the configuration alone: in a plan or a state they are null. */
export function withoutWriteOnly(value: ObjectValue, attributes: Attributes): ObjectValue {
  if (!Object.values(attributes).some(holdsWriteOnly)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const attribute = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
      return [name, attribute && holdsWriteOnly(attribute) ? clear(member, attribute) : member];
    }),
  );
}

function holdsWriteOnly(attribute: Attribute): boolean {
  return attribute.writeOnly ?? Object.values(attribute.nested?.attributes ?? {}).some(holdsWriteOnly);
}

function clear(value: Value, { nested }: Attribute): Value {
  if (nested === undefined) return null;
  if (typeof value !== 'object' || value === null) return value;
  const inner = (element: Value) =>
    isObject(element) ? withoutWriteOnly(element, nested.attributes) : element;
  if (nested.nesting === 'single') return inner(value);
  if (!isObject(value)) return value.map(inner);
  return Object.fromEntries(Object.entries(value).map(([key, element]) => [key, inner(element)]));
}

function isObject(value: Value): value is ObjectValue {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
