import { isIP } from 'node:net';
import { header, type WireRequest } from '../http/request.js';
import { parseQuery, uriDecode } from '../sigv4/canonical.js';

export interface S3Route {
  readonly operation: string;
  readonly bucket: string;
  readonly key: string;
}

/** Query members that choose no other operation. */
const HARMLESS =
  /^(x-id|x-amz-.*|list-type|prefix|max-keys|continuation-token|start-after|encoding-type|fetch-owner)$/i;

const ON_BUCKET = new Map([
  ['HEAD', 'HeadBucket'],
  ['PUT', 'CreateBucket'],
  ['DELETE', 'DeleteBucket'],
]);

const ON_OBJECT = new Map([
  ['GET', 'GetObject'],
  ['HEAD', 'HeadObject'],
  ['PUT', 'PutObject'],
  ['DELETE', 'DeleteObject'],
]);

/** Which operation a request is, on which bucket and object. */
export function route(request: WireRequest, isBucket: (name: string) => boolean): S3Route {
  const { bucket, key } = locate(request, isBucket);
  return { bucket, key, operation: operationOf(request, bucket, key) };
}

/** Path style, or virtual-host style where the Host begins with a bucket: "BUCKET.localhost:4566". */
function locate(request: WireRequest, isBucket: (name: string) => boolean): { bucket: string; key: string } {
  const path = request.path.slice(1);
  const host = (header(request, 'host') ?? '').replace(/:\d+$/, '');
  const [label = '', ...rest] = host.split('.');
  const parent = rest.join('.');
  const isParent = parent === 'localhost' || parent.startsWith('s3.') || parent.startsWith('s3-');
  if (parent !== '' && isIP(host) === 0 && (isParent || isBucket(label))) {
    return { bucket: label, key: uriDecode(path) };
  }
  const slash = path.indexOf('/');
  if (slash < 0) return { bucket: uriDecode(path), key: '' };
  return { bucket: uriDecode(path.slice(0, slash)), key: uriDecode(path.slice(slash + 1)) };
}

function operationOf(request: WireRequest, bucket: string, key: string): string {
  const query = new Map(parseQuery(request.query));
  const other = [...query.keys()].find((name) => !HARMLESS.test(name));
  if (other !== undefined) return `${request.method}?${other}`;
  if (bucket === '') return request.method === 'GET' ? 'ListBuckets' : request.method;
  if (key !== '') {
    return header(request, 'x-amz-copy-source') === undefined
      ? (ON_OBJECT.get(request.method) ?? request.method)
      : 'CopyObject';
  }
  if (request.method === 'GET') return query.get('list-type') === '2' ? 'ListObjectsV2' : 'ListObjects';
  return ON_BUCKET.get(request.method) ?? request.method;
}
