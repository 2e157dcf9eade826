import { type CallDraft } from '../call-log.js';
import { type GoneShape } from '../options.js';
import { ServiceError } from '../service-error.js';
import { type Account } from '../state/account.js';
import { type Bucket } from '../state/bucket.js';
import { describeOperation } from './operations.js';
import { bucketName, invalidInput } from './input.js';
import { type Input } from './wire.js';

/** What an operation of the API gets to work with. */
export interface Context {
  readonly account: Account;
  readonly input: Input;
  readonly call: CallDraft;
  /** The bucket that the input names; throws where there is none. */
  readonly bucket: () => Bucket;
  /** Records an operation on a bucket and describes it for the answer. */
  readonly started: (operationType: string, bucket: Bucket, details?: string) => unknown;
  /** The error for what does not exist, in the shape that the emulator was started with. */
  readonly gone: (resourceType: string, name: string) => ServiceError;
}

export function createContext(account: Account, input: Input, call: CallDraft, goneAs: GoneShape): Context {
  const gone = (resourceType: string, name: string): ServiceError =>
    goneAs === 'NotFoundException'
      ? new ServiceError('NotFoundException', `The ${resourceType} does not exist: ${name}`)
      : invalidInput(`DoesNotExist: the ${resourceType} ${name} was not found.`);
  return {
    account,
    input,
    call,
    gone,
    bucket: () => {
      const name = bucketName(input);
      const bucket = account.findBucket(name);
      if (!bucket) throw gone('Bucket', name);
      return bucket;
    },
    started: (operationType, bucket, details) =>
      describeOperation(account, account.operations.start(operationType, bucket.name, details)),
  };
}
