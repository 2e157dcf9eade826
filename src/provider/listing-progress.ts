import type { Message } from '../lifecycle/message.js';
import type { Log } from '../plugin/index.js';
import { listingThrottled } from './messages.js';

const FIRST_WORD_AFTER = 1000;
const INTERVAL = 5000;
/** A pause between two lists that separates one spell of listing from the next. */
const SPELL_ENDS_AFTER = 1000;
/** Who waits longer than this for a plan wants to know why. */
const LONG = 10_000;

/** What a pace tells of the API. */
interface Pacing {
  readonly throttled: number;
  readonly notReady?: number;
  readonly atOnce: number;
}

/** Whom a list is made for. */
export interface Listener {
  readonly log: Pick<Log, 'info'>;
  /** Absent where it would be read only when everything is over. */
  readonly warn?: ((message: Message) => void) | undefined;
}

/**
 * Says in Terraform's log how far the listing of keys is, once that takes more than a second, and warns once where it
 * takes long because AWS throttles it: Terraform shows a provider's warnings, and nothing else that it says.
 */
export class ListingProgress {
  #underWay = 0;
  #answered = 0;
  #begunAt = 0;
  #endedAt = -Infinity;
  #throttledBefore = 0;
  #timer: NodeJS.Timeout | undefined;
  #log: Listener['log'] | undefined;
  #hasWarned = false;

  constructor(private readonly pace: Pacing) {}

  async during<T>({ log, warn }: Listener, list: () => Promise<T>): Promise<T> {
    this.#log = log;
    this.#begin();
    try {
      return await list();
    } finally {
      this.#underWay -= 1;
      this.#answered += 1;
      this.#endedAt = performance.now();
      if (warn) this.#warnIfSlow(warn);
    }
  }

  #begin(): void {
    const now = performance.now();
    if (this.#underWay === 0 && now - this.#endedAt > SPELL_ENDS_AFTER) {
      this.#begunAt = now;
      this.#answered = 0;
      this.#throttledBefore = this.pace.throttled;
    }
    this.#underWay += 1;
    if (!this.#timer) this.#timer = this.#speakIn(FIRST_WORD_AFTER);
  }

  #speakIn(milliseconds: number): NodeJS.Timeout {
    return setTimeout(() => {
      this.#timer = undefined;
      if (this.#underWay === 0) return;
      this.#log?.info('The access keys of buckets are being listed', this.#figures());
      this.#timer = this.#speakIn(INTERVAL);
    }, milliseconds).unref();
  }

  #figures(): Record<string, number> {
    return {
      buckets_listed: this.#answered,
      under_way: this.#underWay,
      seconds: Math.round((performance.now() - this.#begunAt) / 1000),
      throttled: this.#throttled,
      at_once: this.pace.atOnce,
      // A Region that is being set up, for instance.
      ...(this.pace.notReady && { not_ready: this.pace.notReady }),
    };
  }

  get #throttled(): number {
    return this.pace.throttled - this.#throttledBefore;
  }

  #warnIfSlow(warn: (message: Message) => void): void {
    const milliseconds = performance.now() - this.#begunAt;
    // A few throttled answers among many are not what takes long.
    const isThrottled = this.#throttled > 0 && this.#throttled * 20 >= this.#answered;
    if (this.#hasWarned || milliseconds < LONG || !isThrottled) return;
    this.#hasWarned = true;
    const seconds = Math.round(milliseconds / 1000);
    warn(listingThrottled(this.#answered, seconds, this.#throttled, this.pace.atOnce));
  }
}
