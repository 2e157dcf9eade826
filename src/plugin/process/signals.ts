import type { Log } from '../provider.js';
import type { Lifetime } from './lifetime.js';

/**
 * Ctrl-C reaches the whole process group, Terraform and its providers; it is Terraform that decides what it means,
 * and `StopProvider` that tells us. The other two ask this process to end, which it does after its running calls.
 */
export function takeSignals(lifetime: Lifetime): void {
  process.on('SIGINT', () => undefined);
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      // Whoever asks again means at once.
      process.once(signal, () => {
        lifetime.exit(`${signal} again`);
      });
      void lifetime.leave(signal, lifetime.limits.drain);
    });
  }
}

/** A stray error in one call must not cut the others; and Node's own report of it would not be redacted. */
export function surviveStrayErrors(log: Log): void {
  // Also for promises that nobody waited for.
  process.on('uncaughtException', (error: unknown) => {
    log.error('An error outside of any call', {
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  });
}
