/**
 * The emulator's time. Tests move it forward to let keys age; requests are still judged by real time too,
 * because a client signs with the clock of its machine.
 */
export class Clock {
  readonly #base: () => Date;
  readonly #offsets = [0];

  constructor(base: () => Date = () => new Date()) {
    this.#base = base;
  }

  now(): Date {
    return new Date(this.#base().getTime() + this.#offset);
  }

  /** Time never runs backwards: the services promise as much of `createdAt` and of the Date header. */
  advance(ms: number): void {
    if (!Number.isFinite(ms) || ms < 0) {
      throw new RangeError(`The clock advances by zero or more milliseconds, not by ${ms}.`);
    }
    this.#offsets.push(this.#offset + ms);
  }

  /**
   * Whether now lies between two times. An SDK corrects its clock from the Date header of an earlier answer, so
   * every time this clock has shown, and the machine's own, counts as now.
   */
  isBetween(from: Date, to: Date): boolean {
    return [Date.now(), this.#base().getTime()].some((base) =>
      this.#offsets.some((offset) => from.getTime() <= base + offset && base + offset <= to.getTime()),
    );
  }

  get #offset(): number {
    return this.#offsets.at(-1) ?? 0;
  }
}
