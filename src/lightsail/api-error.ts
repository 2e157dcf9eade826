import { NoAnswer } from '../aws/no-answer.js';
import { isAnswered } from '../aws/sdk-error.js';
import type { SdkError } from '../aws/sdk-error.js';
import { unknownHost } from '../aws/unknown-host.js';

/** No connection through the proxy: nothing can have been sent. Holds no credentials of the proxy. */
export class ProxyFailure extends Error {
  override readonly name = 'ProxyFailure';

  constructor(
    message: string,
    readonly code?: string,
  ) {
    super(message);
  }
}

/** Never connected, or not to a server that could prove its name: nothing can have been sent. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** The SDK's last word when every source was in vain; it does not say which profile it looked for. */
const NO_CREDENTIALS = 'Could not load credentials from any providers';

export function isNeverSent(error: SdkError): boolean {
  return error instanceof ProxyFailure || NEVER_SENT.has(error.code ?? '');
}

/** Two shapes of "it does not exist": the type, and a message of other types. */
export function isGone(error: SdkError): boolean {
  return isAnswered(error) && (error.name === 'NotFoundException' || error.message.includes('DoesNotExist'));
}

interface Circumstances {
  readonly sent?: boolean;
  readonly profile?: string | undefined;
  /** Whether who reads this can change a provider block. */
  readonly hasProviderBlock?: boolean;
}

/** One sentence for people: type, message where it is safe to show, status and request ID. */
export function describe(
  operation: string,
  error: SdkError,
  { sent = true, profile, hasProviderBlock = true }: Circumstances = {},
): string {
  if (error instanceof NoAnswer) return error.message;
  if (error.name === 'CredentialsProviderError' && error.message.includes(NO_CREDENTIALS)) {
    return withoutCredentials(operation, profile, hasProviderBlock);
  }
  const { httpStatusCode: status, requestId } = error.$metadata ?? {};
  const words = mayBeShown(error, sent) && error.message ? `: ${error.message}` : '';
  const about = [status && `HTTP ${status}`, requestId && `request ${requestId}`, error.code].filter(Boolean);
  const said = `${operation} failed with ${error.name}${words}${words.endsWith('.') ? '' : '.'}${about.length > 0 ? ` (${about.join(', ')})` : ''}`;
  const help =
    error.name === 'AccessDeniedException' && isAnswered(error)
      ? allow(operation, hasProviderBlock)
      : unknownHost(error);
  return help === null ? said : `${said} ${help}`;
}

function allow(operation: string, hasProviderBlock: boolean): string {
  const policy = `lightsail-access-key policy${hasProviderBlock ? '' : ' --for audit'}`;
  return `Allow lightsail:${operation} to whoever runs this; the command "${policy}" prints all that is needed.`;
}

/**
 * The message of an answer that could not be parsed quotes the answer, and so do errors that were made of such a
 * message: only the words of the service, and those of this machine before anything was sent, are shown.
 */
function mayBeShown(error: SdkError, sent: boolean): boolean {
  if (/SyntaxError|is not valid JSON|in JSON at/.test(`${error.name} ${error.message}`)) return false;
  const local = !sent || isNeverSent(error) || error.name === 'CredentialsProviderError';
  return error.$fault !== undefined || local || error.name === 'TimeoutError';
}

function withoutCredentials(
  operation: string,
  profile: string | undefined,
  hasProviderBlock: boolean,
): string {
  const what = `${operation} was not sent, as there are no AWS credentials`;
  return profile
    ? `${what} for profile ${profile} (${NO_CREDENTIALS}). The call changed no key. Check that the shared AWS files have ` +
        `profile ${profile} with credentials, or sign in again (aws sso login --profile ${profile}).`
    : `${what} (${NO_CREDENTIALS}). The call changed no key. Set ${hasProviderBlock ? 'profile in the provider block, or ' : ''}AWS_PROFILE, or ` +
        `AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment.`;
}
