import { createHash } from 'node:crypto';
import { header, type WireRequest } from '../http/request.js';
import { type Answer } from '../service.js';
import { ServiceError } from '../service-error.js';
import { type Bucket, type StoredObject } from '../state/bucket.js';
import { toHeaders } from './checksums.js';
import { type Payload } from './payload.js';
import { s3Answer } from './wire.js';

const META = 'x-amz-meta-';
const MAX_KEY_BYTES = 1024;

export function putObject(
  bucket: Bucket,
  key: string,
  request: WireRequest,
  payload: Payload,
  now: Date,
): Answer {
  if (Buffer.byteLength(key) > MAX_KEY_BYTES)
    throw new ServiceError('KeyTooLongError', 'Your key is too long');
  const { content, checksums } = payload;
  const object: StoredObject = {
    body: content,
    checksums,
    etag: `"${createHash('md5').update(content).digest('hex')}"`,
    contentType: header(request, 'content-type') ?? 'binary/octet-stream',
    metadata: Object.fromEntries(request.headers.filter(([name]) => name.startsWith(META))),
    lastModified: now,
  };
  bucket.objects.set(key, object);
  return s3Answer(200, '', { etag: object.etag, ...toHeaders(checksums) });
}

export function getObject(bucket: Bucket, key: string, request: WireRequest): Answer {
  const object = bucket.objects.get(key);
  if (!object) throw new ServiceError('NoSuchKey', 'The specified key does not exist.', 404, { Key: key });
  const wantsChecksums = header(request, 'x-amz-checksum-mode')?.toUpperCase() === 'ENABLED';
  return s3Answer(200, object.body, {
    etag: object.etag,
    'content-type': object.contentType,
    'last-modified': object.lastModified.toUTCString(),
    ...object.metadata,
    ...(wantsChecksums && toHeaders(object.checksums)),
  });
}

/** Deleting what is not there succeeds, as in S3. */
export function deleteObject(bucket: Bucket, key: string): Answer {
  bucket.objects.delete(key);
  return s3Answer(204);
}
