import type { Inventory, ReadBucket } from './inventory.js';
import { judgeKey, lostKey, missingKey } from './judge-key.js';
import type { ManagedKey, ManagedState } from './managed-key.js';
import { placing } from './placement.js';
import type { BucketReport, KeyReport, Limits, NotJudged, Report } from './report.js';

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
