import { createHash, createHmac } from 'node:crypto';
import { header, type WireRequest } from '../http/request.js';
import { type Clock } from '../state/clock.js';
import { canonicalRequest } from './canonical.js';
import { readClaim, type SignatureClaim } from './claim.js';
import { SignatureProblem } from './problem.js';

export interface SigningSecret {
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface Expectations {
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
  const stringToSign = ['AWS4-HMAC-SHA256', claim.amzDate, scope, sha256(canonical)].join('\n');
  if (hmac(signingKey, stringToSign).toString('hex') !== claim.signature) {
    throw new SignatureProblem(
      'mismatch',
      'The request signature we calculated does not match the signature you provided. ' +
        'Check your AWS Secret Access Key and signing method.',
    );
  }
  return { ...claim, signingKey, scope };
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

function parseAmzDate(text: string): Date {
  return new Date(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

export function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

export function hmac(key: string | Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}
