import type { LogLine } from '../aws/store-pace.js';
import type { Patience } from './patience.js';

/**
 * What the destinations of one process share: made with the provider, and handed down to each of them. Two of one store
 * have the same part: they know what the other has just done there, and keep one pace.
 */
export class SharedStores {
  readonly #parts = new Map<new () => object, object>();

  /** The one of its kind, made by the first that needs it. */
  part<Part extends object>(kind: new () => Part): Part {
    const present = (this.#parts.get(kind) as Part | undefined) ?? new kind();
    this.#parts.set(kind, present);
    return present;
  }

  /** No destination is asked anything any more. */
  async release(): Promise<void> {
    await Promise.all([...this.#parts.values()].map((part) => ('release' in part ? released(part) : null)));
  }
}

function released(part: object): unknown {
  return (part as { release(): Promise<void> }).release();
}

/** What a store's destination is made with beside its arguments; by default it shares nothing. */
export interface StoreOptions {
  readonly shared?: SharedStores | undefined;
  readonly patience?: Patience | undefined;
  readonly log?: LogLine | undefined;
}
