import { isIP } from 'node:net';
import { type CallDraft } from '../call-log.js';
import { header, parseQuery, uriDecode, type WireRequest } from '../http.js';
import { type EmulatorCredentials } from '../options.js';
import { type Answer, type CallSubject, type Service, ServiceError } from '../service.js';
import { readClaim, type VerifiedSignature } from '../sigv4.js';
import { recordUse } from '../state/access-key.js';
import { type Account } from '../state/account.js';
import { type Bucket } from '../state/bucket.js';
import { authenticate, authorize, FrontEnds } from './authenticate.js';
import { deleteObject, getObject, listObjects, putObject } from './objects.js';
import { type Payload, readPayload } from './payload.js';
import { s3Answer, xmlError } from './wire.js';

/** What somebody with a bucket's access key must not do. */
const FORBIDDEN = new Set(['ListBuckets', 'CreateBucket', 'DeleteBucket']);

const CHANGING = new Set(['PutObject', 'DeleteObject']);

/** S3 for Lightsail's buckets, as far as a bucket access key is put to the test. */
export class S3Service implements Service {
  readonly name = 's3';
  readonly #frontEnds = new FrontEnds();

  constructor(
    private readonly account: Account,
    private readonly credentials: readonly EmulatorCredentials[],
  ) {}

  identify(request: WireRequest): CallSubject {
    const { operation, bucket } = this.#route(request);
    return { operation, ...(bucket !== '' && { bucket }), ...signer(request) };
  }

  authenticate(request: WireRequest): void {
    this.#admit(request, this.#route(request).bucket);
  }

  execute(request: WireRequest, call: CallDraft): Answer {
    const target = this.#route(request);
    // Once more, now against the state at the moment of the effect: a delayed request may find its key gone.
    const signature = this.#admit(request, target.bucket);
    const bucket = this.account.findBucket(target.bucket);
    if (!bucket || FORBIDDEN.has(target.operation))
      throw new ServiceError('AccessDenied', 'Access Denied', 403);
    const now = this.account.clock.now();
    const key = bucket.findKey(signature.accessKeyId);
    const use = { date: now, region: this.account.region, serviceName: this.name };
    if (key) recordUse(key, use, this.account.lag);
    const answer = this.#perform(target, bucket, request, readPayload(request, signature));
    call.effect = CHANGING.has(target.operation);
    return answer;
  }

  #admit(request: WireRequest, bucket: string): VerifiedSignature {
    const frontEnd = this.#frontEnds.of(request.connection);
    const signature = authenticate(request, this.account, this.credentials, frontEnd);
    authorize(signature, this.account, bucket, frontEnd);
    return signature;
  }

  #perform({ operation, key }: S3Route, bucket: Bucket, request: WireRequest, payload: Payload): Answer {
    switch (operation) {
      case 'HeadBucket':
        return s3Answer(200, '', { 'x-amz-bucket-region': this.account.region });
      case 'ListObjectsV2':
        return listObjects(bucket, request);
      case 'PutObject':
        return putObject(bucket, key, request, payload, this.account.clock.now());
      case 'GetObject':
      case 'HeadObject':
        return getObject(bucket, key, request);
      case 'DeleteObject':
        return deleteObject(bucket, key);
      default:
        throw new ServiceError('NotImplemented', `The emulator has no operation ${operation}.`, 501);
    }
  }

  refuse(error: ServiceError): Answer {
    return xmlError(error);
  }

  #route(request: WireRequest): S3Route {
    return route(request, (name) => this.account.findBucket(name) !== undefined);
  }
}

/** Who claims to have signed, for the log only. */
function signer(request: WireRequest): { accessKeyId?: string } {
  try {
    return { accessKeyId: readClaim(request).accessKeyId };
  } catch {
    return {};
  }
}

interface S3Route {
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
function route(request: WireRequest, isBucket: (name: string) => boolean): S3Route {
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
