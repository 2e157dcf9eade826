import { header, type WireRequest } from '../http/request.js';
import { parseQuery } from './canonical.js';
import { SignatureProblem } from './problem.js';

const ALGORITHM = 'AWS4-HMAC-SHA256';
const MAX_EXPIRES_SECONDS = 604_800;

/** What a request says about its signature, before anything of it is believed. */
export interface SignatureClaim {
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
