import type { Secret } from '../secret/secret.js';
import type { KeyPair } from './access-key.js';
import type { Journal } from './journal/entry.js';
import { ErrorWithRemedy } from './lifecycle-error.js';

/** What lies at a destination, without any secret. */
export interface Holding {
  /** Null: nothing. `accessKeyId` null: something that is not a pair which could be recognised. */
  readonly current: { readonly accessKeyId: string | null } | null;
}

/** The promoted pair. */
export interface Delivery {
  /** What a consumer needs to find the pair; null where the state itself is the destination. */
  readonly reference: string | null;
  /** Only where the author asked for the secret in the state. */
  readonly secret: Secret | null;
  /** The same, readable only for those whom the author named. */
  readonly sealed?: string;
  /** What is not as it was at the place, though its author has not asked for that. */
  readonly remark?: string;
}

/**
 * One place that keeps one pair. Every step may be repeated: a second call with the same key changes nothing.
 *
 * Consumers see only the promoted pair: a staged one must not be visible to them.
 */
export interface Destination {
  /** For messages: what and where, for instance `file ./uploads.json`. */
  readonly title: string;
  /** Null where nothing outlives the process: recovery then ends with it. */
  readonly journal: Journal | null;
  /** How pairs are written here: a pair of another form is not what the author asks for now. */
  readonly form?: string;
  /**
   * How the pair that consumers read is written; null where only the journal can tell, undefined for a value that is no
   * pair. Missing where it cannot be told at all.
   */
  currentForm?(): Promise<string | null | undefined>;
  /** It cannot be asked whose pair it was given last. */
  readonly isMute?: true;
  /** Of a key whose secret was never sent anywhere: there is nothing to miss. */
  readonly isNowhere?: boolean;
  /** What was there before a promotion stays there as an earlier version, so that no value is lost. */
  readonly keepsVersions?: boolean;
  /**
   * Where a value stays that has replaced our pair, for instance `as an earlier version`, when the
   * next pair takes its place. Without it such a value is never replaced.
   */
  readonly keepsChanged?: string;
  /** Throws {@link DestinationError} when a pair certainly could not be written here. Changes nothing. */
  check(): Promise<void>;
  read(): Promise<Holding>;
  /**
   * The digest of the pair as `stage` is going to write it. Missing where a pair cannot be altered without its being seen:
   * a store's version or description names the key.
   */
  digestToBe?(pair: KeyPair): Promise<string>;
  /** Writes the pair as the pending one. */
  stage(pair: KeyPair): Promise<void>;
  /** The pending pair's secret, where it can be read back; null where it cannot. */
  staged(accessKeyId: string): Promise<Secret | null>;
  /** Makes the pending pair the current one, in one step for whoever reads; repeated, it answers the same. */
  promote(accessKeyId: string): Promise<Delivery>;
  /** Where a promoted pair is found. */
  readonly reference: string | null;
  /** Tells the pair that was there at the last `read` or `promote` from one that was altered, without its secret. */
  readonly digest?: string | undefined;
  /** The promoted pair's secret, where whoever delivers it may read it back; null where it cannot be had. */
  delivered?(accessKeyId: string): Promise<Secret | null>;
  /** Removes a pending pair. */
  discard(accessKeyId: string): Promise<void>;
  /** Removes the current pair and the journal, but only where the pair is of that key. */
  remove(accessKeyId: string): Promise<'removed' | 'absent' | 'not-ours'>;
}

/** A destination said no, or it could not be asked. */
export class DestinationError extends ErrorWithRemedy {}
