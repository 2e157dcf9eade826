import type { KeyPair } from '../lifecycle/access-key.js';
import type { Acceptance, S3Check } from '../lifecycle/ports.js';
import { setTimeout as sleep } from 'node:timers/promises';
import { asSdkError } from '../aws/sdk-error.js';
import type { SdkError } from '../aws/sdk-error.js';
import { within } from '../aws/time-limit.js';
import { describe, isNeverSent } from './api-error.js';
import type { Connection } from './connection.js';
import { Dispatch } from './dispatch.js';

/** S3 does not know the key yet: new keys take seconds to spread. */
const NOT_KNOWN_YET = new Set(['InvalidAccessKeyId', 'SignatureDoesNotMatch', 'InvalidClientTokenId']);
/** The signature was accepted, whatever the key may do: proof enough. */
const KNOWN = new Set(['AccessDenied', 'NoSuchBucket', 'AllAccessDisabled']);

/** Before a request is made again whose answer was lost on the way. One loss is an accident, three are a network. */
const PAUSES = [200, 600];

type Client = Awaited<ReturnType<Connection['s3']>>;

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
        return await this.#tryAgain(s3, pair.bucket);
      } finally {
        s3.client.destroy();
      }
    } catch (thrown) {
      return judged(asSdkError(thrown));
    }
  }

  async #tryAgain(s3: Client, bucket: string): Promise<Acceptance> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#tryOnce(s3, bucket);
      } catch (thrown) {
        const error = asSdkError(thrown);
        if (this.signal?.aborted) return { state: 'not-yet', reason: describe('ListObjectsV2', error) };
        const pause = PAUSES[attempt];
        if (pause === undefined || !isLost(error)) return judged(error);
        await sleep(pause, undefined, { signal: this.signal }).catch(() => undefined);
      }
    }
  }

  async #tryOnce({ client, sdk }: Client, bucket: string): Promise<Acceptance> {
    const command = new sdk.ListObjectsV2Command({ Bucket: bucket, MaxKeys: 1 });
    const limit = { milliseconds: this.connection.limits.call, signal: this.signal };
    const dispatch = new Dispatch();
    command.middlewareStack.add(dispatch.watch, { step: 'deserialize', priority: 'low' });
    const { Name } = await within('ListObjectsV2', limit, (abortSignal) =>
      client.send(command, { abortSignal }),
    ).catch((thrown: unknown) => {
      // What failed on the way, before the SDK put it into words of its own.
      throw dispatch.failure && isTransport(dispatch.failure) ? dispatch.failure : thrown;
    });
    // A network's sign-in page is a 200 as well.
    return Name === bucket
      ? { state: 'accepted' }
      : { state: 'unreachable', reason: 'ListObjectsV2 was answered by something that is not S3.' };
  }
}

function judged(error: SdkError): Acceptance {
  if (KNOWN.has(error.name)) return { state: 'accepted' };
  const reason = describe('ListObjectsV2', error);
  const status = error.$metadata?.httpStatusCode ?? 0;
  return { state: NOT_KNOWN_YET.has(error.name) || status >= 500 ? 'not-yet' : 'unreachable', reason };
}

/** Sent, for all that is known, and without a whole answer. A connection that never stood is a network without S3. */
function isLost(error: SdkError): boolean {
  return (
    isTransport(error) && !isNeverSent(error) && !error.message.includes('did not establish a connection')
  );
}

/** Neither S3 nor the SDK says so: the way to S3 does. */
function isTransport(error: SdkError): boolean {
  return error.$fault === undefined;
}
