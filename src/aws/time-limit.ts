import { NoAnswer } from './no-answer.js';

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
