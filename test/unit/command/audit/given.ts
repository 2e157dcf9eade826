import type { Inventory, ReadBucket, RegionInventory } from '../../../../src/command/audit/inventory.js';
import type { ManagedKey, ManagedState } from '../../../../src/command/audit/state/managed-keys.js';
import type { Limits } from '../../../../src/command/audit/report.js';
import type { AccessKey } from '../../../../src/lifecycle/access-key.js';

export const ACCOUNT = '123456789012';
export const REGION = 'us-east-1';
export const NOW = new Date('2026-06-30T12:00:00Z');
export const LIMITS: Limits = { maxAgeDays: null, neverUsedDays: 30 };

export function daysAgo(days: number, milliseconds = 0): Date {
  return new Date(NOW.getTime() - days * 86_400_000 - milliseconds);
}

/** A key in order: young, and used yesterday. */
export function aKey(id: string, changes: Partial<AccessKey> = {}): AccessKey {
  const lastUse = { date: daysAgo(1), region: REGION, serviceName: 's3' };
  return { id, status: 'Active', createdAt: daysAgo(10), lastUse, ...changes };
}

export function aBucket(
  name: string,
  keys: readonly AccessKey[] = [],
  changes: Partial<ReadBucket> = {},
): ReadBucket {
  return { name, region: REGION, accountId: ACCOUNT, keys, asOf: NOW, ...changes };
}

export function aRegion(
  read: readonly ReadBucket[],
  changes: Partial<RegionInventory> = {},
): RegionInventory {
  const accounts = new Set([ACCOUNT]);
  return { region: REGION, read, unread: [], accounts, isWhole: true, failure: null, ...changes };
}

export function anInventory(...regions: readonly RegionInventory[]): Inventory {
  return { regions, named: null };
}

export function aManagedKey(
  bucket: string,
  accessKeyId: string | null,
  changes: Partial<ManagedKey> = {},
): ManagedKey {
  return {
    address: `lightsail_bucket_access_key.${bucket}`,
    state: 'state.json',
    role: 'current',
    bucket,
    accessKeyId,
    retireAfter: null,
    createdAt: null,
    rotationDueAt: null,
    isUndelivered: false,
    place: { region: null, accountId: null },
    ...changes,
  };
}

export function aState(...keys: readonly ManagedKey[]): ManagedState {
  return { state: 'state.json', keys, note: null };
}
