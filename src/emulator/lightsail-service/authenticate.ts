import { type WireRequest } from '../http.js';
import { type EmulatorCredentials, type EmulatorOptions, type LightsailCall } from '../options.js';
import { ServiceError } from '../service.js';
import { type ProblemKind, sha256, SignatureProblem, verifySignature } from '../sigv4.js';
import { type Account, ACCOUNT_ID } from '../state/account.js';

const TOLERANCE_MS = 5 * 60_000;

/** The JSON services' error type for each thing that can be wrong; the rest is InvalidSignatureException. */
const TYPES: Partial<Record<ProblemKind, string>> = {
  missing: 'MissingAuthenticationTokenException',
  incomplete: 'IncompleteSignatureException',
  'unknown-key': 'UnrecognizedClientException',
  'wrong-token': 'UnrecognizedClientException',
};

/** Answers whose signature it is. */
export function authenticate(
  request: WireRequest,
  account: Account,
  credentials: readonly EmulatorCredentials[],
): string {
  try {
    return verifySignature(request, {
      service: 'lightsail',
      region: account.region,
      clock: account.clock,
      toleranceMs: TOLERANCE_MS,
      findSecret: (id) => credentials.find(({ accessKeyId }) => accessKeyId === id),
      // Whatever hash the request declares: what counts is the body that arrived.
      payloadHash: () => sha256(request.body),
    }).accessKeyId;
  } catch (error) {
    if (!(error instanceof SignatureProblem)) throw error;
    const message =
      error.kind === 'wrong-region'
        ? `Credential should be scoped to a valid region: ${error.message}.`
        : error.message;
    throw new ServiceError(TYPES[error.kind] ?? 'InvalidSignatureException', message);
  }
}

/** Refuses in IAM's words what the caller may not do. */
export function assertAuthorized(call: LightsailCall, authorize: EmulatorOptions['authorize']): void {
  if (!authorize || authorize(call)) return;
  const action = `lightsail:${call.operation}`;
  throw new ServiceError(
    'AccessDeniedException',
    `User: arn:aws:iam::${ACCOUNT_ID}:user/emulator is not authorized to perform: ${action} on resource: ` +
      `${call.bucketArn ?? '*'} because no identity-based policy allows the ${action} action`,
  );
}
