import type { AccessKey } from '../../lifecycle/access-key.js';
import type { ServiceTime } from '../../lifecycle/service-time.js';

/** With AWS's time of the answer. */
export interface ReadBucket extends ServiceTime {
  readonly name: string;
  readonly region: string;
  /** Whose it is, by its ARN; null where it was not listed but named. */
  readonly accountId: string | null;
  readonly keys: readonly AccessKey[];
}

export interface UnreadBucket {
  readonly name: string;
  readonly region: string;
  readonly reason: string;
}

/** What AWS said of one region. */
export interface RegionInventory {
  readonly region: string;
  readonly read: readonly ReadBucket[];
  readonly unread: readonly UnreadBucket[];
  /** The accounts in the ARNs of the buckets that were listed: mostly one, none in a region without buckets. */
  readonly accounts: ReadonlySet<string>;
  /** Every bucket of the account was listed: what is not here is not in the region. */
  readonly isWhole: boolean;
  /** Why the buckets could not be listed to the end. */
  readonly failure: string | null;
}

export interface Inventory {
  readonly regions: readonly RegionInventory[];
  /** The buckets that alone were asked for; null: all. */
  readonly named: readonly string[] | null;
}
