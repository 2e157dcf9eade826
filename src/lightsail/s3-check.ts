import type { HttpRequest, HttpResponse } from '@smithy/types';
import type { KeyPair } from '../lifecycle/access-key.js';
import type { Acceptance, S3Check } from '../lifecycle/ports.js';
import { asSdkError } from '../aws/sdk-error.js';
import type { SdkError } from '../aws/sdk-error.js';
import { within } from '../aws/time-limit.js';
import { describe } from './api-error.js';
import type { Connection } from './connection.js';
import { Dispatch } from './dispatch.js';
import { judgeAnswer } from './s3-answer.js';
import type { WireAnswer } from './s3-answer.js';

/** Of one object's entry and what stands around it, in bytes. */
const LONGEST_ANSWER = 65_536;

type Client = Awaited<ReturnType<Connection['s3']>>;
interface Step {
  readonly request: unknown;
}
interface Stepped {
  readonly response: unknown;
}

/**
 * Tries a pair with `ListObjectsV2`: a GET, since the answer to a HEAD has no body that tells a key which is not
 * known from one that may not list. It sets the key's `lastUsed`.
 */
export class SignedRequestCheck implements S3Check {
  constructor(
    private readonly connection: Connection,
    /** Terraform's stop. */
    private readonly signal?: AbortSignal,
  ) {}

  async accepts(pair: KeyPair): Promise<Acceptance> {
    const credentials = { accessKeyId: pair.accessKeyId, secretAccessKey: pair.secretAccessKey.reveal() };
    try {
      const s3 = await this.connection.s3(credentials, pair.region);
      try {
        return await this.#tryOnce(s3, pair.bucket);
      } finally {
        s3.client.destroy();
      }
    } catch (thrown) {
      return { state: 'not-yet', reason: describe('ListObjectsV2', asSdkError(thrown)) };
    }
  }

  async #tryOnce({ client, sdk }: Client, bucket: string): Promise<Acceptance> {
    const command = new sdk.ListObjectsV2Command({ Bucket: bucket, MaxKeys: 1 });
    const limit = { milliseconds: this.connection.limits.call, signal: this.signal };
    const dispatch = new Dispatch();
    let answer: WireAnswer | undefined;
    command.middlewareStack.add(
      (next) =>
        dispatch.watch(async (step) => {
          const stepped = await next(step);
          answer = await read(step, stepped);
          return stepped;
        }),
      { step: 'deserialize', priority: 'low' },
    );
    try {
      await within('ListObjectsV2', limit, (abortSignal) => client.send(command, { abortSignal }));
    } catch (thrown) {
      // What failed on the way, before the SDK put it into words of its own.
      if (!answer) throw dispatch.failure && isTransport(dispatch.failure) ? dispatch.failure : thrown;
    }
    return answer
      ? judgeAnswer(answer, bucket)
      : { state: 'not-yet', reason: 'ListObjectsV2 had no answer.' };
  }
}

/** Takes an answer in as it is; the SDK, which would read it after this, gets a copy. */
async function read(step: Step, stepped: Stepped): Promise<WireAnswer> {
  const { hostname, port } = step.request as HttpRequest;
  const response = stepped.response as HttpResponse;
  const body = await bytesOf(response.body as AsyncIterable<Uint8Array>);
  response.body = body;
  return {
    from: port === undefined ? hostname : `${hostname}:${port}`,
    status: response.statusCode,
    headers: response.headers,
    body: body.toString('utf8'),
  };
}

/** No more than an answer of S3 can have: what is cut off is no whole document any more. */
async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of stream) {
    parts.push(part);
    size += part.length;
    if (size > LONGEST_ANSWER) break;
  }
  return Buffer.concat(parts).subarray(0, LONGEST_ANSWER);
}

/** Neither S3 nor the SDK says so: the way to S3 does. */
function isTransport(error: SdkError): boolean {
  return error.$fault === undefined;
}
