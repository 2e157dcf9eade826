import type { Diagnostics } from '../diagnostics.js';
import type { Attributes } from '../schema.js';
import type { ObjectValue, Value } from '../value.js';

/** Terraform sees to it that a required attribute is written down, but lets it be null. */
export function refuseNull(config: ObjectValue, attributes: Attributes, diagnostics: Diagnostics): void {
  for (const [name, attribute] of Object.entries(attributes)) {
    for (const place of nullsIn(config[name] ?? null, name, attribute)) {
      diagnostics.error(`${place} is null`, `It is required. Give it a value that is never null.`, [name]);
    }
  }
}

function nullsIn(value: Value, place: string, { required, nested }: Attributes[string]): string[] {
  if (value === null) return required ? [place] : [];
  if (!nested || typeof value !== 'object') return [];
  // The members of a list or map of objects are objects of the same attributes.
  const objects =
    nested.nesting === 'single' ? [value as ObjectValue] : (Object.values(value) as ObjectValue[]);
  return objects.flatMap((object) =>
    Object.entries(nested.attributes).flatMap(([name, attribute]) =>
      nullsIn(object[name] ?? null, `${place}.${name}`, attribute),
    ),
  );
}
