import { formatPath } from '../codec/value-error.js';
import type { Diagnostics } from '../diagnostics.js';
import type { Path } from '../provider.js';
import type { Attribute, Block } from '../schema.js';
import { isObject, type ObjectValue, type Value } from '../value.js';

/**
 * Terraform sees to it that a required argument is written down, but lets it be null; and it lets elements of a list be,
 * where each is one more argument, recipient or policy.
 */
export function refuseNull(config: ObjectValue, block: Block, diagnostics: Diagnostics): void {
  for (const path of nullsInBlock(config, block, [])) {
    diagnostics.error(`${formatPath(path)} is null`, 'Give a value there that is never null.', path);
  }
}

function nullsInBlock(value: ObjectValue, { attributes, blocks = {} }: Block, path: Path): Path[] {
  return [
    ...Object.entries(attributes).flatMap(([name, attribute]) =>
      nullsInAttribute(value[name] ?? null, attribute, [...path, name]),
    ),
    ...Object.entries(blocks).flatMap(([name, block]) => {
      const inner = value[name] ?? null;
      if (inner === null) return block.required ? [[...path, name]] : [];
      return isObject(inner) ? nullsInBlock(inner, block, [...path, name]) : [];
    }),
  ];
}

function nullsInAttribute(value: Value, attribute: Attribute, path: Path): Path[] {
  const { required, nested, nullElements } = attribute;
  if (value === null) return required ? [path] : [];
  if (typeof value !== 'object') return [];
  if (nested?.nesting === 'single') return isObject(value) ? nullsInBlock(value, nested, path) : [];
  const elements: [Path[number], Value][] = isObject(value)
    ? Object.entries(value).map(([key, element]) => [{ key }, element])
    : value.map((element, index) => [index, element]);
  return elements.flatMap(([step, element]) => {
    if (element === null) return nullElements ? [] : [[...path, step]];
    return nested && isObject(element) ? nullsInBlock(element, nested, [...path, step]) : [];
  });
}
