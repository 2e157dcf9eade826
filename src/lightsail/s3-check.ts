import type { KeyPair } from '../lifecycle/access-key.js';
import type { Acceptance, S3Check } from '../lifecycle/ports.js';
import { asSdkError, describe } from './api-error.js';
import type { Connection } from './connection.js';

/** S3 does not know the key yet: new keys take seconds to spread. */
const NOT_KNOWN_YET = new Set(['InvalidAccessKeyId', 'SignatureDoesNotMatch', 'InvalidClientTokenId']);
/** The signature was accepted, whatever the key may do: proof enough. */
const KNOWN = new Set(['AccessDenied', 'NoSuchBucket', 'AllAccessDisabled']);

/**
 * Tries a pair with `ListObjectsV2`: a GET, since the answer to a HEAD has no body that tells a key which is not
 * known from one that may not list. It sets the key's `lastUsed`.
 */
export class SignedRequestCheck implements S3Check {
  constructor(private readonly connection: Connection) {}

  async accepts(pair: KeyPair): Promise<Acceptance> {
    const credentials = { accessKeyId: pair.accessKeyId, secretAccessKey: pair.secretAccessKey.reveal() };
    try {
      const { client, sdk } = await this.connection.s3(credentials, pair.region);
      try {
        const { Name } = await client.send(new sdk.ListObjectsV2Command({ Bucket: pair.bucket, MaxKeys: 1 }));
        // A network's sign-in page is a 200 as well.
        return Name === pair.bucket
          ? { state: 'accepted' }
          : { state: 'unreachable', reason: 'ListObjectsV2 was answered by something that is not S3.' };
      } finally {
        client.destroy();
      }
    } catch (thrown) {
      const error = asSdkError(thrown);
      const reason = describe('ListObjectsV2', error);
      if (KNOWN.has(error.name)) return { state: 'accepted' };
      const status = error.$metadata?.httpStatusCode ?? 0;
      return { state: NOT_KNOWN_YET.has(error.name) || status >= 500 ? 'not-yet' : 'unreachable', reason };
    }
  }
}
