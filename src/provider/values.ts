import { isObject, UNKNOWN } from '../plugin/index.js';
import type { Value } from '../plugin/index.js';

export { isObject };

/** The string, or null when it is unset or not known yet. */
export function text(value: Value | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

export function flag(value: Value | undefined): boolean | null {
  return typeof value === 'boolean' ? value : null;
}

export function integer(value: Value | undefined): number | null {
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : null;
}

export function strings(value: Value | undefined): readonly string[] | null {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : null;
}

/** The strings of a map; what is null or not known yet is left out. */
export function stringMap(value: Value | undefined): Readonly<Record<string, string>> | null {
  if (!isObject(value)) return null;
  const known = Object.entries(value).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(known);
}

/** Whether any part of the value is not known yet. */
export function hasUnknown(value: Value | undefined): boolean {
  if (value === UNKNOWN) return true;
  if (Array.isArray(value)) return value.some((item: Value) => hasUnknown(item));
  return isObject(value) && Object.values(value).some((item) => hasUnknown(item));
}

export function isSame(a: Value | undefined, b: Value | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item: Value, index) => isSame(item, b[index] as Value));
  }
  if (!isObject(a) || !isObject(b)) return false;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) =>
    isSame(a[key] ?? null, b[key] ?? null),
  );
}
