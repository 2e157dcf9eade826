import { isNativeError } from 'node:util/types';

/** What an error that the AWS SDK throws may tell. */
export interface SdkError {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly $fault?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
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

export function isThrottled(error: SdkError): boolean {
  return THROTTLED.has(error.name) || error.$metadata?.httpStatusCode === 429;
}
