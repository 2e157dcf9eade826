import { randomBytes } from 'node:crypto';
import { type EmulatorKey, type Haunting, newKey, type StoredKey } from './access-key.js';

export const BUCKET_NAME = /^[a-z0-9][a-z0-9-]{1,52}[a-z0-9]$/;
export const MAX_KEYS_PER_BUCKET = 2;

export interface StoredObject {
  readonly body: Buffer;
  readonly etag: string;
  readonly contentType: string;
  /** By algorithm, in base64. */
  readonly checksums: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly lastModified: Date;
}

/** What UpdateBucket may change; kept in the API's own shape, since it is only handed back. */
export interface BucketSettings {
  readonly bundleId: string;
  readonly objectVersioning: string;
  readonly accessRules: Readonly<Record<string, unknown>>;
  readonly readonlyAccessAccounts: readonly unknown[];
  readonly accessLogConfig: Readonly<Record<string, unknown>>;
}

/** A deleted key that lists still show. */
interface Ghost extends Omit<Haunting, 'calls'> {
  readonly key: StoredKey;
  calls: number;
}

export class Bucket {
  readonly tags = new Map<string, string>();
  readonly objects = new Map<string, StoredObject>();
  readonly supportCode = `${randomDigits()}/${randomDigits()}`;
  settings: BucketSettings;
  cors: unknown;
  #keys: StoredKey[] = [];
  #ghosts: Ghost[] = [];
  readonly #removed = new Map<string, StoredKey>();

  constructor(
    readonly name: string,
    readonly createdAt: Date,
    readonly arn: string,
    bundleId: string,
  ) {
    this.settings = {
      bundleId,
      objectVersioning: 'NeverEnabled',
      accessRules: { getObject: 'private', allowPublicOverrides: false },
      readonlyAccessAccounts: [],
      accessLogConfig: { enabled: false },
    };
  }

  get keys(): readonly StoredKey[] {
    return this.#keys;
  }

  findKey(accessKeyId: string): StoredKey | undefined {
    return this.#keys.find((key) => key.accessKeyId === accessKeyId);
  }

  hasFreeSlot(now: Date): boolean {
    const ghosts = this.#shownGhosts(now).filter(({ takesSlot }) => takesSlot);
    return this.#keys.length + ghosts.length < MAX_KEYS_PER_BUCKET;
  }

  /** One answer of GetBucketAccessKeys. */
  listedKeys(now: Date): readonly StoredKey[] {
    const listed = this.#keys.filter((key) => {
      if (now.getTime() < key.listedFrom) return false;
      if (key.unlistedCalls === 0) return true;
      key.unlistedCalls -= 1;
      return false;
    });
    const ghosts = this.#shownGhosts(now);
    for (const ghost of ghosts) ghost.calls -= 1;
    return [...ghosts.map(({ key }) => key), ...listed];
  }

  /** Lists go on showing a key that was removed. */
  haunt(accessKeyId: string, how: Haunting): void {
    const key = this.#removed.get(accessKeyId);
    if (key) this.#ghosts.push({ ...how, key });
  }

  #shownGhosts(now: Date): Ghost[] {
    return this.#ghosts.filter(({ until, calls }) => now.getTime() < until || calls > 0);
  }

  addKey(now: Date): StoredKey {
    const key = newKey(now);
    this.#keys.push(key);
    return key;
  }

  /** Answers how to put the keys back as they are now. */
  keepKeys(): () => void {
    const kept = this.#keys.map((key) => ({ ...key }));
    return () => {
      this.#keys = kept.map((key) => ({ ...key }));
    };
  }

  /** Answers whether there was such a key. */
  removeKey(accessKeyId: string): boolean {
    const removed = this.findKey(accessKeyId);
    if (!removed) return false;
    this.#removed.set(accessKeyId, removed);
    this.#keys = this.#keys.filter((key) => key !== removed);
    return true;
  }
}

/** A copy for tests, so that nothing they hold changes under them. */
export function toEmulatorKey(key: StoredKey): EmulatorKey {
  const { accessKeyId, secretAccessKey, status, createdAt, lastUsed } = key;
  return { accessKeyId, secretAccessKey, status, createdAt, ...(lastUsed && { lastUsed }) };
}

function randomDigits(): string {
  return String(randomBytes(6).readUIntBE(0, 6)).padStart(12, '0').slice(-12);
}
