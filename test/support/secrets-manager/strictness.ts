import { versionWith } from './backend.js';
import type { KmsKeys } from '../kms.js';
import type { Backend, Body, Described } from './backend.js';
import { invalidParameter, invalidRequest, limitExceeded, notFound, ServiceError } from './service-error.js';

/**
 * Secrets Manager as its API reference describes it, where moto is more lenient or does something else:
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/
 */
export async function answer(backend: Backend, kms: KmsKeys, action: string, body: Body): Promise<Body> {
  switch (action) {
    case 'DescribeSecret':
      return withoutDeprecated(await backend.describe(body.SecretId));
    case 'GetSecretValue':
      await assertKmsKey(kms, await backend.describe(body.SecretId), 'DecryptionFailure');
      // moto's idea of the current version does not follow its label.
      return backend.call(
        action,
        body.VersionId || body.VersionStage ? body : { ...body, VersionStage: 'AWSCURRENT' },
      );
    case 'PutSecretValue':
      return put(backend, kms, body);
    case 'UpdateSecretVersionStage':
      return moveLabel(backend, body);
    default:
      return backend.call(action, body);
  }
}

const LARGEST_VALUE = 65_536;
const MOST_VERSIONS = 100;
const MOST_LABELS = 20;

async function put(backend: Backend, kms: KmsKeys, body: Body): Promise<Body> {
  const { SecretId, ClientRequestToken: token, SecretString: text } = body as Record<string, string>;
  const labels = (body.VersionStages ?? ['AWSCURRENT']) as readonly string[];
  if (!token || token.length < 32 || token.length > 64)
    throw invalidParameter('The token has 32 to 64 characters.');
  if (Buffer.byteLength(text ?? '') > LARGEST_VALUE) throw invalidParameter('The value is too long.');
  const secret = await writable(backend, SecretId);
  await assertKmsKey(kms, secret, 'EncryptionFailure');
  const versions = secret.VersionIdsToStages ?? {};
  const present = versions[token];
  if (present) {
    if ((await backend.valueOf(SecretId, token)) !== text) {
      throw new ServiceError(
        'ResourceExistsException',
        `The token ${token} is already in use for a version.`,
      );
    }
    return { ARN: secret.ARN, VersionId: token, VersionStages: present };
  }
  if (Object.keys(versions).length >= MOST_VERSIONS) throw limitExceeded('Too many versions.');
  if (labels.length > MOST_LABELS) throw limitExceeded('Too many labels.');
  const current = versionWith(secret, 'AWSCURRENT');
  if (!labels.includes('AWSCURRENT') || current === null) return backend.call('PutSecretValue', body);

  // moto moves AWSCURRENT from where it last saw it, which is not always where it is.
  const others = labels.filter((label) => label !== 'AWSCURRENT');
  await backend.call('PutSecretValue', { ...body, VersionStages: [...others, 'BEING_PUT'] });
  await moveLabel(backend, {
    SecretId,
    VersionStage: 'AWSCURRENT',
    RemoveFromVersionId: current,
    MoveToVersionId: token,
  });
  await moveLabel(backend, { SecretId, VersionStage: 'BEING_PUT', RemoveFromVersionId: token });
  return { ARN: secret.ARN, VersionId: token, VersionStages: labels };
}

async function assertKmsKey(kms: KmsKeys, { KmsKeyId: key }: Described, error: string): Promise<void> {
  const refusal = typeof key === 'string' ? await kms.refusalOf(key) : null;
  if (refusal !== null) throw new ServiceError(error, refusal);
}

async function moveLabel(backend: Backend, body: Body): Promise<Body> {
  const {
    SecretId,
    VersionStage: label = '',
    RemoveFromVersionId: from,
    MoveToVersionId: to,
  } = body as Record<string, string>;
  const secret = await writable(backend, SecretId);
  const versions = secret.VersionIdsToStages ?? {};
  const holder = versionWith(secret, label);
  if (to !== undefined && !versions[to]) throw notFound('that version');
  if (from !== undefined && holder !== from)
    throw invalidParameter(`${label} is not attached to version ${from}.`);
  if (from === undefined && holder !== null && holder !== to) {
    throw invalidParameter(
      `The parameter RemoveFromVersionId can't be empty. ${label} is attached to ${holder}.`,
    );
  }
  if (label === 'AWSCURRENT' && to === undefined) throw invalidParameter('AWSCURRENT can only be moved.');
  if (to !== undefined && (versions[to]?.length ?? 0) >= MOST_LABELS) throw limitExceeded('Too many labels.');
  return backend.call('UpdateSecretVersionStage', body);
}

async function writable(backend: Backend, secretId: unknown): Promise<Described> {
  const secret = await backend.describe(secretId);
  if (secret.DeletedDate) {
    throw invalidRequest(
      "You can't perform this operation on the secret because it was marked for deletion.",
    );
  }
  return secret;
}

function withoutDeprecated(secret: Described): Described {
  const { VersionIdsToStages: versions, ...rest } = secret;
  const labelled = Object.entries(versions ?? {}).filter(([, labels]) => labels.length > 0);
  return labelled.length === 0 ? rest : { ...rest, VersionIdsToStages: Object.fromEntries(labelled) };
}
