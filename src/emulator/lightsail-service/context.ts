import { type CallDraft } from '../call-log.js';
import { type GoneShape } from '../options.js';
import { ServiceError } from '../service.js';
import { type Account } from '../state/account.js';
import { type Bucket } from '../state/bucket.js';
import { describeOperation } from './operations.js';
import { bucketName, type Input, invalidInput } from './wire.js';

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
  const gone = (resourceType: string, name: string): ServiceError => GONE[goneAs](resourceType, name);
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

const GONE: Readonly<Record<GoneShape, (resourceType: string, name: string) => ServiceError>> = {
  NotFoundException: (type, name) =>
    new ServiceError('NotFoundException', `The ${type} does not exist: ${name}`),
  DoesNotExist: (type, name) => invalidInput(`DoesNotExist: the ${type} ${name} was not found.`),
  'type DoesNotExist': (type, name) => new ServiceError('DoesNotExist', `No ${type} ${name}.`),
  words: (type) => invalidInput(`The ${type} does not exist.`),
  // Without a type the client has the status alone.
  '404': () => new ServiceError('', 'Not found.', 404),
};
