import { header, type WireRequest } from '../http/request.js';
import { ServiceError } from '../service-error.js';
import { sha256, type VerifiedSignature } from '../sigv4/verify.js';
import { declaredPayloadHash } from './authenticate.js';
import { type Checksums, checksumHeaders, verifyChecksums } from './checksums.js';
import { type ChunkMode, decodeChunks } from './chunked.js';

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
  if (Number(length) !== content.length) {
    throw new ServiceError('IncompleteBody', 'The request body terminated unexpectedly');
  }
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
