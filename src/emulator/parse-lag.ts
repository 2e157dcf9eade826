import { type ListLag } from './options.js';

/** How far lists lag, out of JSON. A member it does not know is refused, as with a fault. */
export function parseLag(value: Readonly<Record<string, unknown>>): ListLag {
  const { newKeyMs, deletedKeyMs, deletedTakesSlot, ...unknown } = value;
  const [name] = Object.keys(unknown);
  if (name !== undefined) throw new Error(`A lag has no ${name}.`);
  const isTime = (ms: unknown) => ms === undefined || (Number.isInteger(ms) && (ms as number) >= 0);
  if (!isTime(newKeyMs) || !isTime(deletedKeyMs)) {
    throw new Error('newKeyMs and deletedKeyMs are whole milliseconds, zero or more.');
  }
  if (deletedTakesSlot !== undefined && typeof deletedTakesSlot !== 'boolean') {
    throw new Error('deletedTakesSlot is true or false.');
  }
  return value;
}
