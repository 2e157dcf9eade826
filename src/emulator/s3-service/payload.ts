import { header, type WireRequest } from '../http.js';
import { ServiceError } from '../service.js';
import { hmac, sha256, type VerifiedSignature } from '../sigv4.js';
import { declaredPayloadHash } from './authenticate.js';
import { checksumHeaders, type Checksums, verifyChecksums } from './checksums.js';

export interface Payload {
  readonly content: Buffer;
  readonly checksums: Checksums;
}

/** The content of an upload, whichever way it was sent, once everything said about it has proven true. */
export function readPayload(request: WireRequest, signature: VerifiedSignature): Payload {
  const declared = declaredPayloadHash(request, signature.expiresSeconds !== undefined);
  const checksums = checksumHeaders(request.headers);
  if (!declared.startsWith('STREAMING-')) {
    if (declared !== 'UNSIGNED-PAYLOAD' && declared !== sha256(request.body)) {
      throw new ServiceError(
        'XAmzContentSHA256Mismatch',
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
      );
    }
    verifyChecksums(request.body, checksums, header(request, 'content-md5'));
    return { content: request.body, checksums };
  }
  const { content, trailers } = decodeChunks(request.body, modeOf(declared), signature);
  const length = header(request, 'x-amz-decoded-content-length');
  if (length === undefined) {
    throw new ServiceError('MissingContentLength', 'You must provide the Content-Length HTTP header.', 411);
  }
  if (Number(length) !== content.length) throw incomplete();
  const announced = (header(request, 'x-amz-trailer') ?? '').split(',').filter((name) => name !== '');
  if (announced.some((name) => !trailers.some(([trailer]) => trailer === name.trim()))) {
    throw new ServiceError(
      'MalformedTrailerError',
      'The request contained trailing data that was not well-formed.',
    );
  }
  const all = { ...checksums, ...checksumHeaders(trailers) };
  verifyChecksums(content, all, header(request, 'content-md5'));
  return { content, checksums: all };
}

function modeOf(declared: string): ChunkMode {
  switch (declared) {
    case 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD':
      return { signed: true, trailer: false };
    case 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER':
      return { signed: true, trailer: true };
    case 'STREAMING-UNSIGNED-PAYLOAD-TRAILER':
      return { signed: false, trailer: true };
    default:
      throw new ServiceError('InvalidRequest', `The value of x-amz-content-sha256 is not valid: ${declared}`);
  }
}

interface ChunkMode {
  readonly signed: boolean;
  readonly trailer: boolean;
}

type Trailer = readonly [name: string, value: string];

const CRLF = '\r\n';

/** Decodes an aws-chunked body; each signed chunk vouches for the one before it, the first for the request. */
function decodeChunks(
  body: Buffer,
  mode: ChunkMode,
  signature: VerifiedSignature,
): { content: Buffer; trailers: readonly Trailer[] } {
  const chunks: Buffer[] = [];
  let previous = signature.signature;
  let at = 0;
  for (;;) {
    const lineEnd = body.indexOf(CRLF, at);
    if (lineEnd < 0) throw incomplete();
    const line = /^([0-9a-f]+)(?:;chunk-signature=([0-9a-f]{64}))?$/i.exec(
      body.toString('latin1', at, lineEnd),
    );
    if (!line?.[1] || (line[2] !== undefined) !== mode.signed) throw incomplete();
    const start = lineEnd + CRLF.length;
    const chunk = body.subarray(start, start + parseInt(line[1], 16));
    if (chunk.length !== parseInt(line[1], 16)) throw incomplete();
    if (line[2] !== undefined) {
      const claims = ['PAYLOAD', sha256(''), sha256(chunk)] as const;
      if (sign(signature, previous, ...claims) !== line[2]) throw mismatch();
      previous = line[2];
    }
    at = start + chunk.length;
    // The last chunk is empty. Trailers follow it at once, without a line end of its own.
    if (chunk.length === 0) break;
    if (body.toString('latin1', at, at + CRLF.length) !== CRLF) throw incomplete();
    at += CRLF.length;
    chunks.push(chunk);
  }
  const trailers = readTrailers(body.toString('latin1', at), mode, signature, previous);
  return { content: Buffer.concat(chunks), trailers };
}

function readTrailers(
  text: string,
  mode: ChunkMode,
  signature: VerifiedSignature,
  previous: string,
): readonly Trailer[] {
  const lines = text.split(/\r?\n/).filter((line) => line !== '');
  const all = lines.map((line): Trailer => {
    const colon = line.indexOf(':');
    return [line.slice(0, Math.max(colon, 0)).toLowerCase(), line.slice(colon + 1).trim()];
  });
  if (!mode.trailer && all.length > 0) throw incomplete();
  const trailers = all.filter(([name]) => name !== 'x-amz-trailer-signature');
  if (mode.signed && mode.trailer) {
    const canonical = trailers.map(([name, value]) => `${name}:${value}\n`).join('');
    const claimed = all.find(([name]) => name === 'x-amz-trailer-signature')?.[1];
    if (sign(signature, previous, 'TRAILER', sha256(canonical)) !== claimed) throw mismatch();
  }
  return trailers;
}

function sign(signature: VerifiedSignature, previous: string, kind: string, ...hashes: string[]): string {
  const { amzDate, scope, signingKey } = signature;
  const stringToSign = [`AWS4-HMAC-SHA256-${kind}`, amzDate, scope, previous, ...hashes].join('\n');
  return hmac(signingKey, stringToSign).toString('hex');
}

function incomplete(): ServiceError {
  return new ServiceError('IncompleteBody', 'The request body terminated unexpectedly');
}

function mismatch(): ServiceError {
  return new ServiceError(
    'SignatureDoesNotMatch',
    'A chunk of the body is not signed as the request is.',
    403,
  );
}
