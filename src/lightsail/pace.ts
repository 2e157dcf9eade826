import { setTimeout } from 'node:timers/promises';
import { NoAnswer } from '../aws/no-answer.js';

/** Calls under way at once: at the start, and at most. AWS publishes no figure, so the rest is learned. */
const AT_FIRST = 5;
const AT_MOST = 20;

/** The longest pause before the first repetition; it doubles each time. */
const FIRST_PAUSE = { soon: 200, slower: 400 } as const;
const LONGEST_PAUSE = 20_000;

/** How often one call is tried in all: where there was no answer, and where the API asks to slow down. */
export interface Attempts {
  readonly soon: number;
  readonly slower: number;
}
export const PATIENT: Attempts = { soon: 4, slower: 11 };

export interface PaceOptions {
  /** Default: 4, and 11. */
  readonly attempts?: Attempts;
  /** Resolves early when the signal aborts. For tests. Default: the machine's own. */
  readonly sleep?: (milliseconds: number, signal?: AbortSignal) => Promise<unknown>;
  /** From 0 to 1. For tests. Default: chance. */
  readonly random?: () => number;
}

/**
 * The pace at which the API takes calls that only read: one more at a time as long as it answers, half as many when
 * it asks to slow down. A throttled call keeps its place while it pauses, so that its pause slows the others too.
 */
export class Pace {
  readonly #attempts: Attempts;
  readonly #sleep: (milliseconds: number, signal?: AbortSignal) => Promise<unknown>;
  readonly #random: () => number;
  readonly #waiting: (() => void)[] = [];
  #allowed = AT_FIRST;
  #active = 0;
  #started = 0;
  /** Calls that began before the last slowing down were made at the old pace: they say nothing of the new one. */
  #slowedAt = 0;
  #throttled = 0;
  #unready = 0;

  constructor({ attempts = PATIENT, sleep = pause, random = Math.random }: PaceOptions = {}) {
    this.#attempts = attempts;
    this.#sleep = sleep;
    this.#random = random;
  }

  /** How often the API has asked to slow down. */
  get throttled(): number {
    return this.#throttled;
  }

  /** How often the API has said that it will be ready in some minutes. */
  get notReady(): number {
    return this.#unready;
  }

  /** How many calls may be under way at once by now. */
  get atOnce(): number {
    return Math.floor(this.#allowed);
  }

  /**
   * The result of the call, which is repeated where {@link NoAnswer} says that it may be. Once the signal aborts
   * nothing waits any more: the call is made at once, and has to end by that signal itself.
   */
  async run<T>(call: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (this.#active < this.atOnce) this.#active += 1;
    else await this.#place('push', signal);
    try {
      return await this.#untilAnswered(call, signal);
    } finally {
      this.#active -= 1;
      this.#admit();
    }
  }

  async #untilAnswered<T>(call: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    let notReady = 0;
    for (let repetition = 0; ; repetition++) {
      const number = ++this.#started;
      try {
        const result = await call();
        this.#allowed = Math.min(AT_MOST, this.#allowed + 1 / this.#allowed);
        return result;
      } catch (error) {
        const repeat = error instanceof NoAnswer ? error.repeat : 'never';
        if (repeat === 'later') {
          const milliseconds = pauseUntilReady(notReady++);
          if (milliseconds === null || signal?.aborted) throw error;
          this.#unready += 1;
          repetition -= 1;
          await this.#sleep(milliseconds, signal);
          continue;
        }
        if (repeat === 'slower') this.#slowDown(number);
        if (repeat === 'never' || repetition + 1 >= this.#attempts[repeat]) throw error;
        const longest = Math.min(LONGEST_PAUSE, FIRST_PAUSE[repeat] * 2 ** repetition);
        await this.#sleep(this.#random() * longest, signal);
        await this.#stepBack(signal);
      }
    }
  }

  /** Waits without holding a place among the calls under way; not at all once the signal aborts. */
  async pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
    await this.#sleep(milliseconds, signal);
  }

  #slowDown(number: number): void {
    this.#throttled += 1;
    if (number <= this.#slowedAt) return;
    this.#allowed = Math.max(1, this.#allowed / 2);
    this.#slowedAt = this.#started;
  }

  /** More calls are under way than are allowed by now: this one goes to the head of those that wait. */
  async #stepBack(signal?: AbortSignal): Promise<void> {
    if (this.#active <= this.atOnce) return;
    this.#active -= 1;
    await this.#place('unshift', signal);
  }

  /** Waits for a place among the calls under way. */
  #place(add: 'push' | 'unshift', signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const enter = () => {
        signal?.removeEventListener('abort', barge);
        this.#active += 1;
        resolve();
      };
      const barge = () => {
        this.#waiting.splice(this.#waiting.indexOf(enter), 1);
        enter();
      };
      if (signal?.aborted) {
        enter();
        return;
      }
      this.#waiting[add](enter);
      signal?.addEventListener('abort', barge);
    });
  }

  #admit(): void {
    while (this.#active < this.atOnce) {
      const next = this.#waiting.shift();
      if (!next) return;
      next();
    }
  }
}

/** Where AWS says that it takes some minutes: 5, 10, 20 and then 30 seconds, nearly five minutes in all. */
function pauseUntilReady(repetition: number): number | null {
  return repetition < 11 ? Math.min(5000 * 2 ** repetition, 30_000) : null;
}

async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await setTimeout(milliseconds, undefined, signal && { signal }).catch(() => undefined);
}
