import { within } from '../aws/time-limit.js';

/** In milliseconds. */
export interface PatienceLimits {
  /** For all calls that fail, together. */
  readonly total: number;
  /** For each further call, once that is used up: a store that is back is found again. */
  readonly least: number;
}

const LIMITS: PatienceLimits = { total: 90_000, least: 10_000 };

/**
 * How long one piece of work waits for a store that gives no answer: in all, and not for each call anew, as it makes a
 * dozen of them and a failure is cleared up by further ones.
 */
export class Patience {
  #left: number;

  constructor(private readonly limits: PatienceLimits = LIMITS) {
    this.#left = limits.total;
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
