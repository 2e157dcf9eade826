import type { DestinationChoice } from '../destinations/destination-choice.js';
import { destinationFor } from '../destinations/destination-for.js';
import type { PairReader } from '../destinations/pair-reader.js';
import { readerFor } from '../destinations/reader-for.js';
import type { ReadableChoice } from '../destinations/reader-for.js';
import type { BucketKeys } from '../lifecycle/ports.js';
import { LightsailBucketKeys } from '../lightsail/bucket-keys.js';
import { Connection } from '../lightsail/connection.js';
import { Pace } from '../lightsail/pace.js';
import { SignedRequestCheck } from '../lightsail/s3-check.js';
import type { Settings } from '../lightsail/settings.js';
import type { Secret } from '../secret/secret.js';
import { systemClock } from './clock.js';
import type { Call, Cloud, Outside } from './cloud.js';
import { ListingProgress } from './listing-progress.js';
import { Listings } from './listings.js';
import { ProcessRuns } from './runs.js';

/** The real one: Lightsail and S3 by the provider's settings, and the destinations that they lead to. */
export class AwsCloud implements Cloud {
  readonly #connection: Connection;
  readonly #runs = new ProcessRuns();
  readonly #pace: Pace;
  readonly #progress: ListingProgress;
  readonly #listings = new Listings();

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
      destination: await destinationFor(choice, { bucket, ...this.#stores }),
      s3: new SignedRequestCheck(this.#connection, signal),
      clock: systemClock,
      runs: this.#runs,
    };
  }

  readerOf(choice: ReadableChoice): Promise<PairReader> {
    return readerFor(choice, this.#stores);
  }

  get #stores() {
    const { learn, settings } = this;
    return { access: this.#connection, vaultAddress: settings.vaultAddress, learn };
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
