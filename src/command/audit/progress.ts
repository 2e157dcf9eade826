/** Where progress is told: standard error. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const QUIET_MS = 1000;
const INTERVAL_MS = { terminal: 200, log: 10_000 };

/**
 * Says how far the audit is once it takes more than a second: in place on a terminal, elsewhere as a line every ten
 * seconds.
 */
export class Progress {
  readonly #paces: { readonly throttled: number }[] = [];
  readonly #timers: NodeJS.Timeout[] = [];
  #total = 0;
  #done = 0;
  #listings = 0;
  #written = '';

  constructor(private readonly stream: ProgressStream) {
    const interval = stream.isTTY ? INTERVAL_MS.terminal : INTERVAL_MS.log;
    this.#timers.push(
      setTimeout(() => {
        this.#tell();
        this.#timers.push(setInterval(this.#tell, interval));
      }, QUIET_MS),
    );
  }

  /** Tells of what the API asks of this pace. */
  watch(pace: { readonly throttled: number }): void {
    this.#paces.push(pace);
  }

  /** Buckets are being listed: their number is not known yet. Answers how to end that. */
  listing(): () => void {
    this.#listings += 1;
    return () => {
      this.#listings -= 1;
    };
  }

  expect(): void {
    this.#total += 1;
  }

  done(): void {
    this.#done += 1;
  }

  /** Leaves nothing on the terminal's line. */
  end(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    if (this.stream.isTTY && this.#written !== '') this.stream.write('\r\x1b[K');
  }

  readonly #tell = () => {
    const isSlowed = this.#paces.some(({ throttled }) => throttled > 0);
    const total = this.#listings > 0 ? `at least ${this.#total}` : this.#total;
    const text = `${this.#done} of ${total} buckets${isSlowed ? ', at the slower pace that AWS asks for' : ''}`;
    if (text === this.#written) return;
    this.#written = text;
    this.stream.write(this.stream.isTTY ? `\r\x1b[K${text}` : `${text}\n`);
  };
}
