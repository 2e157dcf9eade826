import { formatPath } from '../codec/value-error.js';
import type { Diagnostics } from '../diagnostics.js';
import type { Path } from '../provider.js';
import type { Attribute, Block } from '../schema.js';
import { isObject, type ObjectValue, type Value } from '../value.js';

/** Terraform sees to it that a required argument is written down, but lets it be null. */
export function refuseNull(config: ObjectValue, block: Block, diagnostics: Diagnostics): void {
  for (const path of nullsInBlock(config, block, [])) {
    diagnostics.error(
      `${formatPath(path)} is null`,
      `It is required. Give it a value that is never null.`,
      path,
    );
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

function nullsInAttribute(value: Value, { required, nested }: Attribute, path: Path): Path[] {
  if (value === null) return required ? [path] : [];
  if (!nested || typeof value !== 'object') return [];
  if (nested.nesting === 'single') return isObject(value) ? nullsInBlock(value, nested, path) : [];
  // The elements of a list or map of objects are objects of the same attributes.
  const elements: [Path[number], Value][] = isObject(value)
    ? Object.entries(value).map(([key, element]) => [{ key }, element])
    : value.map((element, index) => [index, element]);
  return elements.flatMap(([step, element]) =>
    isObject(element) ? nullsInBlock(element, nested, [...path, step]) : [],
  );
}
