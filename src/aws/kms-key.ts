import type { AwsAccess, AwsService } from './access.js';
import { within } from './no-answer.js';
import { asSdkError, isAnswered } from './sdk-error.js';

/** In milliseconds. It is asked for an earlier and better word only, so nobody waits long for it. */
const LIMIT = 5000;

/** Why a KMS key certainly cannot be used, and what helps. */
export interface KmsProblem {
  /** Follows "which": `is disabled`. */
  readonly what: string;
  readonly remedy: string;
}

const UNUSABLE: Readonly<Record<string, string>> = {
  Disabled: 'is disabled',
  PendingDeletion: 'is going to be deleted',
  PendingReplicaDeletion: 'is going to be deleted',
  PendingImport: 'has no imported key material yet',
  Unavailable: 'is unavailable, as its key store is disconnected',
};
const HELP: Readonly<Record<string, string>> = {
  Disabled: 'Enable it (aws kms enable-key), or choose another key.',
  PendingDeletion: 'Keep it (aws kms cancel-key-deletion, then enable-key), or choose another key.',
};
const ANOTHER = 'Choose another key.';

/**
 * What KMS itself tells of a key before a store uses it. Null where nothing speaks against it, and where nobody can
 * tell: no right to ask, no way to KMS, or a store at an address of the author's own, whose keys AWS does not know.
 * (A trial encryption would tell less: a key may be for use through its store alone.)
 */
export async function problemOfKmsKey(
  access: AwsAccess,
  keyId: string,
  store: AwsService,
): Promise<KmsProblem | null> {
  // AWS's own keys are there when they are needed.
  if (/(^|:)alias\/aws\//.test(keyId)) return null;
  const region = await access.region();
  const elsewhere = /^arn:[^:]+:kms:([^:]+):/.exec(keyId)?.[1];
  if (elsewhere !== undefined && elsewhere !== region) {
    return { what: `is in ${elsewhere} and not in ${region}`, remedy: `Choose a key of ${region}.` };
  }
  try {
    return await within('DescribeKey', { milliseconds: LIMIT }, (abortSignal) =>
      describe(access, keyId, store, abortSignal),
    );
  } catch (thrown) {
    const error = asSdkError(thrown);
    return error.name === 'NotFoundException' && isAnswered(error)
      ? {
          what: `does not exist in ${region}`,
          remedy:
            'Correct it. Where the same configuration makes the key, refer to its attribute (aws_kms_key.NAME.arn), so that Terraform makes it first.',
        }
      : null;
  }
}

async function describe(
  access: AwsAccess,
  keyId: string,
  store: AwsService,
  abortSignal: AbortSignal,
): Promise<KmsProblem | null> {
  const [ofStore, options] = await Promise.all([
    access.clientOptions(store, 1),
    access.clientOptions('kms', 1),
  ]);
  const { AWS_ENDPOINT_URL_KMS: own, AWS_ENDPOINT_URL: all } = process.env;
  if (ofStore.endpoint && !(options.endpoint ?? own ?? all)) return null;
  const { DescribeKeyCommand, KMSClient } = await import('./kms-sdk.js');
  const client = new KMSClient(options);
  try {
    const { KeyMetadata: key } = await client.send(new DescribeKeyCommand({ KeyId: keyId }), { abortSignal });
    const { KeyState: state = '', KeySpec: spec = 'SYMMETRIC_DEFAULT' } = key ?? {};
    const what = UNUSABLE[state];
    if (what !== undefined) return { what, remedy: HELP[state] ?? ANOTHER };
    return spec === 'SYMMETRIC_DEFAULT' ? null : { what: `is no symmetric key (${spec})`, remedy: ANOTHER };
  } finally {
    client.destroy();
  }
}
