import { createHash, createHmac } from 'node:crypto';
import { header, parseQuery, uriDecode, uriEncode, type WireRequest } from './http.js';
import { type Clock } from './state/clock.js';

const ALGORITHM = 'AWS4-HMAC-SHA256';
const MAX_EXPIRES_SECONDS = 604_800;

/** What a request says about its signature, before anything of it is believed. */
interface SignatureClaim {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly amzDate: string;
  readonly sessionToken?: string;
  /** Only of presigned URLs: how many seconds they hold. */
  readonly expiresSeconds?: number;
}

export type ProblemKind =
  | 'missing'
  | 'incomplete'
  | 'wrong-date'
  | 'wrong-region'
  | 'wrong-service'
  | 'unknown-key'
  | 'wrong-token'
  | 'skewed'
  | 'expired'
  | 'unsigned-header'
  | 'mismatch';

/** Why a signature does not hold. Each service has its own error for each kind. */
export class SignatureProblem extends Error {
  constructor(
    readonly kind: ProblemKind,
    message: string,
    readonly details: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = 'SignatureProblem';
  }
}

export interface SigningSecret {
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

interface Expectations {
  readonly service: string;
  readonly region: string;
  readonly clock: Clock;
  readonly toleranceMs: number;
  findSecret(accessKeyId: string): SigningSecret | undefined;
  payloadHash(claim: SignatureClaim): string;
}

/** A signature that holds, with what it takes to check the chunks of a signed stream. */
export interface VerifiedSignature extends SignatureClaim {
  readonly signingKey: Buffer;
  readonly scope: string;
}

/** Checks a request against AWS Signature Version 4; throws a SignatureProblem where it falls short. */
export function verifySignature(request: WireRequest, expected: Expectations): VerifiedSignature {
  const claim = readClaim(request);
  const secret = expected.findSecret(claim.accessKeyId);
  if (!secret)
    throw new SignatureProblem('unknown-key', 'The security token included in the request is invalid.');
  if (secret.sessionToken !== claim.sessionToken) {
    throw new SignatureProblem('wrong-token', 'The security token included in the request is invalid.');
  }
  checkScope(claim, expected);
  checkTime(claim, expected);
  checkSignedHeaders(request, claim);
  const scope = [claim.date, claim.region, claim.service, 'aws4_request'].join('/');
  const canonical = canonicalRequest(request, claim.signedHeaders, expected.payloadHash(claim));
  const signingKey = [claim.region, claim.service, 'aws4_request'].reduce(
    (key: Buffer, part) => hmac(key, part),
    hmac(`AWS4${secret.secretAccessKey}`, claim.date),
  );
  const stringToSign = [ALGORITHM, claim.amzDate, scope, sha256(canonical)].join('\n');
  if (hmac(signingKey, stringToSign).toString('hex') !== claim.signature) {
    throw new SignatureProblem(
      'mismatch',
      'The request signature we calculated does not match the signature you provided. ' +
        'Check your AWS Secret Access Key and signing method.',
    );
  }
  return { ...claim, signingKey, scope };
}

/** Reads the claim from the Authorization header, or from the query of a presigned URL. */
export function readClaim(request: WireRequest): SignatureClaim {
  const authorization = header(request, 'authorization');
  const query = new Map(parseQuery(request.query));
  if (query.has('X-Amz-Signature') || query.has('X-Amz-Algorithm')) {
    if (authorization !== undefined) {
      throw new SignatureProblem('incomplete', 'Only one auth mechanism allowed');
    }
    return fromQuery(query);
  }
  if (authorization === undefined) throw new SignatureProblem('missing', 'Missing Authentication Token');
  return fromHeader(authorization, request);
}

function fromHeader(authorization: string, request: WireRequest): SignatureClaim {
  const [algorithm, ...rest] = authorization.split(' ');
  if (algorithm !== ALGORITHM) {
    throw new SignatureProblem('incomplete', `The Authorization header does not begin with ${ALGORITHM}.`);
  }
  const parameters = new Map(
    rest
      .join(' ')
      .split(',')
      .map((part) => splitOnce(part.trim(), '=')),
  );
  const amzDate = header(request, 'x-amz-date');
  const sessionToken = header(request, 'x-amz-security-token');
  return {
    ...credential(required(parameters, 'Credential')),
    signedHeaders: required(parameters, 'SignedHeaders').split(';'),
    signature: required(parameters, 'Signature'),
    amzDate: timestamp(amzDate),
    ...(sessionToken !== undefined && { sessionToken }),
  };
}

function fromQuery(query: ReadonlyMap<string, string>): SignatureClaim {
  if (query.get('X-Amz-Algorithm') !== ALGORITHM) {
    throw new SignatureProblem('incomplete', `X-Amz-Algorithm only supports "${ALGORITHM}"`);
  }
  const expires = required(query, 'X-Amz-Expires');
  const expiresSeconds = Number(expires);
  if (!/^\d+$/.test(expires) || expiresSeconds < 1 || expiresSeconds > MAX_EXPIRES_SECONDS) {
    throw new SignatureProblem(
      'incomplete',
      `X-Amz-Expires must be between 1 and ${MAX_EXPIRES_SECONDS} seconds`,
    );
  }
  const sessionToken = query.get('X-Amz-Security-Token');
  return {
    ...credential(required(query, 'X-Amz-Credential')),
    signedHeaders: required(query, 'X-Amz-SignedHeaders').split(';'),
    signature: required(query, 'X-Amz-Signature'),
    amzDate: timestamp(query.get('X-Amz-Date')),
    expiresSeconds,
    ...(sessionToken !== undefined && { sessionToken }),
  };
}

function credential(text: string): Pick<SignatureClaim, 'accessKeyId' | 'date' | 'region' | 'service'> {
  const [accessKeyId, date, region, service, terminator, ...more] = text.split('/');
  if (!accessKeyId || !date || !region || !service || terminator !== 'aws4_request' || more.length > 0) {
    throw new SignatureProblem(
      'incomplete',
      'The Credential must be of the form KEY/YYYYMMDD/REGION/SERVICE/aws4_request.',
    );
  }
  return { accessKeyId, date, region, service };
}

function required(parameters: ReadonlyMap<string, string>, name: string): string {
  const value = parameters.get(name);
  if (value) return value;
  throw new SignatureProblem('incomplete', `Authorization requires the parameter '${name}'.`);
}

function timestamp(text: string | undefined): string {
  if (text !== undefined && /^\d{8}T\d{6}Z$/.test(text)) return text;
  throw new SignatureProblem('incomplete', "Authorization requires a valid 'X-Amz-Date'.");
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function checkScope(claim: SignatureClaim, { region, service }: Expectations): void {
  if (claim.region !== region) {
    throw new SignatureProblem(
      'wrong-region',
      `the region '${claim.region}' is wrong; expecting '${region}'`,
      {
        Region: region,
      },
    );
  }
  if (claim.service !== service) {
    throw new SignatureProblem(
      'wrong-service',
      `Credential should be scoped to correct service: '${service}'.`,
    );
  }
  if (!claim.amzDate.startsWith(claim.date)) {
    throw new SignatureProblem(
      'wrong-date',
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: ` +
        `'${claim.date}' != '${claim.amzDate.slice(0, 8)}'.`,
    );
  }
}

function checkTime(claim: SignatureClaim, { clock, toleranceMs }: Expectations): void {
  const signedAt = parseAmzDate(claim.amzDate);
  const earliest = new Date(signedAt.getTime() - toleranceMs);
  const early = signedAt.getTime() > clock.now().getTime();
  if (claim.expiresSeconds !== undefined) {
    const expires = new Date(signedAt.getTime() + claim.expiresSeconds * 1000);
    if (clock.isBetween(earliest, expires)) return;
    throw new SignatureProblem('expired', early ? 'Request is not valid yet' : 'Request has expired', {
      Expires: expires.toISOString(),
      ServerTime: clock.now().toISOString(),
    });
  }
  if (clock.isBetween(earliest, new Date(signedAt.getTime() + toleranceMs))) return;
  throw new SignatureProblem(
    'skewed',
    `${early ? 'Signature not yet current' : 'Signature expired'}: ${claim.amzDate} is more than ` +
      `${toleranceMs / 60_000} min. from ${clock.now().toISOString()}.`,
    {
      RequestTime: claim.amzDate,
      ServerTime: clock.now().toISOString(),
      MaxAllowedSkewMilliseconds: String(toleranceMs),
    },
  );
}

function parseAmzDate(text: string): Date {
  return new Date(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

function checkSignedHeaders(request: WireRequest, { signedHeaders }: SignatureClaim): void {
  const present = request.headers.map(([name]) => name);
  const unsigned = [...new Set(present)].filter(
    (name) => (name === 'host' || name.startsWith('x-amz-')) && !signedHeaders.includes(name),
  );
  if (unsigned.length > 0) {
    throw new SignatureProblem(
      'unsigned-header',
      'There were headers present in the request which were not signed',
      {
        HeadersNotSigned: unsigned.join(', '),
      },
    );
  }
  const sorted = [...signedHeaders].sort();
  if (signedHeaders.some((name, i) => name !== sorted[i] || header(request, name) === undefined)) {
    throw new SignatureProblem('mismatch', 'SignedHeaders names headers that are missing, or is not sorted.');
  }
}

/**
 * The canonical request of a WireRequest. The path is encoded once, as S3 wants it; the JSON services, which
 * want it encoded twice, are only ever called at "/".
 */
function canonicalRequest(
  request: WireRequest,
  signedHeaders: readonly string[],
  payloadHash: string,
): string {
  const query = parseQuery(request.query)
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [uriEncode(name), uriEncode(value)] as const)
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y));
  return [
    request.method,
    request.path
      .split('/')
      .map((segment) => uriEncode(uriDecode(segment)))
      .join('/'),
    query.map(([name, value]) => `${name}=${value}`).join('&'),
    ...signedHeaders.map((name) => `${name}:${(header(request, name) ?? '').replace(/ +/g, ' ')}`),
    '',
    signedHeaders.join(';'),
    payloadHash,
  ].join('\n');
}

/** By code unit: a locale would sort otherwise. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

export function hmac(key: string | Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}
