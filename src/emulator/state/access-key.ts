import { randomBytes, randomInt } from 'node:crypto';

export type KeyStatus = 'Active' | 'Inactive';

export interface LastUsed {
  readonly date: Date;
  readonly region: string;
  readonly serviceName: string;
}

/** A bucket access key as tests see it: everything the service knows, the secret included. */
export interface EmulatorKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly status: KeyStatus;
  readonly createdAt: Date;
  readonly lastUsed?: LastUsed;
}

/** The same key inside the emulator, with what faults may hold back about it. */
export interface StoredKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  createdAt: Date;
  status: KeyStatus;
  lastUsed?: LastUsed;
  /** How S3 refuses the key at first. */
  refusals: readonly S3Refusal[];
  /** The uses that lists show late, the oldest first; without any they show the last one at once. */
  lateUses: readonly LateUse[];
  /** So many more GetBucketAccessKeys answers leave the key out. */
  unlistedCalls: number;
  /** Before this moment of real time (milliseconds) a deletion says that there is no such key. */
  knownFrom: number;
  /** Lists leave the key out before this moment of the emulator's clock (milliseconds). */
  listedFrom: number;
}

export type S3RefusalCode = 'InvalidAccessKeyId' | 'AccessDenied' | 'NoSuchBucket';

/** What front ends of S3 say to a key of which they have not heard all. */
export interface S3Refusal {
  /** From and until these moments of real time (milliseconds). */
  readonly from: number;
  readonly until: number;
  readonly code: S3RefusalCode;
  /** Every so many-th front end is behind; 1: all are. */
  readonly everyFrontEnd: number;
}

export interface LateUse {
  readonly use: LastUsed;
  /** By the emulator's clock (milliseconds). */
  readonly shownFrom: number;
}

/** S3 has accepted a request of the key. */
export function recordUse(
  key: StoredKey,
  use: LastUsed,
  {
    lastUsedMs = 0,
    lastUsedEveryMs = 0,
  }: { readonly lastUsedMs?: number; readonly lastUsedEveryMs?: number },
): void {
  const { lastUsed: before } = key;
  const now = use.date.getTime();
  if (before && now - before.date.getTime() < lastUsedEveryMs) return;
  if (lastUsedMs > 0 || key.lateUses.length > 0) {
    const shown = key.lateUses.length === 0 && before ? [{ use: before, shownFrom: 0 }] : key.lateUses;
    key.lateUses = [...shown, { use, shownFrom: now + lastUsedMs }];
  }
  key.lastUsed = use;
}

/** What a list shows of it. */
export function shownUse({ lastUsed, lateUses }: StoredKey, now: Date): LastUsed | undefined {
  if (lateUses.length === 0) return lastUsed;
  return lateUses.filter(({ shownFrom }) => shownFrom <= now.getTime()).at(-1)?.use;
}

/** How long lists show a deleted key as if it were there. */
export interface Haunting {
  /** Until this moment of the emulator's clock (milliseconds), */
  readonly until: number;
  /** or in so many more answers. */
  readonly calls: number;
  readonly takesSlot: boolean;
}

const ID_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** IAM keeps creation times in whole seconds; comparing them with finer times is a client's to get right. */
export function newKey(now: Date): StoredKey {
  return {
    accessKeyId: `AKIA${Array.from({ length: 16 }, () => ID_ALPHABET[randomInt(32)]).join('')}`,
    secretAccessKey: newSecret(),
    createdAt: new Date(Math.floor(now.getTime() / 1000) * 1000),
    status: 'Active',
    refusals: [],
    lateUses: [],
    unlistedCalls: 0,
    knownFrom: 0,
    listedFrom: 0,
  };
}

/**
 * 30 random bytes are 40 base64 characters. Every secret carries a slash and a plus sign, which break clients
 * that forget to escape; with plain chance a test would meet them only now and then.
 */
function newSecret(): string {
  for (;;) {
    const secret = randomBytes(30).toString('base64');
    if (secret.includes('/') && secret.includes('+')) return secret;
  }
}
