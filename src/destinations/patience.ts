import { setTimeout } from 'node:timers/promises';
import { within } from '../aws/no-answer.js';

/** In milliseconds. */
interface PatienceLimits {
  /** For all calls that fail, together. */
  readonly total: number;
  /** For each further call, once that is used up: a store that is back is found again. */
  readonly least: number;
  /** For a store that tells what was there before a change; 10 s by default. */
  readonly behind?: number;
}

const LIMITS: PatienceLimits = { total: 90_000, least: 10_000 };
const BEHIND = 10_000;
const BEHIND_PAUSE = { first: 100, longest: 1000 };

/**
 * How long one piece of work waits for a store that gives no answer: in all, and not for each call anew, as it makes a
 * dozen of them and a failure is cleared up by further ones.
 */
export class Patience {
  #left: number;

  constructor(private readonly limits: PatienceLimits = LIMITS) {
    this.#left = limits.total;
  }

  /** What `look` says as soon as that is something, or null: then it is as it seems. */
  async lookAgain<T>(look: () => Promise<T | null>): Promise<T | null> {
    const until = performance.now() + (this.limits.behind ?? BEHIND);
    for (let pause = BEHIND_PAUSE.first; ; pause = Math.min(2 * pause, BEHIND_PAUSE.longest)) {
      const seen = await look();
      if (seen !== null || performance.now() >= until) return seen;
      await setTimeout(pause);
    }
  }

  async spend<T>(call: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const began = performance.now();
    try {
      return await within(call, { milliseconds: Math.max(this.#left, this.limits.least) }, work);
    } catch (error) {
      this.#left -= performance.now() - began;
      throw error;
    }
  }
}
