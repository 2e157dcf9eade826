import { isActive } from './access-key.js';
import type { AccessKey } from './access-key.js';
import { glanceAt } from './glance.js';
import type { Glance } from './glance.js';
import { holdsPair } from './holds-pair.js';
import { listKeysIfThere } from './list-keys.js';
import { confirm } from './marks.js';
import { findLeftovers } from './leftovers.js';
import * as messages from './messages/refresh.js';
import type { Order } from './order.js';
import type { World } from './ports.js';

/** What is left of a key that the state holds. */
export type Refreshed =
  | {
      readonly state: 'alive';
      readonly key: AccessKey;
      readonly asOf: Date;
      readonly delivered: boolean;
      /** Null: it is gone, or there was none. */
      readonly previous: AccessKey | null;
      /** Somebody has put the previous key's pair back in the current one's place. */
      readonly isPreviousRead: boolean;
      /** Other keys that are provably of this resource and of no use: to be deleted by the next apply. */
      readonly leftovers: readonly AccessKey[];
    }
  | {
      readonly state: 'gone';
      /** What the bucket holds instead. */
      readonly listed: readonly AccessKey[];
      /** Null: the bucket is gone, too. */
      readonly asOf: Date | null;
    };

/** Looks after one key of the state; changes nothing but the journal's confirmation. */
export async function refreshKey(
  world: World,
  accessKeyId: string,
  order: Pick<Order, 'exclusive'> = { exclusive: false },
  previousId: string | null = null,
): Promise<Refreshed> {
  world.known.sawInState(accessKeyId);
  if (previousId !== null) world.known.sawInState(previousId);
  const { bucket } = world.keys;
  const listing = await listKeysIfThere(world.keys);
  if (!listing) {
    world.warn(messages.bucketGone(world.keys, accessKeyId));
    return { state: 'gone', listed: [], asOf: null };
  }
  const key = listing.keys.find((listed) => listed.id === accessKeyId);
  if (!key) {
    world.warn(messages.keyGone(bucket, accessKeyId, listing));
    return { state: 'gone', listed: listing.keys, asOf: listing.asOf };
  }
  if (!isActive(key)) world.warn(messages.keyInactive(bucket, key, listing.asOf));
  const glance = glanceAt(world.destination);
  // Before the confirmation: it ends a watch whose time is over, but only when nothing is left to be deleted.
  const leftovers = await findLeftovers(world, order, listing, key, glance);
  await confirm(world, accessKeyId, leftovers?.length === 0 ? listing.asOf : undefined, glance);
  const delivered = await isDelivered(world, accessKeyId, glance);
  const read = delivered ? null : (await glance.holding().catch(() => null))?.current?.accessKeyId;
  return {
    state: 'alive',
    key,
    asOf: listing.asOf,
    delivered,
    previous: listing.keys.find(({ id }) => id === previousId) ?? null,
    isPreviousRead: previousId !== null && read === previousId,
    leftovers: leftovers ?? [],
  };
}

/** A destination that cannot be asked says nothing about the key: a warning, and the pair counts as delivered. */
async function isDelivered(world: World, accessKeyId: string, glance: Glance): Promise<boolean> {
  const { title, isNowhere } = world.destination;
  if (isNowhere) return false;
  try {
    if (await holdsPair(world.destination, accessKeyId, glance)) return true;
    const { current } = await glance.holding();
    world.warn(messages.pairGone(world.keys.bucket, accessKeyId, title, current));
    return false;
  } catch (error) {
    world.warn(messages.pairNotVerified(world.keys.bucket, accessKeyId, title, error));
    return true;
  }
}
