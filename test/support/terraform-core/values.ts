import { UNKNOWN } from '../../../src/plugin/provider.js';
import type { ObjectValue, Value } from '../../../src/plugin/provider.js';

export { UNKNOWN };

/** A copy for the other side of a process' border, where "unknown" is another symbol. Bytes are copied, too. */
export function carried<T>(value: T, from: symbol, to: symbol): T {
  const copy = (part: unknown): unknown => {
    if (part === from) return to;
    if (part instanceof Uint8Array) return Uint8Array.from(part);
    if (Array.isArray(part)) return part.map(copy);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([name, member]) => [name, copy(member)]));
  };
  return copy(value) as T;
}

export function isSame(a: Value | undefined, b: Value | undefined): boolean {
  return misfit(a, b, false) === null;
}

/** Where `actual` is not what `planned` allows, as a path; null: nowhere. What is planned as unknown may become anything. */
export function misfit(
  planned: Value | undefined,
  actual: Value | undefined,
  unknownIsOpen = true,
): string | null {
  if (planned === UNKNOWN && unknownIsOpen) return null;
  if (planned === actual) return null;
  if (typeof planned !== 'object' || typeof actual !== 'object' || planned === null || actual === null) {
    return '';
  }
  if (Array.isArray(planned) !== Array.isArray(actual)) return '';
  const one = planned as Readonly<Record<string, Value>>;
  const other = actual as Readonly<Record<string, Value>>;
  for (const name of new Set([...Object.keys(one), ...Object.keys(other)])) {
    if (!(name in one) || !(name in other)) return `.${name}`;
    const inner = misfit(one[name], other[name], unknownIsOpen);
    if (inner !== null) return `.${name}${inner}`;
  }
  return null;
}

export function isWhollyKnown(value: Value | undefined): boolean {
  if (value === UNKNOWN) return false;
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value as ObjectValue).every(isWhollyKnown);
}

export function unknownAsNull(value: ObjectValue): ObjectValue {
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, isWhollyKnown(member) ? member : null]),
  );
}
