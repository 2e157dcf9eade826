import type { AwsAccess } from '../../aws/access.js';
import { DestinationError } from '../../lifecycle/destination.js';
import { foreign, pairIn } from '../pair-reader.js';
import type { DeliveredPair, PairReader } from '../pair-reader.js';
import { isRefusal } from './refusal.js';
import { SecretApi } from './secret-api.js';
import { CURRENT, EMPTY_VERSION, keyOfVersion } from './version-ids.js';

/** The current value of a secret. */
export class SecretsManagerReader implements PairReader {
  readonly title: string;
  readonly waiting = 'secret_id = lightsail_bucket_access_key.NAME.secret_reference';
  readonly #api: SecretApi;

  /** `secretId`: a name, an ARN, or `ARN:::VERSION`, as `secret_reference` has it. */
  constructor(access: AwsAccess, secretId: string) {
    this.#api = new SecretApi(access, secretId.replace(/:::[^:]*$/, ''));
    this.title = `Secrets Manager secret ${this.#api.secretId}`;
  }

  async read(): Promise<DeliveredPair | null> {
    const found = await this.#current();
    if (found === null || found.versionId === EMPTY_VERSION) return null;
    const pair = pairIn(found.text);
    const owner = keyOfVersion(found.versionId);
    if (owner !== null && pair?.accessKeyId === owner) return pair;
    throw foreign(this.title);
  }

  /** Null for a secret that has no value: AWS says the same of one that does not exist. */
  async #current(): Promise<{ readonly versionId: string; readonly text: string } | null> {
    try {
      return await this.#api.read(CURRENT);
    } catch (error) {
      if (!isRefusal(error, 'ResourceNotFoundException')) throw error;
      const secret = await this.#api.describe().catch(() => undefined);
      if (secret) return null;
      throw secret === null ? error : this.#missingOrEmpty();
    }
  }

  /** Whoever may read secrets need not be allowed to describe them. */
  #missingOrEmpty(): DestinationError {
    return new DestinationError(
      `${this.title} does not exist, or has no value yet.`,
      'Make the secret, and apply the key that goes there. With the right to secretsmanager:DescribeSecret it is told which of the two.',
    );
  }
}
