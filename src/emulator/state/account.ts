import { randomUUID } from 'node:crypto';
import { type ListLag } from '../options.js';
import { type LastUsed, type StoredKey } from './access-key.js';
import { Bucket, BUCKET_NAME } from './bucket.js';
import { type Clock } from './clock.js';
import { OperationBook } from './operations.js';

export const ACCOUNT_ID = '123456789012';
const DEFAULT_BUNDLE = 'small_1_0';

/** Everything one AWS account has in Lightsail in one region. */
export class Account {
  readonly #buckets = new Map<string, Bucket>();
  readonly operations: OperationBook;
  lag: ListLag = {};

  constructor(
    readonly region: string,
    readonly clock: Clock,
    operationMs: number,
  ) {
    this.operations = new OperationBook(region, clock, operationMs);
  }

  get buckets(): readonly Bucket[] {
    return [...this.#buckets.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  findBucket(name: string): Bucket | undefined {
    return this.#buckets.get(name);
  }

  createBucket(name: string, bundleId = DEFAULT_BUNDLE): Bucket {
    if (!BUCKET_NAME.test(name)) {
      throw new Error(
        `"${name}" is not a bucket name: give 3 to 54 lowercase letters, digits and hyphens, with a letter or a digit at each end.`,
      );
    }
    if (this.#buckets.has(name)) throw new Error(`The bucket ${name} exists already.`);
    const arn = `arn:aws:lightsail:${this.region}:${ACCOUNT_ID}:Bucket/${randomUUID()}`;
    const bucket = new Bucket(name, this.clock.now(), arn, bundleId);
    this.#buckets.set(name, bucket);
    return bucket;
  }

  /** Its keys and objects go with it. Answers whether there was such a bucket. */
  deleteBucket(name: string): boolean {
    return this.#buckets.delete(name);
  }

  addKey(bucket: Bucket, createdAt = this.clock.now()): StoredKey {
    const key = bucket.addKey(createdAt);
    key.listedFrom = this.clock.now().getTime() + (this.lag.newKeyMs ?? 0);
    return key;
  }

  /** Whatever has happened to the keys so far happened so much earlier. */
  age(ms: number): void {
    if (!Number.isFinite(ms) || ms < 0) {
      throw new RangeError(`Keys age by zero or more milliseconds, not by ${ms}.`);
    }
    const earlier = (date: Date) => new Date(date.getTime() - ms);
    for (const key of this.buckets.flatMap(({ keys }) => keys)) {
      key.createdAt = earlier(key.createdAt);
      const earlierUse = (use: LastUsed) => ({ ...use, date: earlier(use.date) });
      if (key.lastUsed) key.lastUsed = earlierUse(key.lastUsed);
      key.lateUses = key.lateUses.map(({ use, shownFrom }) => ({
        use: earlierUse(use),
        shownFrom: shownFrom - ms,
      }));
    }
  }

  /** Answers whether there was such a key. */
  removeKey(bucket: Bucket, accessKeyId: string): boolean {
    const { deletedKeyMs = 0, deletedTakesSlot: takesSlot = false } = this.lag;
    const isRemoved = bucket.removeKey(accessKeyId);
    const until = this.clock.now().getTime() + deletedKeyMs;
    if (isRemoved && deletedKeyMs > 0) bucket.haunt(accessKeyId, { until, calls: 0, takesSlot });
    return isRemoved;
  }

  findKey(accessKeyId: string): { bucket: Bucket; key: StoredKey } | undefined {
    for (const bucket of this.#buckets.values()) {
      const key = bucket.findKey(accessKeyId);
      if (key) return { bucket, key };
    }
    return undefined;
  }
}
