import { NoAnswer } from '../aws/no-answer.js';
import { asSdkError } from '../aws/sdk-error.js';
import { within } from '../aws/time-limit.js';
import { NoList } from '../lifecycle/ports.js';
import { describe } from './api-error.js';
import type { Connection } from './connection.js';
import { insistOnList, ListAnswer } from './list-answer.js';
import { Pace } from './pace.js';
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
        buckets: buckets.map(({ name = '', arn }) => ({ name, accountId: accountOf(arn) })),
        next: nextPageToken ?? null,
      };
    } catch (thrown) {
      if (thrown instanceof NoList || thrown instanceof NoAnswer) throw thrown;
      const error = asSdkError(thrown);
      throw new NoAnswer(describe('GetBuckets', error, this.connection), repeatOf(error));
    }
  }
}

function accountOf(arn = ''): string | null {
  return /^arn:[^:]+:lightsail:[^:]*:(\d{12}):/.exec(arn)?.[1] ?? null;
}
