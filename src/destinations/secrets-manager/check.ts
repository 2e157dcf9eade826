import { problemOfKmsKey } from '../../aws/kms-key.js';
import { DestinationError } from '../../lifecycle/destination.js';
import { noSuchSecret, scheduledForDeletion } from './refusal.js';
import type { SecretApi } from './secret-api.js';

/**
 * What can be known without a change. That the KMS key does not permit this run to use it shows when the journal is
 * read, which a plan does wherever there is one; a secret without any version tells it by the first write, which is
 * before any key is made.
 */
export async function assertWritable(api: SecretApi): Promise<void> {
  const { secretId } = api;
  const region = await api.region();
  const secret = await api.describe();
  if (!secret) throw new DestinationError(...noSuchSecret({ secretId, region }));
  if (secret.isScheduledForDeletion) {
    throw new DestinationError(...scheduledForDeletion({ secretId, region }));
  }
  if (secret.primaryRegion !== null && secret.primaryRegion !== region) {
    throw new DestinationError(
      `Secret ${secretId} in ${region} is a replica, which cannot be written; its primary is in ${secret.primaryRegion}.`,
      'Choose the primary, or promote the replica to a secret of its own.',
    );
  }
  if (secret.owner !== null) {
    throw new DestinationError(
      `Secret ${secretId} is managed by the service ${secret.owner}.`,
      'Choose a secret of your own.',
    );
  }
  if (secret.isRotatedByLambda) {
    throw new DestinationError(
      `Secret ${secretId} is rotated by a Lambda function, which would put other values in the pair's place.`,
      `Turn that off (aws secretsmanager cancel-rotate-secret --region ${region} --secret-id ${secretId}): the rotation of the key is this provider's. Or choose another secret.`,
    );
  }
  const problem =
    secret.kmsKeyId === null ? null : await problemOfKmsKey(api.access, secret.kmsKeyId, 'secretsmanager');
  if (problem) {
    throw new DestinationError(
      `Secret ${secretId} in ${region} is encrypted with KMS key ${secret.kmsKeyId ?? ''}, which ${problem.what}.`,
      problem.remedy,
    );
  }
}
