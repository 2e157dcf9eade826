import type { BucketAccessKey } from './api-shapes.js';
import { failureIn, toAccessKey, toNewKey } from './api-shapes.js';
import { NoAnswer } from '../aws/no-answer.js';
import { asSdkError, isAnswered, isThrottled } from '../aws/sdk-error.js';
import { within } from '../aws/time-limit.js';
import type { Limit } from '../aws/time-limit.js';
import { describe, isGone } from './api-error.js';
import type { Connection } from './connection.js';
import { Dispatch } from './dispatch.js';
import { insistOnList, ListAnswer } from './list-answer.js';
import { Pace } from './pace.js';
import { repeatOf } from './repeat.js';
import { Secret } from '../secret/secret.js';
import { BucketNotFound, NoList } from '../lifecycle/ports.js';
import type { BucketKeys, CreateOutcome, Listing } from '../lifecycle/ports.js';

/** The access keys of one bucket through the Lightsail API. */
export class LightsailBucketKeys implements BucketKeys {
  constructor(
    private readonly connection: Connection,
    readonly bucket: string,
    readonly region: string,
    /** Told of every secret as soon as it exists, so that nothing can print it. */
    private readonly onSecret: (secret: Secret) => void,
    /** Terraform's stop: ends a list under way. What changes keys is finished, so that its outcome is known. */
    private readonly signal?: AbortSignal,
    /** Shared by all who call the same region. */
    private readonly pace = new Pace({ attempts: connection.attempts }),
  ) {}

  /** https://docs.aws.amazon.com/lightsail/2016-11-28/api-reference/API_GetBucketAccessKeys.html */
  async list(): Promise<Listing> {
    const list = (limit: Limit) => within('GetBucketAccessKeys', limit, (signal) => this.#list(signal));
    const { connect, call } = this.connection.limits;
    // A list after the stop is for clearing up: it may be made, and not take long.
    if (this.signal?.aborted) return list({ milliseconds: connect });
    const ask = () => this.pace.run(() => list({ milliseconds: call, signal: this.signal }), this.signal);
    return insistOnList(ask, this.pace, this.signal);
  }

  async #list(abortSignal: AbortSignal): Promise<Listing> {
    const { GetBucketAccessKeysCommand } = await this.connection.sdk();
    const client = await this.connection.readingClient();
    const command = new GetBucketAccessKeysCommand({ bucketName: this.bucket });
    const answer = new ListAnswer('GetBucketAccessKeys', 'accessKeys', 'accessKeyId');
    command.middlewareStack.add(answer.watch, { step: 'deserialize', priority: 'low' });
    try {
      const { accessKeys = [] } = await client.send(command, { abortSignal });
      return { keys: accessKeys.map((key) => toAccessKey(key)), ...answer.time };
    } catch (thrown) {
      if (thrown instanceof NoList || thrown instanceof NoAnswer) throw thrown;
      const error = asSdkError(thrown);
      const said = describe('GetBucketAccessKeys', error, this.connection);
      throw isGone(error) ? new BucketNotFound(said) : new NoAnswer(said, repeatOf(error));
    }
  }

  /** https://docs.aws.amazon.com/lightsail/2016-11-28/api-reference/API_CreateBucketAccessKey.html */
  async create(): Promise<CreateOutcome> {
    const dispatch = new Dispatch();
    try {
      const { CreateBucketAccessKeyCommand } = await this.connection.sdk();
      const client = await this.connection.onceClient();
      const command = new CreateBucketAccessKeyCommand({ bucketName: this.bucket });
      command.middlewareStack.add(dispatch.watch, { step: 'deserialize', priority: 'low' });
      const { accessKey, operations } = await client.send(command, {
        abortSignal: AbortSignal.timeout(this.connection.limits.call),
      });
      return this.#created(accessKey, failureIn('CreateBucketAccessKey', operations));
    } catch (thrown) {
      const error = asSdkError(thrown);
      const reason = describe('CreateBucketAccessKey', dispatch.failure ?? error, {
        sent: dispatch.sent,
        profile: this.connection.profile,
      });
      return isAnswered(error) || !dispatch.sent
        ? { outcome: 'refused', reason, throttled: isThrottled(error) }
        : { outcome: 'unknown', reason };
    }
  }

  /** https://docs.aws.amazon.com/lightsail/2016-11-28/api-reference/API_DeleteBucketAccessKey.html */
  async delete(accessKeyId: string): Promise<void> {
    const limit = { milliseconds: this.connection.totalLimit };
    await within('DeleteBucketAccessKey', limit, (abortSignal) => this.#delete(accessKeyId, abortSignal));
  }

  async #delete(accessKeyId: string, abortSignal: AbortSignal): Promise<void> {
    const { DeleteBucketAccessKeyCommand } = await this.connection.sdk();
    const client = await this.connection.patientClient();
    try {
      const command = new DeleteBucketAccessKeyCommand({ bucketName: this.bucket, accessKeyId });
      const { operations } = await client.send(command, { abortSignal });
      const failure = failureIn('DeleteBucketAccessKey', operations);
      if (failure !== null) throw new NoAnswer(failure);
    } catch (thrown) {
      const error = asSdkError(thrown);
      if (!isGone(error)) throw new NoAnswer(describe('DeleteBucketAccessKey', error, this.connection));
    }
  }

  #created(key: BucketAccessKey | undefined, failure: string | null): CreateOutcome {
    if (!key?.accessKeyId || !key.secretAccessKey) {
      return { outcome: 'unknown', reason: 'CreateBucketAccessKey was answered without a whole key pair.' };
    }
    const secret = new Secret(key.secretAccessKey);
    this.onSecret(secret);
    return { outcome: 'created', key: toNewKey(key), secret, ...(failure !== null && { failure }) };
  }
}
