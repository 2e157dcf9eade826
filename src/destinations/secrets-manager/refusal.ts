import type { SdkError } from '../../aws/sdk-error.js';
import type { DestinationError } from '../../lifecycle/destination.js';
import { about, refused as refusedBy, sentence } from '../aws-refusal.js';
import type { Words } from '../aws-refusal.js';
import { CURRENT, JOURNAL } from './version-ids.js';

export { isRefusal } from '../aws-refusal.js';

export type Action = 'DescribeSecret' | 'GetSecretValue' | 'PutSecretValue' | 'UpdateSecretVersionStage';

export interface Call {
  readonly action: Action;
  readonly secretId: string;
  readonly region: string;
  /** Of a read: the label of the version. */
  readonly label?: string;
}

/** What Secrets Manager, or the way to it, has thrown, in words. */
export function refused(thrown: unknown, call: Call): DestinationError {
  const { action, secretId, region, label } = call;
  return refusedBy(
    thrown,
    {
      service: 'Secrets Manager',
      right: `secretsmanager:${action}`,
      action,
      place: `secret ${secretId}`,
      region,
      kmsRights: label === CURRENT ? 'kms:Decrypt' : 'kms:GenerateDataKey and kms:Decrypt',
      ...(action === 'GetSecretValue' && {
        limit: `It may be limited to the journal (condition secretsmanager:VersionStage = ${JOURNAL}), which holds no secret.`,
      }),
    },
    (error) => answered(error, call),
  );
}

function answered(error: SdkError, call: Call): Words | null {
  const { secretId, region, label } = call;
  switch (error.name) {
    case 'ResourceNotFoundException':
      return noSuchSecret(call);
    case 'InvalidRequestException':
      return /delet/i.test(error.message) ? scheduledForDeletion(call) : null;
    case 'AccessDeniedException':
      return label === CURRENT
        ? [
            `This run may not read the live secret ${secretId}: ${sentence(error.message)}`,
            'Allow secretsmanager:GetSecretValue on that secret, for all versions or for AWSCURRENT (condition secretsmanager:VersionStage). Making keys does not need it, so the command "lightsail-access-key policy" does not print it.',
          ]
        : isUnknownName(error, secretId)
          ? noSuchName(error, call)
          : null;
    case 'LimitExceededException':
      return [
        `Secret ${secretId} in ${region} has reached a quota (${about(error)}).`,
        'AWS keeps every version of the last 24 hours, and about 100 in all: wait until the older ones are gone.',
      ];
    default:
      return null;
  }
}

/** IAM is asked about the ARN of a secret that is there; of any other there is only what the call says. */
function isUnknownName({ message }: SdkError, secretId: string): boolean {
  return !secretId.startsWith('arn:') && message.includes(`on resource: ${secretId} `);
}

/** A policy that is limited to the ARN of a secret says nothing about one that is not there, so AWS denies it. */
function noSuchName(error: SdkError, call: Call): Words {
  const [, remedy] = noSuchSecret(call);
  return [
    `There is most likely no secret ${call.secretId} in ${call.region}: AWS refuses secretsmanager:${call.action} for the bare name, and would name the ARN of a secret that is there (${sentence(error.message)})`,
    `${remedy} Where it is there, allow secretsmanager:${call.action} on its ARN; the command "lightsail-access-key policy" prints all that is needed.`,
  ];
}

export function noSuchSecret({ secretId, region }: Omit<Call, 'action'>): Words {
  return [
    `There is no secret ${secretId} in ${region}.`,
    'Make it first: this provider makes none. Where the same configuration makes it, refer to its attribute ' +
      '(secret_id = aws_secretsmanager_secret.NAME.id), so that Terraform makes it before the key.',
  ];
}

export function scheduledForDeletion({ secretId, region }: Omit<Call, 'action'>): Words {
  return [
    `Secret ${secretId} in ${region} is scheduled for deletion, so nobody can read or write it.`,
    `Restore it (aws secretsmanager restore-secret --region ${region} --secret-id ${secretId}), or choose another.`,
  ];
}
