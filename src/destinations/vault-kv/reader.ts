import { foreign, pairIn } from '../pair-reader.js';
import type { DeliveredPair, PairReader } from '../pair-reader.js';
import { KvApi } from './kv-api.js';
import type { ApiOptions } from './kv-api.js';
import { pairText } from './pair-data.js';
import { Place } from './place.js';
import type { Environment } from './settings.js';

export interface VaultReaderOptions extends ApiOptions {
  readonly mount: string;
  readonly path: string;
}

/** The latest version of a secret. */
export class VaultReader implements PairReader {
  readonly title: string;
  readonly waiting: string;
  readonly #api: KvApi;
  readonly #place: Place;

  constructor(options: VaultReaderOptions, env: Environment = process.env) {
    this.#api = new KvApi(options, env);
    this.#place = new Place(options.mount, options.path);
    const { namespace } = this.#api;
    this.title = `Vault secret ${this.#place.name}${namespace ? ` (namespace ${namespace})` : ''}`;
    const above = new Place(this.#place.mount, '').nameIn(namespace);
    this.waiting = `path = trimprefix(lightsail_bucket_access_key.NAME.secret_reference, "${above}")`;
  }

  async read(): Promise<DeliveredPair | null> {
    this.#place.assertValid();
    const data = (await this.#api.data(this.#place))?.data ?? null;
    if (data === null) return null;
    const pair = pairIn(pairText(data));
    if (pair) return pair;
    throw foreign(this.title);
  }
}
