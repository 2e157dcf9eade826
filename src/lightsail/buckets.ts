import { NoAnswer } from '../aws/no-answer.js';
import { asSdkError } from '../aws/sdk-error.js';
import { within } from '../aws/time-limit.js';
import { describe } from './api-error.js';
import type { Connection } from './connection.js';
import { repeatOf } from './repeat.js';

export interface BucketOfAccount {
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
  constructor(private readonly connection: Connection) {}

  /** https://docs.aws.amazon.com/lightsail/2016-11-28/api-reference/API_GetBuckets.html */
  page(token: string | null): Promise<BucketPage> {
    const limit = { milliseconds: this.connection.totalLimit };
    return within('GetBuckets', limit, (abortSignal) => this.#page(token, abortSignal));
  }

  async #page(token: string | null, abortSignal: AbortSignal): Promise<BucketPage> {
    const { GetBucketsCommand } = await this.connection.sdk();
    const client = await this.connection.readingClient();
    try {
      const command = new GetBucketsCommand(token === null ? {} : { pageToken: token });
      const { buckets = [], nextPageToken } = await client.send(command, { abortSignal });
      return {
        buckets: buckets.map(({ name = '', arn }) => ({ name, accountId: accountOf(arn) })),
        next: nextPageToken ?? null,
      };
    } catch (thrown) {
      const error = asSdkError(thrown);
      throw new NoAnswer(describe('GetBuckets', error, this.connection), repeatOf(error));
    }
  }
}

function accountOf(arn = ''): string | null {
  return /^arn:[^:]+:lightsail:[^:]*:(\d{12}):/.exec(arn)?.[1] ?? null;
}
