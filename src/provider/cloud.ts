import { createHash } from 'node:crypto';
import type { DestinationChoice } from '../destinations/descriptor.js';
import type { ReadBack } from '../destinations/read-back.js';
import { openDestination } from '../destinations/registry.js';
import { SharedStores } from '../destinations/shared-stores.js';
import type { Destination } from '../lifecycle/destination.js';
import type { BucketKeys, Clock, KeyContext } from '../lifecycle/ports.js';
import { LightsailBucketKeys } from '../lightsail/bucket-keys.js';
import { Connection } from '../lightsail/connection.js';
import type { Settings } from '../lightsail/connection.js';
import { Pace } from '../lightsail/pace.js';
import { SignedRequestCheck } from '../lightsail/s3-check.js';
import type { CallContext } from '../plugin/index.js';
import type { Secret } from '../secret/secret.js';
import { ListingProgress } from './listing-progress.js';
import { Listings } from './listings.js';
import type { Phase } from './listings.js';
import { ProcessRuns } from './runs.js';
import type { Note } from './runs.js';

/** A destination from which a pair can be read back. */
export type Readable = ReadBack & Pick<Destination, 'title'>;

/** What of a key's context lies outside of the provider's process. */
export type Outside = Pick<KeyContext, 'keys' | 'keysOf' | 'destination' | 's3' | 'clock' | 'runs'>;

/** One call of Terraform, for whose work something outside is asked. */
export interface Call extends Pick<KeyContext, 'learn' | 'warn'> {
  readonly phase: Phase;
  readonly context: CallContext;
  /** A new key is made by it. */
  readonly isToIssue?: boolean;
}

/** Everything outside that a session works with: AWS, the destinations, the machine. */
export interface Cloud {
  /** Where buckets are looked for. Throws where nothing says it. */
  region(): Promise<string>;
  /** The account of the credentials; null where nobody can tell. */
  account(): Promise<string | null>;
  outside(bucket: string, region: string, choice: DestinationChoice, call: Call): Promise<Outside>;
  /** Of a destination that can be read; a secret from there is to be learned before anything else is done with it. */
  readable(choice: DestinationChoice): Promise<Readable>;
  /** What dead runs of this folder have left. */
  left(): readonly Note[];
  /** Nothing of it can live any more. */
  forgetLeft(left: Note): void;
  /** Nothing is asked any more: gives back what was lent to this process. Never throws. */
  release?(): Promise<void>;
}

/** The real one: Lightsail and S3 by the provider's settings, and the destinations that they lead to. */
export class AwsCloud implements Cloud {
  readonly #connection: Connection;
  readonly #runs = new ProcessRuns();
  readonly #pace: Pace;
  readonly #progress: ListingProgress;
  readonly #listings = new Listings();
  readonly #shared = new SharedStores();

  constructor(
    private readonly settings: Settings & { readonly vaultAddress?: string },
    /** Told of every credential that this process gets. */
    private readonly learn: (secret: Secret) => void,
  ) {
    this.#connection = new Connection({ ...settings, learn });
    this.#pace = new Pace({ attempts: this.#connection.attempts });
    this.#progress = new ListingProgress(this.#pace);
  }

  region(): Promise<string> {
    return this.#connection.region();
  }

  account(): Promise<string | null> {
    return this.#connection.account();
  }

  async outside(bucket: string, region: string, choice: DestinationChoice, call: Call): Promise<Outside> {
    const { signal } = call.context;
    const keysOf = (name: string) =>
      this.#listings.keysIn(call.phase, signal, (until) => this.#keys(name, region, call, until));
    return {
      keys: keysOf(bucket),
      keysOf,
      destination: await openDestination(choice, {
        bucket,
        ...this.#stores,
        isToIssue: call.isToIssue ?? false,
        log: (what, facts) => {
          call.context.log.info(what, facts);
        },
      }),
      s3: new SignedRequestCheck(this.#connection, signal),
      clock: systemClock,
      runs: this.#runs.for({ bucket, place: placeOf(choice) }),
    };
  }

  async readable(choice: DestinationChoice): Promise<Readable> {
    const { reading } = choice.destination;
    const byReference = reading.isPossible ? reading.byReference?.(choice.given) : undefined;
    const given = byReference ?? choice.given;
    const around = { bucket: '', ...this.#stores, isToIssue: false };
    const destination = await openDestination({ ...choice, given }, around);
    if (canBeRead(destination)) return destination;
    throw new Error(`${choice.destination.name} says that it can be read, and has nothing to read with.`);
  }

  left(): readonly Note[] {
    return this.#runs.left();
  }

  forgetLeft(left: Note): void {
    this.#runs.forgetLeft(left);
  }

  release(): Promise<void> {
    return this.#shared.release();
  }

  get #stores() {
    const { learn, settings } = this;
    return { access: this.#connection, vaultAddress: settings.vaultAddress, learn, shared: this.#shared };
  }

  #keys(bucket: string, region: string, call: Call, signal: AbortSignal): BucketKeys {
    const { phase, learn, warn, context } = call;
    const keys = new LightsailBucketKeys(this.#connection, bucket, region, learn, signal, this.#pace);
    const listener = { log: context.log, ...(phase !== 'apply' && { warn }) };
    return {
      bucket,
      region,
      list: () => this.#progress.during(listener, () => keys.list()),
      create: () => keys.create(),
      delete: (accessKeyId) => keys.delete(accessKeyId),
    };
  }
}

/** Tells a place from others, in a word that says nothing of it: a program's arguments may be anything. */
export function placeOf({ destination, given }: DestinationChoice): string {
  return createHash('sha256')
    .update(JSON.stringify([destination.name, given]))
    .digest('hex');
}

function canBeRead<D extends Partial<ReadBack>>(destination: D): destination is D & ReadBack {
  return destination.readBack !== undefined;
}

export const systemClock: Clock = {
  elapsed: () => performance.now(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) {
        resolve();
        return;
      }
      const wake = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const timer = setTimeout(wake, milliseconds);
      signal?.addEventListener('abort', wake, { once: true });
    }),
};
