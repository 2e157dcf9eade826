import type { AccessKey } from './access-key.js';
import type { Glance } from './glance.js';
import { isHeld } from './hold.js';
import type { Intent, JournalEntry } from './journal.js';
import * as messages from './messages/refresh.js';
import type { Order } from './order.js';
import type { Listing, World } from './ports.js';
import { suspects, watchOf, watchOver } from './watch.js';

/**
 * Names what an earlier creation may have left beside the key of the state, and answers what of it is provably
 * ours: a key that the journal names, or with `exclusive` one that came in a creation's time. Null when the journal
 * could not be asked.
 */
export async function findLeftovers(
  world: World,
  order: Pick<Order, 'exclusive'>,
  listing: Listing,
  key: AccessKey,
  glance: Glance,
): Promise<AccessKey[] | null> {
  if (!world.destination.journal) {
    nameNewer(world, listing, key);
    return [];
  }
  const reading = await glance.journal().catch(() => null);
  if (!reading) return null;
  const { entry } = reading;
  if (entry?.bucket !== world.keys.bucket) return [];
  if (entry.phase === 'intent' && isHeld(world, entry, listing.asOf)) {
    nameWorkOfAnother(world, entry, suspects(world, listing, watchOver(entry), [key.id]));
    return [];
  }
  const own = keysOf(entry);
  const made = entry.phase === 'intent' ? entry.made : undefined;
  // A pair that was promoted is in use, whatever became of the run: it is adopted, not deleted.
  const inUse = entry.phase === 'intent' && !entry.withdrawn ? await currentKey(glance, made) : null;
  const proven = listing.keys.filter(
    ({ id }) => id === made && id !== key.id && id !== inUse && !world.known.has(id),
  );
  const suspected = suspects(world, listing, watchOf(entry), own);
  // Only where the entry is about this resource: its own mark, or a creation that was to follow its key.
  const isOurs = own.includes(key.id);
  const leftovers = isOurs ? [...proven, ...(order.exclusive ? suspected : [])] : [];
  announceDeletion(world, listing, leftovers);
  nameSuspects(
    world,
    listing,
    [...proven, ...suspected].filter((other) => !leftovers.includes(other)),
  );
  return leftovers;
}

/** The key whose pair consumers read; where that cannot be told, the one that it may be. */
async function currentKey(glance: Glance, otherwise: string | undefined): Promise<string | null | undefined> {
  return glance.holding().then(
    ({ current }) => current?.accessKeyId,
    () => otherwise,
  );
}

function keysOf(entry: JournalEntry): readonly (string | undefined)[] {
  return entry.phase === 'intent' ? [entry.made, entry.before?.accessKeyId] : [entry.accessKeyId];
}

function nameWorkOfAnother(world: World, intent: Intent, keys: readonly AccessKey[]): void {
  if (keys.length === 0) return;
  world.warn(messages.appearedInAnotherRun(world.keys.bucket, intent, world.destination.title, keys));
}

function announceDeletion(world: World, listing: Listing, keys: readonly AccessKey[]): void {
  if (keys.length === 0) return;
  for (const { id } of keys) world.known.announced(id);
  world.warn(messages.leftoverFound(world.keys.bucket, keys, listing.asOf));
}

function nameSuspects(world: World, listing: Listing, keys: readonly AccessKey[]): void {
  if (keys.length === 0) return;
  world.warn(messages.possibleLeftoverFound(world.keys, keys, listing.asOf));
}

/** Without a journal nothing tells of a run that died: its key can only be newer than the one in the state. */
function nameNewer(world: World, listing: Listing, key: AccessKey): void {
  const newer = listing.keys.filter(
    (other) =>
      other.id !== key.id && !world.known.isAccountedFor(other.id) && other.createdAt >= key.createdAt,
  );
  if (newer.length === 0) return;
  const { title, isNowhere } = world.destination;
  world.warn(messages.newerKeyFound(world.keys.bucket, newer, key, isNowhere ? null : title, listing.asOf));
}
