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
  /** S3 does not know the key before this moment of real time (milliseconds). */
  acceptedFrom: number;
  /** So many more GetBucketAccessKeys answers leave the key out. */
  unlistedCalls: number;
  /** Before this moment of real time (milliseconds) a deletion says that there is no such key. */
  knownFrom: number;
  /** Lists leave the key out before this moment of the emulator's clock (milliseconds). */
  listedFrom: number;
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
    acceptedFrom: 0,
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
