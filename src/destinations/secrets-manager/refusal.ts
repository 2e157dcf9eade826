import { isNativeError } from 'node:util/types';
import { DestinationError } from '../../lifecycle/destination.js';
import { JOURNAL } from './version-ids.js';

export type Action = 'DescribeSecret' | 'GetSecretValue' | 'PutSecretValue' | 'UpdateSecretVersionStage';

export interface Call {
  readonly action: Action;
  readonly secretId: string;
  readonly region: string;
}

/** Secrets Manager said no, in words; `code` is the name of its error. */
export class Refusal extends DestinationError {
  constructor(
    readonly code: string,
    [message, remedy]: Words,
  ) {
    super(message, remedy);
  }
}

type Words = readonly [message: string, remedy: string];

interface SdkError {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly $fault?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
}

export function isRefusal(error: unknown, ...codes: string[]): boolean {
  return error instanceof Refusal && codes.includes(error.code);
}

/**
 * An answer that cannot be parsed is quoted by the error's message, and the refusal of a value may quote the value:
 * so of an error's text nothing is shown but AWS's word on permissions and the SDK's on missing credentials.
 */
export function refused(thrown: unknown, call: Call): DestinationError {
  if (thrown instanceof DestinationError) return thrown;
  const error: SdkError = isNativeError(thrown) ? thrown : { name: 'UnknownError', message: '' };
  const isAnswer = error.$fault !== undefined && error.$metadata?.httpStatusCode !== undefined;
  return new Refusal(error.name, isAnswer ? answered(error, call) : unanswered(error, call));
}

function answered(error: SdkError, call: Call): Words {
  const { action, secretId, region } = call;
  switch (error.name) {
    case 'ResourceNotFoundException':
      return noSuchSecret(call);
    case 'AccessDeniedException':
      return /\bkms\b/i.test(error.message) ? kmsRefuses(error, call) : notAllowed(error, call);
    case 'EncryptionFailure':
    case 'DecryptionFailure':
      return kmsRefuses(error, call);
    case 'InvalidRequestException':
      return /delet/i.test(error.message) ? scheduledForDeletion(call) : unexpected(error, call);
    case 'LimitExceededException':
      return [
        `Secret ${secretId} in ${region} has reached a quota (${about(error)}).`,
        'AWS keeps every version of the last 24 hours, and about 100 in all: wait until the older ones are gone.',
      ];
    case 'ThrottlingException':
    case 'Throttling':
    case 'TooManyRequestsException':
    case 'RequestLimitExceeded':
      return [
        `Secrets Manager throttled ${action} on secret ${secretId} until the last attempt (${about(error)}).`,
        'Apply again in some minutes; max_attempts in the provider block allows more attempts.',
      ];
    case 'UnrecognizedClientException':
    case 'ExpiredTokenException':
    case 'InvalidSignatureException':
    case 'IncompleteSignature':
      return [
        `Secrets Manager does not accept the credentials of this run (${about(error)}).`,
        'Renew them, or choose others in the provider block.',
      ];
    default:
      return unexpected(error, call);
  }
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

function notAllowed(error: SdkError, { action, secretId }: Call): Words {
  const limited =
    action === 'GetSecretValue'
      ? ` It may be limited to the journal (condition secretsmanager:VersionStage = ${JOURNAL}), which holds no secret.`
      : '';
  return [
    `This run may not call secretsmanager:${action} on secret ${secretId}: ${error.message}`,
    `Allow secretsmanager:${action} on that secret.${limited} The command "lightsail-access-key policy" prints all that is needed.`,
  ];
}

function kmsRefuses(error: SdkError, { action, secretId }: Call): Words {
  return [
    `The KMS key of secret ${secretId} refuses ${action} (${about(error)}).`,
    'See that the key is enabled, and allow kms:GenerateDataKey and kms:Decrypt on it to this run, in its IAM policy and in the key policy.',
  ];
}

function unexpected(error: SdkError, { action, secretId, region }: Call): Words {
  return [
    `${action} on secret ${secretId} in ${region} failed with ${about(error)}.`,
    'Apply again; if it stays, look the request up in CloudTrail.',
  ];
}

function unanswered(error: SdkError, { action, region }: Call): Words {
  if (error.name === 'CredentialsProviderError') {
    return [
      `There are no credentials for Secrets Manager: ${error.message}`,
      'Give some as for the AWS provider.',
    ];
  }
  return [
    `Secrets Manager in ${region} gave no answer to ${action} that could be used (${error.code ?? error.name}).`,
    'See that its endpoint can be reached from here, then apply again.',
  ];
}

function about({ name, $metadata }: SdkError): string {
  const request = $metadata?.requestId;
  return request ? `${name}, request ${request}` : name;
}
