import { inspect } from 'node:util';

const STARS = '********';

/**
 * A value that must never be printed. Every ordinary way of turning it into text gives stars; only
 * {@link Secret.reveal} gives the value, so that each place that takes it out can be found by that word.
 *
 * JavaScript strings cannot be erased: the value stays in the process's memory until it ends.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself. Call it only where the value leaves for its destination. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return STARS;
  }

  toJSON(): string {
    return STARS;
  }

  [Symbol.toPrimitive](): string {
    return STARS;
  }

  [inspect.custom](): string {
    return STARS;
  }
}
