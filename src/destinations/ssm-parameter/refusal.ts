import { DestinationError } from '../../lifecycle/destination.js';

export type Action =
  'DescribeParameters' | 'GetParameter' | 'GetParameterHistory' | 'PutParameter' | 'DeleteParameter';

export interface Call {
  readonly action: Action;
  readonly name: string;
  readonly region: string;
}

type Words = readonly [message: string, remedy: string];

interface SdkError {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly $fault?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
}

/** Parameter Store said no, or nothing that could be understood; `code` is the name of its error. */
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

const THROTTLED = ['ThrottlingException', 'Throttling', 'TooManyRequestsException', 'RequestLimitExceeded'];

/**
 * The refusal of a value may quote the value, and so may an answer that cannot be parsed: of an error's text nothing
 * is shown but AWS's word on permissions and the SDK's on missing credentials.
 */
export function refused(thrown: unknown, call: Call): DestinationError {
  if (thrown instanceof DestinationError) return thrown;
  const error: SdkError = thrown instanceof Error ? thrown : { name: 'UnknownError', message: '' };
  const status = error.$metadata?.httpStatusCode;
  if (error.$fault === undefined || status === undefined || status >= 500) {
    return new Refusal(error.name, error.name !== 'CredentialsProviderError', unanswered(error, call));
  }
  const isThrottled = THROTTLED.includes(error.name) || status === 429;
  const words = isThrottled ? throttled(error, call) : answered(error, call);
  return new Refusal(error.name, isThrottled || error.name === 'TooManyUpdates', words);
}

function answered(error: SdkError, call: Call): Words {
  if (error.name === 'AccessDeniedException') {
    return /\bkms\b/i.test(error.message) ? kmsRefuses(error, call) : notAllowed(error, call);
  }
  if (error.name === 'InvalidKeyId') return kmsRefuses(error, call);
  const known = ANSWERS[error.name];
  if (!known) {
    return [
      `${call.action} on SSM parameter ${call.name} in ${call.region} failed with ${about(error)}.`,
      'Apply again; if it stays, look the request up in CloudTrail.',
    ];
  }
  return [`SSM parameter ${call.name} in ${call.region} ${known[0]} (${about(error)}).`, known[1]];
}

const CREDENTIALS: Words = [
  'cannot be asked: the credentials of this run are not accepted',
  'Renew them, or choose others in the provider block.',
];

const ANSWERS: Readonly<Record<string, Words>> = {
  ParameterMaxVersionLimitExceeded: [
    'has 100 versions, and its oldest one has a label, so AWS deletes none to make room',
    'Move that label to a later version, or take it away: aws ssm unlabel-parameter-version.',
  ],
  ParameterLimitExceeded: [
    'cannot be made: the region holds as many parameters as the account may have',
    'Delete some, choose another tier, or raise the quota.',
  ],
  HierarchyLevelLimitExceededException: ['has more than 15 levels', 'Use fewer levels.'],
  HierarchyTypeMismatchException: [
    'has another type, which AWS never changes',
    'Delete it, or choose another name.',
  ],
  ParameterPatternMismatchException: [
    'has an allowed pattern that a pair does not fit',
    'Take the pattern away, or choose another name.',
  ],
  TooManyUpdates: ['is being changed by others at the same time', 'Apply again.'],
  UnrecognizedClientException: CREDENTIALS,
  ExpiredTokenException: CREDENTIALS,
  InvalidSignatureException: CREDENTIALS,
  IncompleteSignature: CREDENTIALS,
};

function notAllowed(error: SdkError, { action, name }: Call): Words {
  const where =
    action === 'DescribeParameters'
      ? 'It tells no value, and IAM knows it for all parameters only (Resource "*").'
      : `It may be limited to ${name}.`;
  return [
    `This run may not call ssm:${action} on parameter ${name}: ${error.message}`,
    `Allow ssm:${action}. ${where} The command "lightsail-access-key policy" prints all that is needed.`,
  ];
}

function kmsRefuses(error: SdkError, { action, name }: Call): Words {
  return [
    `The KMS key of SSM parameter ${name} refuses ${action} (${about(error)}).`,
    `See that the key exists in this region and is enabled, and allow ${action === 'GetParameter' ? 'kms:Decrypt' : 'kms:Encrypt and kms:GenerateDataKey'} on it to this run, in its IAM policy and in the key policy.`,
  ];
}

function throttled(error: SdkError, { action, name }: Call): Words {
  return [
    `Parameter Store throttled ${action} on ${name} until the last attempt (${about(error)}).`,
    'Apply again in some minutes; max_attempts in the provider block allows more attempts.',
  ];
}

function unanswered(error: SdkError, { action, name, region }: Call): Words {
  if (error.name === 'CredentialsProviderError') {
    return [
      `There are no credentials for Parameter Store: ${error.message}`,
      'Give some as for the AWS provider.',
    ];
  }
  return [
    `Parameter Store in ${region} gave no answer to ${action} on ${name} that could be used (${error.code ?? about(error)}).`,
    'See that its endpoint can be reached from here, then apply again.',
  ];
}

function about({ name, $metadata }: SdkError): string {
  const request = $metadata?.requestId;
  return request ? `${name}, request ${request}` : name;
}
