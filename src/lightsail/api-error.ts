/** What AWS or the way to it said, without anything of the raw answer: that may carry a secret. */
export class NoAnswer extends Error {}

interface SdkError {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly $fault?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
  readonly tip?: string;
}

/** Never connected: nothing can have been sent. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);
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

/** An answer of the service that says no. Everything else that goes wrong is no answer. */
export function isAnswered(error: SdkError): boolean {
  const status = error.$metadata?.httpStatusCode;
  return error.$fault !== undefined && status !== undefined && status >= 400 && status < 500;
}

export function isNeverSent(error: SdkError): boolean {
  return NEVER_SENT.has(error.code ?? '') || error.name === 'CredentialsProviderError';
}

export function isThrottled(error: SdkError): boolean {
  return THROTTLED.has(error.name) || error.$metadata?.httpStatusCode === 429;
}

/** Two shapes of "it does not exist": the type, and a message of other types. */
export function isGone(error: SdkError): boolean {
  return isAnswered(error) && (error.name === 'NotFoundException' || error.message.includes('DoesNotExist'));
}

export function asSdkError(error: unknown): SdkError {
  return error instanceof Error
    ? error
    : { name: 'UnknownError', message: 'Something that is not an error was thrown.' };
}

/** One sentence for people: type, message where the service answered, status and request ID. */
export function describe(operation: string, error: SdkError): string {
  const { httpStatusCode: status, requestId } = error.$metadata ?? {};
  const answered = error.$fault !== undefined;
  // The message of an answer that could not be parsed quotes the answer, so only an error's own words are shown.
  const words = answered || isNeverSent(error) ? `: ${error.message}` : '';
  const about = [status && `HTTP ${status}`, requestId && `request ${requestId}`, error.code].filter(Boolean);
  return `${operation} failed with ${error.name}${words}${words.endsWith('.') ? '' : '.'}${about.length > 0 ? ` (${about.join(', ')})` : ''}`;
}
