import { CredentialsProblem, NoAnswer } from '../aws/no-answer.js';
import { asSdkError, isAnswered, isThrottled, unknownHost } from '../aws/sdk-error.js';
import type { SdkError } from '../aws/sdk-error.js';
import { DestinationError } from '../lifecycle/destination.js';

export type Words = readonly [message: string, remedy: string];

/** One call to a store of AWS, as its refusal is told. */
interface AwsCall {
  /** As people call the service: `Secrets Manager`. */
  readonly service: string;
  /** As IAM calls the right: `secretsmanager:PutSecretValue`. */
  readonly right: string;
  readonly action: string;
  /** What is asked about: `secret uploads`. */
  readonly place: string;
  readonly region: string;
  /** What else is to be known about the right. */
  readonly limit?: string;
  /** What the call needs on the KMS key. */
  readonly kmsRights: string;
}

/** A store of AWS said no, or nothing that could be understood; `code` is the name of its error. */
export class Refusal extends DestinationError {
  constructor(
    readonly code: string,
    /** Whether the same call may do better a moment later, or may have been done. */
    readonly mayPass: boolean,
    [message, remedy]: Words,
  ) {
    super(message, remedy);
  }
}

export function isRefusal(error: unknown, ...codes: string[]): boolean {
  return error instanceof Refusal && codes.includes(error.code);
}

/** Others write at the same moment: Parameter Store tells them to come again. */
const IN_TURN = 'TooManyUpdates';

/**
 * An answer that cannot be parsed is quoted by the error's message, and the refusal of a value may quote the value: so
 * of an error's text nothing is shown but AWS's word on permissions and the SDK's on missing credentials.
 *
 * `own`: what only this service answers; null leaves it to the words for all.
 */
export function refused(
  thrown: unknown,
  call: AwsCall,
  own: (error: SdkError) => Words | null,
): DestinationError {
  if (thrown instanceof DestinationError) return thrown;
  const error = asSdkError(thrown);
  if (!isAnswered(error)) {
    const hasNone = error instanceof CredentialsProblem || error.name === 'CredentialsProviderError';
    return new Refusal(error.name, !hasNone, unanswered(error, call));
  }
  if (isThrottled(error)) return new Refusal(error.name, true, throttled(error, call));
  const words = isOfKms(error) ? kmsRefuses(error, call) : (own(error) ?? answered(error, call));
  return new Refusal(error.name, error.name === IN_TURN, words);
}

function answered(error: SdkError, { service, right, action, place, region, limit }: AwsCall): Words {
  switch (error.name) {
    case 'AccessDeniedException':
      return [
        `This run may not call ${right} on ${place}: ${sentence(error.message)}`,
        `Allow ${right} there.${limit ? ` ${limit}` : ''} The command "lightsail-access-key policy" prints all that is needed.`,
      ];
    case 'UnrecognizedClientException':
    case 'ExpiredTokenException':
    case 'InvalidSignatureException':
    case 'IncompleteSignature':
      return [
        `${service} does not accept the credentials of this run (${about(error)}).`,
        'Renew them, or choose others in the provider block.',
      ];
    default:
      return [
        `${action} on ${place} in ${region} failed with ${about(error)}.`,
        'Apply again; if it stays, look the request up in CloudTrail.',
      ];
  }
}

const KMS_ERRORS = ['EncryptionFailure', 'DecryptionFailure', 'InvalidKeyId'];

/** The store passes on what KMS told it, under names of its own. */
function isOfKms({ name, message }: SdkError): boolean {
  if (KMS_ERRORS.includes(name)) return true;
  const [, denied] = /not authorized to perform: (\w+):/.exec(message) ?? [];
  return denied === undefined ? /\bKMS\b|AWSKMS|customer master key/.test(message) : denied === 'kms';
}

function kmsRefuses(error: SdkError, { action, place, kmsRights }: AwsCall): Words {
  const [, why] =
    [
      [/disabled/i, ': the key is disabled'],
      [/pending deletion/i, ': the key is going to be deleted'],
      [/does not exist|not found/i, ': there is no such key'],
    ].find(([words]) => (words as RegExp).test(error.message)) ?? [];
  return [
    `The KMS key of ${place} refuses ${action}${String(why ?? '')}; that takes ${kmsRights} (${about(error)}).`,
    `See that the key exists in this region and is enabled, and allow ${kmsRights} on it to this run, in its IAM policy and in the key policy. The command "lightsail-access-key policy" prints all that is needed, given --kms-key.`,
  ];
}

function throttled(error: SdkError, { service, action, place }: AwsCall): Words {
  return [
    `${service} throttled ${action} on ${place} until the last attempt (${about(error)}).`,
    'Apply again in some minutes; max_attempts in the provider block allows more attempts.',
  ];
}

function unanswered(error: SdkError, { service, action, place, region }: AwsCall): Words {
  if (error instanceof CredentialsProblem) {
    return [`There are no credentials for ${service}: ${error.what}`, error.remedy];
  }
  if (error.name === 'CredentialsProviderError') {
    return [
      `There are no credentials for ${service}: ${sentence(error.message)}`,
      'Give some as for the AWS provider.',
    ];
  }
  const how = error instanceof NoAnswer ? error.message : `${error.code ?? about(error)}.`;
  return [
    `${service} in ${region} gave no answer to ${action} on ${place} that could be used: ${how}`,
    unknownHost(error) ?? 'See that its endpoint can be reached from here, then apply again.',
  ];
}

/** AWS puts no full stop behind some of its words. */
export function sentence(message: string): string {
  return /[.!?]$/.test(message) ? message : `${message}.`;
}

/** The error's name and its request, for whoever looks it up. */
export function about({ name, $metadata }: SdkError): string {
  const request = $metadata?.requestId;
  return request ? `${name}, request ${request}` : name;
}
