import type { AccessKey as BucketAccessKey, Operation } from '@aws-sdk/client-lightsail';
import type { Limit } from '../aws/no-answer.js';
import { NoAnswer, within } from '../aws/no-answer.js';
import { asSdkError, isAnswered, isThrottled, isUndecided } from '../aws/sdk-error.js';
import type { AccessKey } from '../lifecycle/access-key.js';
import { NOT_REPORTED, UNKNOWN_STATUS } from '../lifecycle/access-key.js';
import type { BucketKeys, CreateOutcome, Listing } from '../lifecycle/ports.js';
import { BucketNotFound, NoList, NotReady } from '../lifecycle/ports.js';
import { Secret } from '../secret/secret.js';
import { describe, Dispatch, isGone, isNotReady, repeatOf } from './api-error.js';
import type { Connection } from './connection.js';
import { insistOnList, ListAnswer } from './list-answer.js';
import { Pace } from './pace.js';

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
      if (dispatch.sent && (!isAnswered(error) || isUndecided(error))) return { outcome: 'unknown', reason };
      return {
        outcome: 'refused',
        reason,
        throttled: isThrottled(error),
        ...(isNotReady(error) && { isNotReady: true }),
      };
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
      if (isGone(error)) return;
      const said = describe('DeleteBucketAccessKey', error, this.connection);
      throw isNotReady(error) ? new NotReady(said) : new NoAnswer(said);
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

interface BucketOfAccount {
  readonly name: string;
  /** Whose it is, by its ARN; null where that does not tell. */
  readonly accountId: string | null;
}

export interface BucketPage {
  readonly buckets: readonly BucketOfAccount[];
  /** Null on the last page. */
  readonly next: string | null;
}

/** The buckets of the account in the connection's region. */
export class LightsailBuckets {
  constructor(
    private readonly connection: Connection,
    private readonly pace = new Pace({ attempts: connection.attempts }),
  ) {}

  /** https://docs.aws.amazon.com/lightsail/2016-11-28/api-reference/API_GetBuckets.html */
  page(token: string | null): Promise<BucketPage> {
    const limit = { milliseconds: this.connection.totalLimit };
    const ask = () => within('GetBuckets', limit, (abortSignal) => this.#page(token, abortSignal));
    return insistOnList(ask, this.pace);
  }

  async #page(token: string | null, abortSignal: AbortSignal): Promise<BucketPage> {
    const { GetBucketsCommand } = await this.connection.sdk();
    const client = await this.connection.readingClient();
    try {
      const command = new GetBucketsCommand(token === null ? {} : { pageToken: token });
      const answer = new ListAnswer('GetBuckets', 'buckets', 'name');
      command.middlewareStack.add(answer.watch, { step: 'deserialize', priority: 'low' });
      const { buckets = [], nextPageToken } = await client.send(command, { abortSignal });
      return {
        buckets: buckets.map(({ name = '', arn }) => ({ name, accountId: accountIn(arn) })),
        // An empty token is none, and would ask for the first page again.
        next: nextPageToken === '' ? null : (nextPageToken ?? null),
      };
    } catch (thrown) {
      if (thrown instanceof NoList || thrown instanceof NoAnswer) throw thrown;
      const error = asSdkError(thrown);
      throw new NoAnswer(describe('GetBuckets', error, this.connection), repeatOf(error));
    }
  }
}

/** A listed key in our terms; what the answer leaves out is not made up. */
function toAccessKey(key: BucketAccessKey): AccessKey {
  return {
    id: key.accessKeyId ?? '',
    status: statusIn(key),
    createdAt: instantIn(key.createdAt),
    lastUse: lastUseIn(key.lastUsed),
  };
}

/** An answer may lack what the SDK's types promise. */
function statusIn({ status }: { readonly status?: unknown }): string {
  return typeof status === 'string' && status !== '' ? status : UNKNOWN_STATUS;
}

/** A key in the answer that made it, which says nothing of its use. */
function toNewKey(key: BucketAccessKey): AccessKey {
  return { ...toAccessKey(key), lastUse: null };
}

/** A key that was never used has no date, and `N/A` as its region and service. */
function lastUseIn(lastUsed: BucketAccessKey['lastUsed']): AccessKey['lastUse'] {
  const { lastUsedDate, region = '', serviceName = '' } = lastUsed ?? {};
  const date = instantIn(lastUsedDate);
  if (date) return { date, region, serviceName };
  return region === NEVER && serviceName === NEVER ? null : NOT_REPORTED;
}

const NEVER = 'N/A';

/** Lightsail has no key of 1970: that is how a missing time comes out of a program. */
function instantIn(date: Date | undefined): Date | null {
  return date instanceof Date && date.getTime() > 0 ? date : null;
}

/** Why an accepted call failed after all, by the operations in its answer; null where none says so. */
function failureIn(call: string, operations: readonly Operation[] = []): string | null {
  const failed = operations.find(({ status }) => status === 'Failed');
  if (!failed) return null;
  const code = failed.errorCode ? ` with ${failed.errorCode}` : '';
  return `${call} was accepted, and its operation has failed${code}.`;
}

function accountIn(arn = ''): string | null {
  return /^arn:[^:]+:lightsail:[^:]*:(\d{12}):/.exec(arn)?.[1] ?? null;
}
