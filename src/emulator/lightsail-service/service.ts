import { type CallDraft } from '../call-log.js';
import { header, type WireRequest } from '../http.js';
import { type EmulatorCredentials, type EmulatorOptions } from '../options.js';
import { type Answer, type CallSubject, type Service, ServiceError } from '../service.js';
import { type Account } from '../state/account.js';
import { createBucketAccessKey, deleteBucketAccessKey, getBucketAccessKeys } from './access-keys.js';
import { assertAuthorized, authenticate } from './authenticate.js';
import {
  createBucket,
  deleteBucket,
  getBucketBundles,
  getBuckets,
  tagResource,
  untagResource,
  updateBucket,
  updateBucketBundle,
} from './buckets.js';
import { type Context, createContext } from './context.js';
import { getOperation, getOperationsForResource } from './operations.js';
import { jsonAnswer, jsonError, parseInput, TARGET_PREFIX } from './wire.js';

const OPERATIONS = new Map<string, (context: Context) => unknown>([
  ['CreateBucket', createBucket],
  ['CreateBucketAccessKey', createBucketAccessKey],
  ['DeleteBucket', deleteBucket],
  ['DeleteBucketAccessKey', deleteBucketAccessKey],
  ['GetBucketAccessKeys', getBucketAccessKeys],
  ['GetBucketBundles', getBucketBundles],
  ['GetBuckets', getBuckets],
  ['GetOperation', getOperation],
  ['GetOperationsForResource', getOperationsForResource],
  ['TagResource', tagResource],
  ['UntagResource', untagResource],
  ['UpdateBucket', updateBucket],
  ['UpdateBucketBundle', updateBucketBundle],
]);

/** Lightsail's API as far as buckets need it: JSON 1.1, everything a POST to "/". */
export class LightsailService implements Service {
  readonly name = 'lightsail';

  constructor(
    private readonly account: Account,
    private readonly credentials: readonly EmulatorCredentials[],
    private readonly options: Pick<EmulatorOptions, 'authorize' | 'goneAs'>,
  ) {}

  /** Any x-amz-target is the mark of a JSON protocol, which S3 does not speak. */
  claims(request: WireRequest): boolean {
    return header(request, 'x-amz-target') !== undefined;
  }

  identify(request: WireRequest): CallSubject {
    const target = header(request, 'x-amz-target') ?? '';
    const operation = target.startsWith(TARGET_PREFIX) ? target.slice(TARGET_PREFIX.length) : target;
    try {
      const { bucketName, resourceName, accessKeyId } = parseInput(request.body);
      const bucket = bucketName ?? resourceName;
      return {
        operation,
        ...(typeof bucket === 'string' && { bucket }),
        ...(typeof accessKeyId === 'string' && { accessKeyId }),
      };
    } catch {
      return { operation };
    }
  }

  authenticate(request: WireRequest): void {
    const accessKeyId = authenticate(request, this.account, this.credentials);
    const { operation, bucket = '' } = this.identify(request);
    const bucketArn = this.account.findBucket(bucket)?.arn;
    const userAgent = header(request, 'user-agent') ?? '';
    assertAuthorized({ accessKeyId, operation, bucketArn, userAgent }, this.options.authorize);
  }

  execute(request: WireRequest, call: CallDraft): Answer {
    const target = header(request, 'x-amz-target') ?? '';
    const operation = target.startsWith(TARGET_PREFIX) ? OPERATIONS.get(call.operation) : undefined;
    if (!operation || request.method !== 'POST' || request.path !== '/') {
      throw new ServiceError('UnknownOperationException', `The emulator has no operation ${target}.`);
    }
    const { goneAs = 'NotFoundException' } = this.options;
    return jsonAnswer(operation(createContext(this.account, parseInput(request.body), call, goneAs)));
  }

  refuse(error: ServiceError): Answer {
    return jsonError(error);
  }
}
