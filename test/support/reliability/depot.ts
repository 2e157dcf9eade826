import { createHash } from 'node:crypto';
import type { CallPoint } from '../../../src/emulator/index.js';
import type { FaultLane } from '../fault-lane.js';
import type { Case } from './scenarios.js';

/** A pair as its consumer has it. */
export interface Pair {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** A call of the provider, the same object at each of its moments. */
export interface Call {
  readonly operation: string;
}
export type Watch = (moment: CallPoint, call: Call) => Promise<void> | void;

/** Makes what lay at a place lie at the present one, with the texts in it changed. */
export type Imprint = (change: (text: string) => string) => Promise<void>;

/** Makes what was kept lie at a place again; answers how texts name that place which named the one before. */
export type Restore = () => Promise<(text: string) => string>;

/** A value that somebody else has put in the place of whatever was there. */
export interface OthersValue {
  /** Whether it is what consumers read. */
  isCurrent(): Promise<boolean>;
  /** Whether it can still be had otherwise: as an earlier version, or under another name. */
  isKept(): Promise<boolean>;
}

/** Where the pairs of one scene's stacks go, as everybody but the provider sees it. */
export interface Depot {
  /** The way there, where that is a server. */
  readonly lane?: FaultLane;
  /** Watches the calls to it. Of files and the state there are none that could be seen from outside. */
  onCall(watch: Watch): () => void;
  /** Goes on to a place that has never held a pair; its name. */
  renew(): Promise<string>;
  /** What stands in `secret`, before and after the change that the struck run carries out. */
  secretOf(of: Case, moment: 'before' | 'after'): string;
  /** The pair that a consumer reads at the place, whoever's it is; null where there is none. */
  current(): Promise<Pair | null>;
  /** The pair of the key that is in the state, where that says that it is; null where it is not there. */
  delivered(attributes: Readonly<Record<string, unknown>>): Promise<Pair | null>;
  /** Names of pairs that were written and never promoted, and of the journal's drafts. */
  leftovers(): Promise<{ readonly pending: readonly string[]; readonly drafts: readonly string[] }>;
  imprint(): Promise<Imprint>;
  /** Keeps what lies at the place; what lies in the workshop's folder is kept with that. */
  keep(): Promise<Restore>;
  /** Somebody else writes a value of his own there. */
  intrude(): Promise<OthersValue>;
}

/** Null for what is no pair, such as the value that marks a secret as empty. */
export function pairIn(text: string | null): Pair | null {
  const found = text?.startsWith('{') ? (JSON.parse(text) as Partial<Pair>) : {};
  const { accessKeyId, secretAccessKey } = found;
  return accessKeyId === undefined || secretAccessKey === undefined ? null : { accessKeyId, secretAccessKey };
}

/** Whether a call changes anything where it goes. */
export function isChange(operation: string): boolean {
  return !/^(Get|List|Describe|GET|LIST|POST sys\/)/.test(operation);
}

/** SHA-256 in hexadecimal, as a file's mark has it. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
