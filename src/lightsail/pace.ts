import { setTimeout } from 'node:timers/promises';
import { NoAnswer } from '../aws/no-answer.js';

/** Calls under way at once: at the start, and at most. AWS publishes no figure, so the rest is learned. */
const AT_FIRST = 5;
const AT_MOST = 20;

/** How often a call is repeated, and the longest pause before the first repetition, which doubles each time. */
const PATIENCE = {
  never: { repetitions: 0, pause: 0 },
  soon: { repetitions: 3, pause: 200 },
  slower: { repetitions: 10, pause: 400 },
} as const;
const LONGEST_PAUSE = 20_000;

export interface PaceOptions {
  /** For tests. Default: the machine's own. */
  readonly sleep?: (milliseconds: number) => Promise<unknown>;
  /** From 0 to 1. For tests. Default: chance. */
  readonly random?: () => number;
}

/**
 * The pace at which the API takes calls that only read: one more at a time as long as it answers, half as many when
 * it asks to slow down. A throttled call keeps its place while it pauses, so that its pause slows the others too.
 */
export class Pace {
  readonly #sleep: (milliseconds: number) => Promise<unknown>;
  readonly #random: () => number;
  readonly #waiting: (() => void)[] = [];
  #allowed = AT_FIRST;
  #active = 0;
  #started = 0;
  /** Calls that began before the last slowing down were made at the old pace: they say nothing of the new one. */
  #slowedAt = 0;
  #throttled = 0;

  constructor({ sleep = setTimeout, random = Math.random }: PaceOptions = {}) {
    this.#sleep = sleep;
    this.#random = random;
  }

  /** How often the API has asked to slow down. */
  get throttled(): number {
    return this.#throttled;
  }

  /** The result of the call, which is repeated where {@link NoAnswer} says that it may be. */
  async run<T>(call: () => Promise<T>): Promise<T> {
    if (this.#active >= Math.floor(this.#allowed)) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#active += 1;
    }
    try {
      return await this.#untilAnswered(call);
    } finally {
      this.#active -= 1;
      this.#admit();
    }
  }

  async #untilAnswered<T>(call: () => Promise<T>): Promise<T> {
    for (let repetition = 0; ; repetition++) {
      const number = ++this.#started;
      try {
        const result = await call();
        this.#allowed = Math.min(AT_MOST, this.#allowed + 1 / this.#allowed);
        return result;
      } catch (error) {
        const repeat = error instanceof NoAnswer ? error.repeat : 'never';
        if (repeat === 'slower') this.#slowDown(number);
        const { repetitions, pause } = PATIENCE[repeat];
        if (repetition >= repetitions) throw error;
        await this.#sleep(this.#random() * Math.min(LONGEST_PAUSE, pause * 2 ** repetition));
        await this.#stepBack();
      }
    }
  }

  #slowDown(number: number): void {
    this.#throttled += 1;
    if (number <= this.#slowedAt) return;
    this.#allowed = Math.max(1, this.#allowed / 2);
    this.#slowedAt = this.#started;
  }

  /** More calls are under way than are allowed by now: this one goes to the head of those that wait. */
  async #stepBack(): Promise<void> {
    if (this.#active <= Math.floor(this.#allowed)) return;
    this.#active -= 1;
    await new Promise<void>((resolve) => this.#waiting.unshift(resolve));
  }

  #admit(): void {
    while (this.#active < Math.floor(this.#allowed)) {
      const next = this.#waiting.shift();
      if (!next) return;
      this.#active += 1;
      next();
    }
  }
}
