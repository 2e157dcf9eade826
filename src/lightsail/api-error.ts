import type { Repeat } from '../aws/no-answer.js';
import { NoAnswer } from '../aws/no-answer.js';
import type { SdkError } from '../aws/sdk-error.js';
import { asSdkError, isAnswered, isThrottled, isUndecided, unknownHost } from '../aws/sdk-error.js';

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
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** A route may be lost at any moment, also behind a request: only before there is a connection nothing was sent. */
const BEFORE_SENDING = new Set(['connect', 'getaddrinfo']);

export function isNeverSent(error: SdkError & { readonly errors?: readonly SdkError[] }): boolean {
  // Of a host with several addresses there is one error for each.
  const each = error.errors?.length ? error.errors : [error];
  const isEarly = each.every(({ syscall }) => BEFORE_SENDING.has(syscall ?? ''));
  return error instanceof ProxyFailure || isEarly || NEVER_SENT.has(error.code ?? '');
}

/** Whether a request can have left this machine: what fails before is certain to have had no effect. */
export class Dispatch {
  #sent = false;
  #failure: SdkError | undefined;

  get sent(): boolean {
    return this.#sent;
  }

  /** What went wrong on the way, before the SDK put it into words of its own. */
  get failure(): SdkError | undefined {
    return this.#failure;
  }

  /** A middleware for the last step before the wire: credentials are had by then, and the request is signed. */
  readonly watch = <Input, Output>(next: (input: Input) => Promise<Output>) => {
    return async (input: Input): Promise<Output> => {
      this.#sent = true;
      try {
        return await next(input);
      } catch (thrown) {
        this.#failure = asSdkError(thrown);
        if (isNeverSent(this.#failure)) this.#sent = false;
        throw thrown;
      }
    };
  };
}

/** Their messages are about what was asked for, not about who asks. */
const ABOUT_INPUT = new Set(['InvalidInputException', 'OperationFailureException']);

/** The shapes of "it does not exist": a type, and a code or a message of other types. */
export function isGone(error: SdkError): boolean {
  if (!isAnswered(error)) return false;
  const { name, code, message } = error;
  return (
    name === 'NotFoundException' ||
    [name, code, message].some((text) => text?.includes('DoesNotExist')) ||
    (ABOUT_INPUT.has(name) && /does not exist/i.test(message))
  );
}

const NOT_READY = /try again in a few minutes|wait for it to complete before trying again/i;

/** AWS says that the call can be done in some minutes: a Region that has just been opted into is set up, for instance. */
export function isNotReady(error: SdkError): boolean {
  if (!isAnswered(error)) return false;
  const { name, message } = error;
  return name === 'RegionSetupInProgressException' || (ABOUT_INPUT.has(name) && NOT_READY.test(message));
}

/** The SDK's last word when every source was in vain; it does not say which profile it looked for. */
const NO_CREDENTIALS = 'Could not load credentials from any providers';

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
  return `Allow lightsail:${operation} for these credentials; the command "${policy}" prints all that is needed.`;
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

/** Whether a call that only reads is worth repeating after this. */
export function repeatOf(error: SdkError & { $metadata?: { clockSkewCorrected?: boolean } }): Repeat {
  if (isThrottled(error)) return 'slower';
  if (isNotReady(error)) return 'later';
  if (isUndecided(error)) return 'soon';
  // The SDK has learned the service's time from this answer, and signs the next request with it.
  if (error.$metadata?.clockSkewCorrected) return 'soon';
  // Whoever has no credentials has none in a moment either.
  return isAnswered(error) || /Credentials|TokenProvider/.test(error.name) ? 'never' : 'soon';
}
