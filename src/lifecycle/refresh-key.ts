import { isActive } from './access-key.js';
import type { AccessKey } from './access-key.js';
import type { Holding } from './destination.js';
import { glanceAt } from './glance.js';
import type { Glance } from './glance.js';
import { holdsPair } from './holds-pair.js';
import { reasonOf } from './lifecycle-error.js';
import { listKeysIfThere } from './list-keys.js';
import { confirm } from './marks.js';
import { findLeftovers } from './leftovers.js';
import type { Order } from './order.js';
import type { World } from './ports.js';
import { describeKey, describeKeys } from './wording.js';

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
  const { bucket, region } = world.keys;
  const listing = await listKeysIfThere(world.keys);
  if (!listing) {
    world.warn({
      summary: `Bucket ${bucket} of key ${accessKeyId} does not exist any more`,
      detail: `It was deleted outside of Terraform, and its key with it; or it is not in ${region}, or not in the account of these credentials, where both are alive. Only in the first case go on: the plan makes a new key, and this one is no longer looked after.`,
    });
    return { state: 'gone', listed: [], asOf: null };
  }
  const key = listing.keys.find((listed) => listed.id === accessKeyId);
  if (!key) {
    world.warn({
      summary: `Key ${accessKeyId} of bucket ${bucket} does not exist any more`,
      detail: `It was deleted outside of Terraform, and whoever uses its secret is refused by now. The plan makes a new key. ${listing.keys.length > 0 ? `The bucket holds ${describeKeys(listing.keys, listing.asOf)}.` : 'The bucket holds no key.'}`,
    });
    return { state: 'gone', listed: listing.keys, asOf: listing.asOf };
  }
  if (!isActive(key)) {
    world.warn({
      summary: `Key ${key.id} of bucket ${bucket} is ${key.status}`,
      detail: `S3 refuses whoever uses it, and no call of the API makes it Active again. The plan makes a new key. ${describeKey(key, listing.asOf)}`,
    });
  }
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

function found(current: Holding['current'], accessKeyId: string): string {
  if (!current) return 'Nothing is there';
  if (current.accessKeyId === accessKeyId)
    return 'Its pair is there, but with another secret than was delivered';
  return `Another value is there${current.accessKeyId === null ? '' : `, of key ${current.accessKeyId}`}`;
}

/** A destination that cannot be asked says nothing about the key: a warning, and the pair counts as delivered. */
async function isDelivered(world: World, accessKeyId: string, glance: Glance): Promise<boolean> {
  const { title, isNowhere } = world.destination;
  if (isNowhere) return false;
  try {
    if (await holdsPair(world.destination, accessKeyId, glance)) return true;
    const { current } = await glance.holding();
    world.warn({
      summary: `The secret of key ${accessKeyId} of bucket ${world.keys.bucket} is no longer at ${title}`,
      detail: `${found(current, accessKeyId)}. The key itself is alive, but its secret cannot be had again, so the plan replaces it by a new one.`,
    });
    return false;
  } catch (error) {
    world.warn({
      summary: `Whether ${title} still holds the secret of key ${accessKeyId} of bucket ${world.keys.bucket} cannot be told`,
      detail: `${reasonOf(error)} The key is left as it is.`,
    });
    return true;
  }
}
