import { isYoung } from '../../lifecycle/lagging-list.js';
import type { Inventory, ReadBucket, RegionInventory } from './inventory.js';
import type { ManagedKey } from './managed-key.js';

/**
 * Where a key of a state stands in this audit: beside a bucket that was read, on a bucket that is proven gone, or
 * out of reach for a reason.
 */
export type Placement =
  | { readonly bucket: ReadBucket }
  | { readonly goneFrom: RegionInventory }
  /** `couldBeHere`: nothing proves that its bucket was elsewhere, so the key may as well be missing. */
  | { readonly reason: string; readonly couldBeHere: boolean }
  /** Its bucket could not be read, which is said elsewhere. */
  | 'unread';

/**
 * A bucket's name is unique among all accounts and regions of AWS (of one partition), so a name that was found is
 * the bucket that the state means, unless the state itself says otherwise. A name that was not found proves nothing:
 * the state may be of another account or region. Only the bucket's own ARN, in the same state, tells both.
 */
export function placing(inventory: Inventory): (key: ManagedKey) => Placement {
  const read = new Map(
    inventory.regions.flatMap((region) => region.read.map((bucket) => [bucket.name, bucket])),
  );
  const unread = new Set(inventory.regions.flatMap((region) => region.unread.map(({ name }) => name)));
  return (key) => {
    const found = read.get(key.bucket);
    if (found) return placeBeside(found, key);
    return unread.has(key.bucket) ? 'unread' : placeUnfound(key, inventory);
  };
}

function placeBeside(found: ReadBucket, key: ManagedKey): Placement {
  const { region, accountId } = key.place;
  if (region !== null && region !== found.region) {
    return {
      reason: `the state places its bucket in ${region}, but the audit found that name in ${found.region}`,
      couldBeHere: false,
    };
  }
  if (accountId !== null && found.accountId !== null && accountId !== found.accountId) {
    return {
      reason: `the state places its bucket in account ${accountId}, not in the audited one`,
      couldBeHere: false,
    };
  }
  if (mayNotBeListedYet(found, key)) {
    return {
      reason: 'it is younger than five minutes, and a list may not show it yet; audit again',
      couldBeHere: true,
    };
  }
  return { bucket: found };
}

function mayNotBeListedYet({ keys, asOf }: ReadBucket, { accessKeyId, createdAt }: ManagedKey): boolean {
  if (accessKeyId === null || createdAt === null || !isYoung(createdAt, asOf)) return false;
  return !keys.some(({ id }) => id === accessKeyId);
}

function placeUnfound(key: ManagedKey, inventory: Inventory): Placement {
  const { region, accountId } = key.place;
  if (inventory.named) {
    return inventory.named.includes(key.bucket)
      ? 'unread'
      : { reason: 'its bucket is not among those that --bucket names', couldBeHere: false };
  }
  if (region === null) {
    return {
      reason: `no audited region has its bucket, and the state does not tell in which region the bucket is; --bucket ${key.bucket} makes the audit insist on it`,
      couldBeHere: true,
    };
  }
  const audited = inventory.regions.find((candidate) => candidate.region === region);
  if (!audited) {
    return { reason: `its bucket is in ${region}, which was not audited`, couldBeHere: false };
  }
  if (!audited.isWhole) return 'unread';
  if (accountId !== null && audited.accounts.has(accountId)) return { goneFrom: audited };
  if (accountId !== null && audited.accounts.size > 0) {
    return { reason: `its bucket is in account ${accountId}, which was not audited`, couldBeHere: false };
  }
  return {
    reason: `${region} has no such bucket in the audited account, and the state does not prove that the bucket was in that account; --bucket ${key.bucket} makes the audit insist on it`,
    couldBeHere: true,
  };
}
