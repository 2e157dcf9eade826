import { createHash } from 'node:crypto';
import { header, parseQuery, uriEncode, type WireRequest } from '../http.js';
import { type Answer, ServiceError } from '../service.js';
import { type Bucket, type StoredObject } from '../state/bucket.js';
import { toHeaders } from './checksums.js';
import { type Payload } from './payload.js';
import { element, s3Answer, xmlAnswer } from './wire.js';

const META = 'x-amz-meta-';
const MAX_KEY_BYTES = 1024;
const MAX_PAGE = 1000;

export function listObjects(bucket: Bucket, request: WireRequest): Answer {
  const query = new Map(parseQuery(request.query));
  const prefix = query.get('prefix') ?? '';
  const token = query.get('continuation-token');
  const after = token === undefined ? (query.get('start-after') ?? '') : decodeToken(token);
  const maxKeys = parseMaxKeys(query.get('max-keys'));
  const encode = query.get('encoding-type') === 'url' ? encodeKey : (text: string) => text;
  const matching = [...bucket.objects]
    .filter(([key]) => key.startsWith(prefix) && compareBytes(key, after) > 0)
    .sort(([a], [b]) => compareBytes(a, b));
  const page = matching.slice(0, maxKeys);
  const last = page.at(-1)?.[0];
  const truncated = last !== undefined && matching.length > page.length;
  return xmlAnswer(
    200,
    element('ListBucketResult', [
      element('Name', bucket.name),
      element('Prefix', encode(prefix)),
      element('KeyCount', page.length),
      element('MaxKeys', maxKeys),
      element('IsTruncated', truncated),
      ...(query.get('encoding-type') === 'url' ? [element('EncodingType', 'url')] : []),
      ...(token === undefined ? [] : [element('ContinuationToken', token)]),
      ...(truncated ? [element('NextContinuationToken', Buffer.from(last).toString('base64'))] : []),
      ...page.map(([key, object]) =>
        element('Contents', [
          element('Key', encode(key)),
          element('LastModified', object.lastModified.toISOString()),
          element('ETag', object.etag),
          element('Size', object.body.length),
          element('StorageClass', 'STANDARD'),
        ]),
      ),
    ]),
  );
}

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

function parseMaxKeys(text: string | undefined): number {
  if (text === undefined) return MAX_PAGE;
  if (/^\d{1,9}$/.test(text)) return Math.min(Number(text), MAX_PAGE);
  throw new ServiceError('InvalidArgument', 'Provided max-keys not an integer or within integer range');
}

function decodeToken(token: string): string {
  const key = Buffer.from(token, 'base64').toString('utf8');
  if (key !== '') return key;
  throw new ServiceError('InvalidArgument', 'The continuation token provided is incorrect');
}

function encodeKey(key: string): string {
  return key.split('/').map(uriEncode).join('/');
}

/** S3 sorts keys by their UTF-8 bytes, which is not how JavaScript compares strings. */
function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
