import { type WireRequest } from '../http/request.js';
import { type EmulatorCredentials } from '../options.js';
import { ServiceError } from '../service-error.js';
import { type ProblemKind, SignatureProblem } from '../sigv4/problem.js';
import { sha256, verifySignature } from '../sigv4/verify.js';
import { type Account } from '../state/account.js';

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
