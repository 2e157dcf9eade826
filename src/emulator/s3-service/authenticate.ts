import { header, parseQuery, type WireRequest } from '../http.js';
import { type EmulatorCredentials } from '../options.js';
import { ServiceError } from '../service.js';
import {
  type ProblemKind,
  SignatureProblem,
  type SigningSecret,
  type VerifiedSignature,
  verifySignature,
} from '../sigv4.js';
import { type S3Refusal, type StoredKey } from '../state/access-key.js';
import { type Account } from '../state/account.js';

const TOLERANCE_MS = 15 * 60_000;

/** S3's error code and status for each thing that can be wrong with a signature. */
const ERRORS: Record<ProblemKind, readonly [code: string, status: number, message?: string]> = {
  missing: ['AccessDenied', 403, 'Access Denied'],
  incomplete: ['AuthorizationHeaderMalformed', 400],
  'wrong-date': ['AuthorizationHeaderMalformed', 400],
  'wrong-region': ['AuthorizationHeaderMalformed', 400],
  'wrong-service': ['AuthorizationHeaderMalformed', 400],
  'unknown-key': [
    'InvalidAccessKeyId',
    403,
    'The AWS Access Key Id you provided does not exist in our records.',
  ],
  'wrong-token': ['InvalidToken', 400, 'The provided token is malformed or otherwise invalid.'],
  skewed: [
    'RequestTimeTooSkewed',
    403,
    "The difference between the request time and the server's time is too large.",
  ],
  expired: ['AccessDenied', 403],
  'unsigned-header': ['AccessDenied', 403],
  mismatch: ['SignatureDoesNotMatch', 403],
};

/** Checks who signed. Whether that key may touch the bucket is another question, asked by `authorize`. */
export function authenticate(
  request: WireRequest,
  account: Account,
  credentials: readonly EmulatorCredentials[],
  frontEnd: number,
): VerifiedSignature {
  try {
    return verifySignature(request, {
      service: 's3',
      region: account.region,
      clock: account.clock,
      toleranceMs: TOLERANCE_MS,
      findSecret: (id) => findSecret(id, account, credentials, frontEnd),
      payloadHash: (claim) => declaredPayloadHash(request, claim.expiresSeconds !== undefined),
    });
  } catch (error) {
    if (!(error instanceof SignatureProblem)) throw error;
    const [code, status, message] = ERRORS[error.kind];
    throw new ServiceError(code, message ?? error.message, status, error.details);
  }
}

/** Refuses keys of other buckets. The account's own credentials have no rights on Lightsail's buckets. */
export function authorize(
  { accessKeyId }: VerifiedSignature,
  account: Account,
  bucket: string,
  frontEnd: number,
): void {
  const { bucket: owner, key } = account.findKey(accessKeyId) ?? {};
  const refusal = refusalAt(frontEnd, key);
  if (refusal === 'NoSuchBucket' || (bucket !== '' && !account.findBucket(bucket))) {
    throw new ServiceError('NoSuchBucket', 'The specified bucket does not exist', 404, {
      BucketName: bucket,
    });
  }
  if (refusal === 'AccessDenied' || owner?.name !== bucket)
    throw new ServiceError('AccessDenied', 'Access Denied', 403);
}

/** S3 has many front ends, and a client meets the same one for as long as its connection stands. */
export class FrontEnds {
  readonly #numbers = new WeakMap<object, number>();
  #connections = 0;

  /** The number of the front end to which a connection leads, counted from 1. */
  of(connection: object): number {
    const known = this.#numbers.get(connection);
    if (known !== undefined) return known;
    this.#numbers.set(connection, ++this.#connections);
    return this.#connections;
  }
}

/** What the request says about its body: a hash, or how the body is signed instead. */
export function declaredPayloadHash(request: WireRequest, presigned: boolean): string {
  const declared =
    header(request, 'x-amz-content-sha256') ??
    parseQuery(request.query).find(([name]) => name.toLowerCase() === 'x-amz-content-sha256')?.[1];
  if (declared !== undefined) return declared;
  if (presigned) return 'UNSIGNED-PAYLOAD';
  throw new ServiceError('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256');
}

/** An Inactive key, and one that has not spread to S3 yet, are unknown to it. */
function findSecret(
  accessKeyId: string,
  account: Account,
  credentials: readonly EmulatorCredentials[],
  frontEnd: number,
): SigningSecret | undefined {
  const key = account.findKey(accessKeyId)?.key;
  const isKnown = key?.status === 'Active' && refusalAt(frontEnd, key) !== 'InvalidAccessKeyId';
  if (key) return isKnown ? key : undefined;
  return credentials.find((candidate) => candidate.accessKeyId === accessKeyId);
}

/** What the front end says to a key of which it has not heard all; undefined where it has. */
function refusalAt(frontEnd: number, key: StoredKey | undefined): S3Refusal['code'] | undefined {
  const now = Date.now();
  const isInForce = ({ from, until, everyFrontEnd }: S3Refusal) =>
    from <= now && now < until && frontEnd % everyFrontEnd === 0;
  return key?.refusals.find(isInForce)?.code;
}
