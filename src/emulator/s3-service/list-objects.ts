import { type WireRequest } from '../http/request.js';
import { type Answer } from '../service.js';
import { ServiceError } from '../service-error.js';
import { parseQuery, uriEncode } from '../sigv4/canonical.js';
import { type Bucket } from '../state/bucket.js';
import { element, xmlAnswer } from './wire.js';

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
