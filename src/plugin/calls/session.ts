import type { Redact } from '../log.js';
import type { Lifetime } from '../process/lifetime.js';
import type { Log, Provider } from '../provider.js';

/** What all calls of one provider process share. */
export interface Session<C> {
  readonly provider: Provider<C>;
  readonly lifetime: Pick<Lifetime, 'run' | 'stop' | 'shutDown' | 'isInOrder'>;
  readonly redact: Redact;
  /** A log that adds these fields to each of its lines. */
  readonly log: (fields: Readonly<Record<string, unknown>>) => Log;
  /** What `configure` returned; undefined until then. */
  configured: { readonly value: C } | undefined;
}
