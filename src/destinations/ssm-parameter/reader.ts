import type { AwsAccess } from '../../aws/access.js';
import { foreign, pairIn } from '../pair-reader.js';
import type { DeliveredPair, PairReader } from '../pair-reader.js';
import { ParameterApi } from './parameter-api.js';

/** The value of a parameter, decrypted. */
export class ParameterReader implements PairReader {
  readonly title: string;
  readonly waiting = 'name = lightsail_bucket_access_key.NAME.secret_reference';
  readonly #api: ParameterApi;

  constructor(access: AwsAccess, name: string) {
    this.#api = new ParameterApi(access, name);
    this.title = `SSM parameter ${this.#api.pairName}`;
  }

  async read(): Promise<DeliveredPair | null> {
    const text = await this.#api.value(this.#api.pairName);
    if (text === null) return null;
    const pair = pairIn(text);
    if (pair) return pair;
    throw foreign(this.title);
  }
}
