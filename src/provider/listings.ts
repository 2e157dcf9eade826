import { NoAnswer } from '../aws/no-answer.js';
import type { BucketKeys, Listing } from '../lifecycle/ports.js';

/** How long a listing stands for what is there. Terraform is done with a bucket long before. */
const LONGEST_MILLISECONDS = 5 * 60_000;

/** Which part of Terraform's work a call belongs to. */
export type Phase = 'refresh' | 'plan' | 'apply';

/** Keys of a bucket whose lists end with a signal. */
type KeysUntil = (signal: AbortSignal) => BucketKeys;

/**
 * What a refresh has listed, the rest of the plan sees, too: one request for each bucket, however many resources
 * want to know. Terraform refreshes and plans in one process and applies in another, so an apply, whose listings
 * decide on keys, finds nothing here; and once this process has changed a key, no phase does any more.
 */
export class Listings {
  readonly #kept = new Map<string, SharedListing>();
  #isShared = false;
  #isOver = false;

  /** The bucket's keys as that phase is to see them. */
  keysIn(phase: Phase, signal: AbortSignal, keysUntil: KeysUntil): BucketKeys {
    if (phase === 'refresh') this.#isShared = true;
    const keys = keysUntil(signal);
    const { bucket, region } = keys;
    const change = <T>(work: () => Promise<T>) => {
      this.#isOver = true;
      return work();
    };
    return {
      bucket,
      region,
      // A list after the stop is for clearing up, and shows what is there then.
      list: ({ isAnew = false } = {}) =>
        phase === 'apply' || this.#isOver || signal.aborted
          ? keys.list()
          : this.#shared(bucket, keysUntil, isAnew).until(signal),
      create: () => change(() => keys.create()),
      delete: (accessKeyId) => change(() => keys.delete(accessKeyId)),
    };
  }

  /** Before the first refresh it is unknown that this is a plan: what is listed then is kept for it, and not yet used. */
  #shared(bucket: string, keysUntil: KeysUntil, isAnew: boolean): SharedListing {
    const kept = this.#kept.get(bucket);
    if (kept?.isOfUse && this.#isShared && !isAnew) return kept;
    const listing = new SharedListing((signal) => keysUntil(signal).list());
    this.#kept.set(bucket, listing);
    return listing;
  }
}

/** One request for all who want its answer meanwhile or afterwards. A failure is theirs alone who waited for it. */
class SharedListing {
  readonly #begunAt = performance.now();
  readonly #abandoned = new AbortController();
  readonly #answer: Promise<Listing>;
  #waiting = 0;
  #outcome: 'open' | 'answered' | 'failed' = 'open';

  constructor(list: (signal: AbortSignal) => Promise<Listing>) {
    this.#answer = list(this.#abandoned.signal);
    this.#answer.then(
      () => (this.#outcome = 'answered'),
      () => (this.#outcome = 'failed'),
    );
  }

  get isOfUse(): boolean {
    const isGood = this.#outcome !== 'failed' && !this.#abandoned.signal.aborted;
    return isGood && performance.now() - this.#begunAt < LONGEST_MILLISECONDS;
  }

  /** The request ends when the last one who waits for it is stopped. */
  async until(signal: AbortSignal): Promise<Listing> {
    let stop: () => void = () => undefined;
    const stopped = new Promise<never>((_resolve, reject) => {
      stop = () => {
        reject(new NoAnswer('GetBucketAccessKeys was stopped before its answer came.'));
      };
    });
    signal.addEventListener('abort', stop);
    this.#waiting += 1;
    try {
      return await Promise.race([stopped, this.#answer]);
    } finally {
      signal.removeEventListener('abort', stop);
      this.#waiting -= 1;
      if (this.#waiting === 0 && this.#outcome === 'open') this.#abandoned.abort();
    }
  }
}
