import type { KeyPair } from '../lifecycle/access-key.js';
import { DestinationError } from '../lifecycle/destination.js';
import { FORMATS } from '../contract/limits.js';
import { wholePairIn } from './format.js';

/** A pair as its consumer has it. */
export type DeliveredPair = Pick<KeyPair, 'accessKeyId' | 'secretAccessKey'>;

/**
 * A destination from which a pair can be read back, by whoever is allowed to. Nothing that makes keys calls it: that
 * needs no right to read a live secret. (Vault's destination looks once where it cannot tell otherwise whether a write
 * was its own.)
 */
export interface ReadBack {
  /** How the argument that names the place is made to wait for the key: `path = KEY.secret_reference`. */
  readonly waiting: string;
  /** The promoted pair; null where there is none. Throws {@link DestinationError} where it is not ours, or cannot be read. */
  readBack(): Promise<DeliveredPair | null>;
}

/** The pair in a text that is wholly ours, in whatever format: it may be written anew in another one by this very run. */
export function pairIn(text: string): DeliveredPair | null {
  for (const format of FORMATS) {
    const pair = wholePairIn(format, text);
    if (pair) return pair;
  }
  return null;
}

/** Nothing of what is there is shown: it may be anybody's secret. */
export function foreign(title: string): DestinationError {
  return new DestinationError(
    `${title} holds something that is not a pair as this provider writes it.`,
    'Check that the key has the same destination, and that nothing else writes there.',
  );
}
