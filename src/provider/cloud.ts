import type { DestinationChoice } from '../destinations/destination-choice.js';
import type { PairReader } from '../destinations/pair-reader.js';
import type { ReadableChoice } from '../destinations/reader-for.js';
import type { KeyContext } from '../lifecycle/ports.js';
import type { CallContext } from '../plugin/index.js';
import type { Phase } from './listings.js';

/** What of a key's context lies outside of the provider's process. */
export type Outside = Pick<KeyContext, 'keys' | 'keysOf' | 'destination' | 's3' | 'clock' | 'runs'>;

/** One call of Terraform, for whose work something outside is asked. */
export interface Call extends Pick<KeyContext, 'learn' | 'warn'> {
  readonly phase: Phase;
  readonly context: CallContext;
}

/** Everything outside that a session works with: AWS, the destinations, the machine. */
export interface Cloud {
  /** Where buckets are looked for. Throws where nothing says it. */
  region(): Promise<string>;
  /** The account of the credentials; null where nobody can tell. */
  account(): Promise<string | null>;
  outside(bucket: string, region: string, choice: DestinationChoice, call: Call): Promise<Outside>;
  /** Who reads a delivered pair back; its secret is to be learned before anything else is done with it. */
  readerOf(choice: ReadableChoice): Promise<PairReader>;
}
