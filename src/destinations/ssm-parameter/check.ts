import { problemOfKmsKey } from '../../aws/kms-key.js';
import { DestinationError } from '../../lifecycle/destination.js';
import type { ParameterOptions } from './pair-request.js';
import type { ParameterApi } from './parameter-api.js';

/** What can be known without a change: AWS tells whether a write is allowed, and its key may be used, by the write. */
export async function assertWritable(api: ParameterApi, options: ParameterOptions): Promise<void> {
  const { name, tier, kmsKeyId } = options;
  const parameter = await api.describe(name);
  if (parameter && parameter.type !== 'SecureString') {
    throw new DestinationError(
      `SSM parameter ${name} is a ${parameter.type}, not a SecureString: whoever reads it would have the secret in clear, and AWS never changes the type.`,
      'Delete it, or choose another name.',
    );
  }
  if (parameter?.tier === 'Advanced' && tier === 'Standard') {
    throw new DestinationError(
      `SSM parameter ${name} is of the tier Advanced, and AWS takes no way back to Standard.`,
      'Leave tier out, or choose another name.',
    );
  }
  const problem = kmsKeyId === undefined ? null : await problemOfKmsKey(api.access, kmsKeyId, 'ssm');
  if (problem) {
    throw new DestinationError(
      `SSM parameter ${name} is to be encrypted with KMS key ${kmsKeyId ?? ''}, which ${problem.what}.`,
      problem.remedy,
    );
  }
}
