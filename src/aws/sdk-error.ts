import { isNativeError } from 'node:util/types';

/** What an error that the AWS SDK throws may tell. */
export interface SdkError {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  /** Of an error of the machine: what failed. */
  readonly syscall?: string;
  readonly $fault?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
}

export function asSdkError(error: unknown): SdkError {
  // By its nature, not by its class: an error of Node's own may come from another realm.
  return isNativeError(error)
    ? error
    : { name: 'UnknownError', message: 'Something that is not an error was thrown.' };
}

/** An answer of the service that says no. Everything else that goes wrong is no answer. */
export function isAnswered(error: SdkError): boolean {
  const status = error.$metadata?.httpStatusCode;
  return error.$fault !== undefined && status !== undefined && status >= 400 && status < 500;
}

const THROTTLED = new Set([
  'ThrottlingException',
  'Throttling',
  'ThrottledException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
]);

export function isThrottled(error: SdkError): boolean {
  return THROTTLED.has(error.name) || error.$metadata?.httpStatusCode === 429;
}

/** AWS has not made up its mind: the call may have been done. The SDK's own list, without what asks to slow down. */
const UNDECIDED = new Set([
  'TimeoutError',
  'RequestTimeout',
  'RequestTimeoutException',
  'TransactionInProgressException',
  'PriorRequestNotComplete',
]);

/** An answer that does not tell whether anything was done. */
export function isUndecided(error: SdkError): boolean {
  return UNDECIDED.has(error.name) || error.$metadata?.httpStatusCode === 408;
}

/** What helps where a host of AWS has no address: most often its Region is misspelt. Null for other failures. */
export function unknownHost({ code, message }: SdkError): string | null {
  if (code !== 'ENOTFOUND') return null;
  const [, host, region] =
    /ENOTFOUND ((?:[\w-]+\.)+?([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?)/.exec(message) ?? [];
  return host === undefined || region === undefined
    ? null
    : `There is no host ${host}: see that ${region} is a Region of AWS (region in the provider block, AWS_REGION, AWS_DEFAULT_REGION or the profile), and that this machine resolves names.`;
}
