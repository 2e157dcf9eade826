import { setTimeout } from 'node:timers/promises';
import type { RetryErrorInfo, RetryStrategyV2, RetryToken } from '@smithy/types';
import { asSdkError, isThrottled } from './sdk-error.js';

/** Between two calls, in milliseconds: after the first throttled one, and at most. A shorter one than `least` is none. */
const INTERVAL = { first: 250, longest: 4000, least: 20 };
const SLOWER = 1.25;
const FASTER = 0.97;

/** For each configured attempt after the first: so long no call of a kind may come through, until one is given up. */
const PATIENCE_PER_ATTEMPT = 10_000;

/** A wait that is worth a word, and how often there is one. */
const WORD = { from: 1000, every: 5000 };

/** A line in Terraform's log. */
export type LogLine = (what: string, facts: Readonly<Record<string, unknown>>) => void;

export interface Waiting {
  /** How often the SDK may send a call in all. Asked for only where one is throttled. */
  readonly attempts: () => Promise<number>;
  readonly log?: LogLine | undefined;
}

/** The calls of one kind, whose rate AWS limits apart from the others. */
interface Lane {
  interval: number;
  /** When the next call may be sent. */
  next: number;
  /** Calls sent before it were sent at the old pace: they say nothing of the new one. */
  slowedAt: number;
  /** Since when none has come through; null where the last one has. */
  throttledSince: number | null;
  throttledLast: number;
}

/**
 * The pace at which one store of AWS takes calls. They are sent as they come until it throttles one; from then on one
 * after the other, at an interval that grows with each throttled call and shrinks with each that comes through. A
 * throttled call has had no effect: it waits for its next turn, and fails only where nothing comes through any more.
 */
export class StorePace {
  readonly #lanes = new Map<string, Lane>();
  #saidAt = -Infinity;
  #throttled = 0;

  constructor(
    /** As people call the service. */
    private readonly service: string,
    private readonly clock: {
      readonly now: () => number;
      readonly sleep: (milliseconds: number) => Promise<unknown>;
    } = { now: () => performance.now(), sleep: (milliseconds) => setTimeout(milliseconds) },
  ) {}

  async run<T>(action: string, call: () => Promise<T>, waiting: Waiting): Promise<T> {
    const lane = this.#lane(action);
    const began = this.clock.now();
    for (;;) {
      await this.#turn(lane, () => {
        this.#say(action, began, waiting);
      });
      const sentAt = this.clock.now();
      try {
        const answer = await call();
        lane.throttledSince = null;
        lane.interval = lane.interval * FASTER < INTERVAL.least ? 0 : lane.interval * FASTER;
        return answer;
      } catch (error) {
        if (!isThrottled(asSdkError(error))) throw error;
        this.#slowDown(lane, sentAt);
        if (this.#isHopeless(lane, await waiting.attempts())) throw error;
      }
    }
  }

  #lane(action: string): Lane {
    const lane = this.#lanes.get(action) ?? {
      interval: 0,
      next: 0,
      slowedAt: -Infinity,
      throttledSince: null,
      throttledLast: 0,
    };
    this.#lanes.set(action, lane);
    return lane;
  }

  async #turn(lane: Lane, say: () => void): Promise<void> {
    const now = this.clock.now();
    const at = Math.max(now, lane.next);
    lane.next = at + lane.interval;
    if (at <= now) return;
    if (at - now >= WORD.from || lane.throttledSince !== null) say();
    await this.clock.sleep(at - now);
  }

  #slowDown(lane: Lane, sentAt: number): void {
    const now = this.clock.now();
    this.#throttled += 1;
    // The last throttled call is of an earlier spell: no call has waited for its end since.
    const isNew = lane.throttledSince === null || now - lane.throttledLast > 6 * PATIENCE_PER_ATTEMPT;
    if (isNew) lane.throttledSince = now;
    lane.throttledLast = now;
    if (sentAt < lane.slowedAt) return;
    lane.slowedAt = now;
    lane.interval = Math.min(INTERVAL.longest, Math.max(INTERVAL.first, lane.interval * SLOWER));
    lane.next = Math.max(lane.next, now + lane.interval);
  }

  #isHopeless({ throttledSince }: Lane, attempts: number): boolean {
    const since = throttledSince ?? this.clock.now();
    return this.clock.now() - since >= (attempts - 1) * PATIENCE_PER_ATTEMPT;
  }

  #say(action: string, began: number, { log }: Waiting): void {
    const now = this.clock.now();
    if (now - this.#saidAt < WORD.every) return;
    this.#saidAt = now;
    log?.(`${this.service} takes no more calls at once, and is waited for`, {
      action,
      seconds: Math.round((now - began) / 1000),
      throttled: this.#throttled,
    });
  }
}

/** A client whose throttled calls are repeated by a {@link StorePace}, which has to see each of them. */
export function throttledByPace<C extends { readonly config: { retryStrategy: () => Promise<unknown> } }>(
  client: C,
): C {
  const given = client.config.retryStrategy;
  client.config.retryStrategy = async () => {
    const strategy = (await given()) as RetryStrategyV2;
    return {
      acquireInitialRetryToken: (scope: string) => strategy.acquireInitialRetryToken(scope),
      refreshRetryTokenForRetry: (token: RetryToken, info: RetryErrorInfo) =>
        isThrottled(asSdkError(info.error))
          ? Promise.reject(new Error('The call was throttled.'))
          : strategy.refreshRetryTokenForRetry(token, info),
      recordSuccess: (token: RetryToken) => {
        strategy.recordSuccess(token);
      },
    };
  };
  return client;
}
