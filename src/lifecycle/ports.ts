import type { Secret } from '../secret/secret.js';
import type { AccessKey, KeyPair } from './access-key.js';
import type { Delivery, Destination } from './destination.js';
import type { Baseline, Holder } from './journal/entry.js';
import type { KnownKeys } from './known-keys.js';
import type { LifecycleError } from './lifecycle-error.js';
import type { Message } from './message.js';
import type { ServiceTime } from './service-time.js';

/** The keys of one bucket at one moment. */
export interface Listing extends ServiceTime {
  readonly keys: readonly AccessKey[];
  /** AWS's answer had no list: there may be keys all the same. */
  readonly isMissing?: true;
}

/** There is no bucket of that name. */
export class BucketNotFound extends Error {}

/** AWS has answered without the list, each time that it was asked: which keys there are is unknown. */
export class NoList extends Error {
  constructor(
    message: string,
    readonly time: ServiceTime,
  ) {
    super(message);
  }
}

/** AWS has refused, and says that it can do what was asked for in some minutes. */
export class NotReady extends Error {}

/** What became of one CreateBucketAccessKey, sent once. */
export type CreateOutcome =
  | {
      readonly outcome: 'created';
      readonly key: AccessKey;
      readonly secret: Secret;
      /** AWS says in the same answer that it has failed: the key is of no use, and may be there. */
      readonly failure?: string;
    }
  /** The service (or this machine, before sending) said no: there is no key. */
  | {
      readonly outcome: 'refused';
      readonly reason: string;
      readonly throttled: boolean;
      /** AWS can do it in some minutes. */
      readonly isNotReady?: true;
    }
  /** No answer that can be trusted: there may be a key, now or in some minutes. */
  | { readonly outcome: 'unknown'; readonly reason: string };

/** Where a bucket is, for messages and their commands. */
export interface BucketInRegion {
  readonly bucket: string;
  readonly region: string;
}

/** The access keys of one bucket. */
export interface BucketKeys extends BucketInRegion {
  /**
   * Throws {@link BucketNotFound} or {@link NoList}; any other error, too, means that the keys are unknown. `isAnew`:
   * AWS is asked, whatever this process knows from an earlier answer.
   */
  list(options?: { readonly isAnew?: boolean }): Promise<Listing>;
  /** Sends one request, never a second, and never throws. */
  create(): Promise<CreateOutcome>;
  /**
   * Sends a deletion. Returns where AWS has accepted it or knows no such key, which may still be there: see
   * `deleteKey`. Throws where it was refused or has failed, {@link NotReady} among others.
   */
  delete(accessKeyId: string): Promise<void>;
}

/** Whether S3 accepts a new key yet. Where S3 does not answer, or another server does, nothing proves the key. */
export type Acceptance =
  | { readonly state: 'accepted' }
  /** S3 knows the key and denies it access: it may not have all of the key yet, or never let it do more from here. */
  | { readonly state: 'denied'; readonly reason: string }
  | { readonly state: 'not-yet'; readonly reason: string };

export interface S3Check {
  /** Signs several requests with the pair, side by side and each on a connection of its own. Never throws. */
  accepts(pair: KeyPair): Promise<Acceptance>;
  /** How long its front ends may differ on a new key that some of them accept, in milliseconds. Default: 15 s. */
  readonly askedAgainAfter?: number | undefined;
}

export interface Clock {
  /** Milliseconds that only ever grow: for time limits within one run. */
  elapsed(): number;
  /** Resolves early when the signal aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** Who runs: this process, and whether another recorded one is certainly dead. */
export interface Runs {
  readonly self: Holder;
  isDead(holder: Holder): boolean;
  /** A run of this folder has made the key, or taken it over, and has not ended in order. */
  wasLeft(accessKeyId: string): boolean;
  /** Writes down that this run does so. Never throws. */
  noteMade(accessKeyId: string, asOf: Date): void;
  /** Writes down that this run asks for a key beside these, until it has an answer. Never throws. */
  noteAsked(baseline: Baseline, asOf: Date): void;
  /** There is an answer, or certainly no key. Never throws. */
  forgetAsked(): void;
  /** Terraform was given this key by a run of this folder that has ended in order. */
  wasTaken(accessKeyId: string): boolean;
  /** Writes that down instead, for a store that may be too slow to be told of it. Never throws. */
  noteTaken(accessKeyId: string): void;
  /** The store has been told, or the key is gone. */
  forget(accessKeyId: string): void;
}

/** What a dead run has written down in its folder: a key that it had made, or asked for. */
export interface LeftInFolder {
  readonly bucket: string;
  /** By the service's time, as far as that was known. */
  readonly at: Date;
  /** ID of the key; null where no answer had told it. */
  readonly key: string | null;
  /** IDs of the keys beside which it was asked for; null: unknown. */
  readonly baseline: Baseline;
}

/** The author's programs, run for every key that is made or removed. */
export interface Hooks {
  /** A key is made and its pair delivered. Answers what went wrong, when it is to be run again; never throws. */
  created(accessKeyId: string, reference: string | null): Promise<LifecycleError | null>;
  /** A key is about to be deleted. Throws a {@link LifecycleError} when it has to stay. */
  beforeDeletion(accessKeyId: string): Promise<void>;
}

/** Which bucket and destination something is about. */
export interface Scene {
  readonly keys: Pick<BucketKeys, 'bucket' | 'region'>;
  readonly destination: Pick<Destination, 'title' | 'isNowhere'>;
}

/** Everything outside of the lifecycle that one bucket's work needs. */
export interface KeyContext {
  readonly keys: BucketKeys;
  /** The keys of another bucket, for a journal that speaks of one. */
  keysOf(bucket: string): BucketKeys;
  readonly destination: Destination;
  readonly s3: S3Check;
  readonly clock: Clock;
  readonly runs: Runs;
  /** Keys that resources of this process have made or have in their state; shared by all of them. */
  readonly known: KnownKeys;
  readonly hooks: Hooks;
  /** Told of every secret that is read back, before anything else is done with it. */
  learn(secret: Secret): void;
  warn(message: Message): void;
  /** A line in Terraform's log. */
  log(what: string, facts: Readonly<Record<string, unknown>>): void;
  /** Aborted by the user's first Ctrl-C. */
  readonly signal: AbortSignal;
}

/** What a key is asked for with. */
export interface CreateOptions {
  /** This resource alone makes keys on the bucket, so what appeared during its own failed call may be deleted. */
  readonly exclusive: boolean;
  /** How long S3 may take to accept the key, in seconds; null: it is not asked. */
  readonly verifySeconds: number | null;
  /** ID of the key of the same resource that the new one follows in place; none for a new resource. */
  readonly replaces?: string;
  /** The author has not asked for the new key: none is made while AWS does not report the status of its predecessor. */
  readonly needsStatus?: boolean;
}

/** As much of it as tells whether a key that lies at the destination is ours. */
export type Claim = Pick<CreateOptions, 'exclusive' | 'replaces'>;

/** A living key whose pair is where its consumers look for it. */
export interface Issued {
  readonly key: AccessKey;
  readonly delivery: Delivery;
  /** IDs of the keys that were on the bucket before; null: no list told. Missing where no key was made. */
  readonly beside?: readonly string[] | null;
}
