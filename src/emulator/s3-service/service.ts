import { type CallDraft } from '../call-log.js';
import { type WireRequest } from '../http/request.js';
import { type EmulatorCredentials } from '../options.js';
import { type Answer, type CallSubject, type Service } from '../service.js';
import { ServiceError } from '../service-error.js';
import { readClaim } from '../sigv4/claim.js';
import { type Account } from '../state/account.js';
import { type Bucket } from '../state/bucket.js';
import { authenticate, authorize } from './authenticate.js';
import { listObjects } from './list-objects.js';
import { deleteObject, getObject, putObject } from './objects.js';
import { type Payload, readPayload } from './payload.js';
import { route, type S3Route } from './route.js';
import { s3Answer, xmlError } from './wire.js';

/** What somebody with a bucket's access key must not do. */
const FORBIDDEN = new Set(['ListBuckets', 'CreateBucket', 'DeleteBucket']);

const CHANGING = new Set(['PutObject', 'DeleteObject']);

/** S3 for Lightsail's buckets, as far as a bucket access key is put to the test. */
export class S3Service implements Service {
  readonly name = 's3';

  constructor(
    private readonly account: Account,
    private readonly credentials: readonly EmulatorCredentials[],
  ) {}

  identify(request: WireRequest): CallSubject {
    const { operation, bucket } = this.#route(request);
    return { operation, ...(bucket !== '' && { bucket }), ...signer(request) };
  }

  authenticate(request: WireRequest): void {
    const signature = authenticate(request, this.account, this.credentials);
    authorize(signature, this.account, this.#route(request).bucket);
  }

  execute(request: WireRequest, call: CallDraft): Answer {
    const target = this.#route(request);
    // Once more, now against the state at the moment of the effect: a delayed request may find its key gone.
    const signature = authenticate(request, this.account, this.credentials);
    authorize(signature, this.account, target.bucket);
    const bucket = this.account.findBucket(target.bucket);
    if (!bucket || FORBIDDEN.has(target.operation))
      throw new ServiceError('AccessDenied', 'Access Denied', 403);
    const now = this.account.clock.now();
    const key = bucket.findKey(signature.accessKeyId);
    if (key) key.lastUsed = { date: now, region: this.account.region, serviceName: this.name };
    const answer = this.#perform(target, bucket, request, readPayload(request, signature));
    call.effect = CHANGING.has(target.operation);
    return answer;
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
