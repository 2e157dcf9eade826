import type { Backend, Exchange, Reply } from '../fault-lane.js';

/**
 * Parameter Store as an account without a raised quota has it: so many PutParameter a second, in a burst at most as
 * many, and the others are throttled. moto takes all.
 */
export class LimitedPuts {
  taken = 0;
  throttled = 0;
  #tokens: number;
  #filledAt = Date.now();

  constructor(
    private readonly backend: Backend,
    private readonly perSecond: number,
  ) {
    this.#tokens = perSecond;
  }

  readonly handle: Backend = (exchange) => {
    if (!isPut(exchange)) return this.backend(exchange);
    const now = Date.now();
    const filled = this.#tokens + ((now - this.#filledAt) / 1000) * this.perSecond;
    this.#tokens = Math.min(this.perSecond, filled);
    this.#filledAt = now;
    if (this.#tokens < 1) {
      this.throttled += 1;
      return Promise.resolve(THROTTLED);
    }
    this.#tokens -= 1;
    this.taken += 1;
    return this.backend(exchange);
  };
}

function isPut({ headers }: Exchange): boolean {
  return headers['x-amz-target']?.endsWith('.PutParameter') ?? false;
}

const THROTTLED: Reply = {
  status: 400,
  headers: { 'content-type': 'application/x-amz-json-1.1' },
  body: JSON.stringify({ __type: 'ThrottlingException', message: 'Rate exceeded' }),
};
