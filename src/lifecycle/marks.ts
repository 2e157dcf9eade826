import type { Mark } from './journal.js';
import type { World } from './ports.js';

/** A planned replacement that is not applied within this time has to be planned again. */
const REPLACEABLE_MILLISECONDS = 24 * 3_600_000;

/**
 * Changes the mark of one key, if the journal still holds it. Answers whether it did; a journal that cannot be
 * written is no error here, because a refresh without write rights has to work all the same.
 */
async function amend(world: World, accessKeyId: string, change: (mark: Mark) => Mark): Promise<boolean> {
  const { journal } = world.destination;
  if (!journal) return true;
  try {
    const reading = await journal.read();
    const mark = reading.entry;
    if (mark?.phase === 'intent' || mark?.accessKeyId !== accessKeyId) return false;
    const next = change(mark);
    if (JSON.stringify(next) === JSON.stringify(mark)) return true;
    return (await journal.write(next, reading.revision)) !== null;
  } catch {
    return false;
  }
}

/** Some state holds the key, so nobody may take it for a dead run's leftover. */
export async function confirm(world: World, accessKeyId: string, asOf?: Date): Promise<boolean> {
  return amend(world, accessKeyId, ({ watch, ...mark }) => ({
    ...mark,
    phase: 'confirmed',
    ...(watch && !(asOf && asOf.getTime() > Date.parse(watch.until)) && { watch }),
  }));
}

/**
 * The owner has planned a replacement. At apply a replacement that is created before its predecessor is destroyed
 * reaches the provider without any trace of the predecessor, so the permission has to be at the destination.
 */
export async function permitReplacement(world: World, accessKeyId: string, asOf: Date): Promise<boolean> {
  const until = new Date(asOf.getTime() + REPLACEABLE_MILLISECONDS).toISOString();
  return amend(world, accessKeyId, (mark) => ({ ...mark, replaceableUntil: until }));
}
