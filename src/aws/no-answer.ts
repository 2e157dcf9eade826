/** What AWS or the way to it said, without anything of the raw answer: that may carry a secret. */
export class NoAnswer extends Error {
  constructor(
    message: string,
    readonly repeat: Repeat = 'never',
  ) {
    super(message);
  }
}

/**
 * Whether a call that only reads may be made again: not at all, in a moment, only at a slower pace, or in some minutes,
 * when AWS has set up what it needs.
 */
export type Repeat = 'never' | 'soon' | 'slower' | 'later';

/** There are no credentials, so nothing was sent: why, and what helps. */
export class CredentialsProblem extends NoAnswer {
  constructor(
    readonly what: string,
    readonly remedy: string,
  ) {
    super(`There are no AWS credentials: ${what} No key was changed. ${remedy}`);
  }
}

/** What every answer of AWS to a call has: one without it is none, and says nothing of what is there. */
export function memberOf<T>(value: T | null | undefined, name: string): T {
  if (value === null || value === undefined) throw new NoAnswer(`It came without ${name}.`);
  return value;
}

export interface Limit {
  readonly milliseconds: number;
  /** Ends the work at once. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Work that ends with the limit, whatever it waits for: the SDK looks at its signal only while a request is under
 * way, and neither between two of them nor while it looks for credentials.
 */
export async function within<T>(
  operation: string,
  { milliseconds, signal }: Limit,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const ended = new AbortController();
  const stop = () => {
    ended.abort(new NoAnswer(`${operation} was stopped before its answer came.`));
  };
  const timer = setTimeout(() => {
    ended.abort(new NoAnswer(`${operation} had no answer within ${milliseconds / 1000} s.`));
  }, milliseconds);
  const over = new Promise<never>((_resolve, reject) => {
    ended.signal.addEventListener('abort', () => {
      reject(ended.signal.reason as NoAnswer);
    });
  });
  if (signal?.aborted) stop();
  signal?.addEventListener('abort', stop);
  try {
    return await Promise.race([over, work(ended.signal)]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}
