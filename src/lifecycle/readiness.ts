import type { KeyContext } from './ports.js';

/** In milliseconds. How long AWS may take to get ready. */
const READY_WITHIN = 300_000;
const FIRST_PAUSE = 5000;
const LONGEST_PAUSE = 30_000;

/** The time that one call takes in all, of which AWS says that it can be done in some minutes. */
export class Readiness {
  readonly #began: number;
  #pause = FIRST_PAUSE;

  constructor(
    private readonly context: Pick<KeyContext, 'clock' | 'signal' | 'log' | 'keys'>,
    private readonly call: string,
  ) {
    this.#began = context.clock.elapsed();
  }

  /** Pauses before the next try; false when there is none. */
  async continues(reason: string): Promise<boolean> {
    const { clock, signal, keys } = this.context;
    const milliseconds = clock.elapsed() - this.#began;
    if (signal.aborted || milliseconds + this.#pause > READY_WITHIN) return false;
    this.context.log('Waiting until AWS is ready for a call', {
      call: this.call,
      bucket: keys.bucket,
      seconds: Math.round(milliseconds / 1000),
      at_most: READY_WITHIN / 1000,
      reason,
    });
    await clock.sleep(this.#pause, signal);
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE);
    return !signal.aborted;
  }
}
