import { isYoung } from '../../lifecycle/list-keys.js';
import type { Inventory, ReadBucket, RegionInventory } from './inventory.js';
import { judgeKey, lostKey, missingKey } from './judge-key.js';
import type { BucketReport, KeyReport, Limits, NotJudged, Report } from './report.js';
import type { ManagedKey, ManagedState } from './state/managed-keys.js';

/** What the answers of AWS mean, beside what the states say. `states`: null when none was given. */
export function reportOn(
  inventory: Inventory,
  states: readonly ManagedState[] | null,
  limits: Limits,
): Report {
  const sorted = sortOut(distinct((states ?? []).flatMap(({ keys }) => keys)), inventory);
  const { regions, named } = inventory;
  const read = regions.flatMap((region) => region.read);
  const unread = regions.flatMap((region) => region.unread);
  const known = new Set([...read, ...unread].map(({ name }) => name));
  return {
    asOf: latest(read.map(({ asOf }) => asOf)),
    limits,
    regions: regions.map(({ region, accounts, failure, read, unread }) => ({
      region,
      accounts: [...accounts].sort(),
      buckets: read.length + unread.length,
      unreadable: failure,
    })),
    states: states?.map(({ state, keys, note }) => ({ state, keys: withId(keys).length, note })) ?? null,
    buckets: [
      ...read.map((bucket) => readBucket(bucket, states && (sorted.managed.get(bucket) ?? []), limits)),
      ...unread.map(({ name, region, reason }): BucketReport => {
        return { bucket: name, region, outcome: 'unreadable', reason, asOf: null, keys: [] };
      }),
      ...sorted.gone,
    ].sort(byRegionAndName),
    notFound: (named ?? []).filter(
      (name) => !known.has(name) && regions.every(({ failure }) => failure === null),
    ),
    notJudged: sorted.notJudged,
  };
}

interface SortedKeys {
  readonly managed: ReadonlyMap<ReadBucket, readonly ManagedKey[]>;
  readonly gone: readonly BucketReport[];
  readonly notJudged: readonly NotJudged[];
}

function sortOut(keys: readonly ManagedKey[], inventory: Inventory): SortedKeys {
  const managed = new Map<ReadBucket, ManagedKey[]>();
  const gone = new Map<string, { region: string; keys: ManagedKey[] }>();
  const notJudged: NotJudged[] = [];
  const place = placing(inventory);
  for (const key of keys) {
    const placement = place(key);
    if (placement === 'unread') continue;
    if ('bucket' in placement) push(managed, placement.bucket, key);
    else if ('goneFrom' in placement) {
      const { region } = placement.goneFrom;
      gone.set(key.bucket, { region, keys: [...(gone.get(key.bucket)?.keys ?? []), key] });
    } else {
      const { bucket, accessKeyId, address, state } = key;
      notJudged.push({ bucket, accessKeyId, address, state, ...placement });
    }
  }
  return {
    managed,
    gone: [...gone].map(([bucket, of]) => goneBucket(bucket, of.region, of.keys)),
    notJudged,
  };
}

/**
 * Where a key of a state stands in this audit: beside a bucket that was read, on a bucket that is proven gone, or
 * out of reach for a reason.
 */
type Placement =
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
function placing(inventory: Inventory): (key: ManagedKey) => Placement {
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

function readBucket(bucket: ReadBucket, managed: readonly ManagedKey[] | null, limits: Limits): BucketReport {
  const present = [...bucket.keys]
    .sort((a, b) => (a.createdAt?.getTime() ?? 0) - (b.createdAt?.getTime() ?? 0) || compare(a.id, b.id))
    .map((key) =>
      judgeKey(key, bucket, managed?.filter(({ accessKeyId }) => accessKeyId === key.id) ?? null, limits),
    );
  const there = new Set(bucket.keys.map(({ id }) => id));
  const absent = (managed ?? []).filter(({ accessKeyId }) => accessKeyId === null || !there.has(accessKeyId));
  const { name, region, asOf } = bucket;
  return {
    bucket: name,
    region,
    outcome: 'read',
    reason: null,
    asOf,
    keys: [...present, ...missing(name, absent)],
  };
}

function goneBucket(bucket: string, region: string, keys: readonly ManagedKey[]): BucketReport {
  const reason = 'A state has this bucket, and it is not in the region any more.';
  return { bucket, region, outcome: 'gone', reason, asOf: null, keys: missing(bucket, keys) };
}

function missing(bucket: string, managed: readonly ManagedKey[]): readonly KeyReport[] {
  const byId = new Map<string, ManagedKey[]>();
  for (const key of managed) if (key.accessKeyId !== null) push(byId, key.accessKeyId, key);
  return [
    ...[...byId].map(([id, managers]) => missingKey(id, bucket, managers)),
    ...managed.filter(({ accessKeyId }) => accessKeyId === null).map(lostKey),
  ];
}

function withId(keys: readonly ManagedKey[]): readonly ManagedKey[] {
  return keys.filter(({ accessKeyId }) => accessKeyId !== null);
}

/** The same state may be given twice. */
function distinct(keys: readonly ManagedKey[]): readonly ManagedKey[] {
  const byName = new Map(
    keys.map((key) => [[key.state, key.address, key.accessKeyId, key.role].join('\0'), key]),
  );
  return [...byName.values()];
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const values = map.get(key);
  if (values) values.push(value);
  else map.set(key, [value]);
}

function latest(dates: readonly Date[]): Date | null {
  return dates.length > 0 ? new Date(Math.max(...dates.map((date) => date.getTime()))) : null;
}

function byRegionAndName(a: BucketReport, b: BucketReport): number {
  return compare(a.region, b.region) || compare(a.bucket, b.bucket);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
