export interface RecordedCall {
  readonly id: number;
  readonly service: 'lightsail' | 's3';
  readonly operation: string;
  readonly bucket?: string;
  /** The key that the call made or removed; for S3 the key that signed it. */
  readonly accessKeyId?: string;
  readonly at: Date;
  /** Absent as long as no answer was sent. */
  readonly status?: number;
  readonly errorType?: string;
  /** Whether the call changed anything. */
  readonly effect: boolean;
  /** Whether the exchange is over, with an answer or without. */
  readonly finished: boolean;
  /** The kinds of the faults that met it. */
  readonly faults: readonly string[];
}

/** The same record while its call is being served. */
export type CallDraft = { -readonly [K in keyof RecordedCall]: RecordedCall[K] };

type Predicate = (call: RecordedCall) => boolean;

/** Every call since the start, in order of arrival, and never a secret. */
export class CallLog {
  readonly calls: CallDraft[] = [];
  readonly #waiting = new Set<() => void>();

  open(draft: Omit<CallDraft, 'id' | 'effect' | 'finished' | 'faults'>): CallDraft {
    const call = { ...draft, id: this.calls.length + 1, effect: false, finished: false, faults: [] };
    this.calls.push(call);
    this.touch();
    return call;
  }

  /** Tells those who wait that a record has changed. */
  touch(): void {
    for (const check of [...this.#waiting]) check();
  }

  waitFor(predicate: Predicate, timeoutMs: number): Promise<RecordedCall> {
    return new Promise((resolve, reject) => {
      const check = (): void => {
        const call = this.calls.find(predicate);
        if (!call) return;
        clearTimeout(timer);
        this.#waiting.delete(check);
        resolve(call);
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(check);
        reject(new Error(`No call matched within ${timeoutMs} ms; seen: ${this.#summary()}`));
      }, timeoutMs);
      this.#waiting.add(check);
      check();
    });
  }

  #summary(): string {
    return this.calls.map((call) => `${call.operation} ${call.status ?? '(no answer)'}`).join(', ') || 'none';
  }
}
