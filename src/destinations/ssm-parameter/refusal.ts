import type { SdkError } from '../../aws/sdk-error.js';
import type { DestinationError } from '../../lifecycle/destination.js';
import { about, refused as refusedBy, sentence } from '../aws-refusal.js';
import type { Words } from '../aws-refusal.js';
import { isPending } from './name.js';

export { isRefusal, Refusal } from '../aws-refusal.js';

export type Action =
  'DescribeParameters' | 'GetParameter' | 'GetParameterHistory' | 'PutParameter' | 'DeleteParameter';

export interface Call {
  readonly action: Action;
  readonly name: string;
  readonly region: string;
}

/** What Parameter Store, or the way to it, has thrown, in words. */
export function refused(thrown: unknown, call: Call): DestinationError {
  const { action, name, region } = call;
  return refusedBy(
    thrown,
    {
      service: 'Parameter Store',
      right: `ssm:${action}`,
      action,
      place: `SSM parameter ${name}`,
      region,
      kmsRights: action === 'GetParameter' ? 'kms:Decrypt' : 'kms:Encrypt and kms:GenerateDataKey',
      ...(action === 'DescribeParameters' && {
        limit: 'It tells no value, and IAM knows it for all parameters only (Resource "*").',
      }),
    },
    (error) => answered(error, call),
  );
}

function answered(error: SdkError, call: Call): Words | null {
  const { action, name, region } = call;
  if (error.name === 'AccessDeniedException' && action === 'GetParameter' && !isPending(name)) {
    return [
      `This run may not read the live secret in SSM parameter ${name}: ${sentence(error.message)}`,
      'Allow ssm:GetParameter on that parameter. Making keys does not need it, so the command "lightsail-access-key policy" does not print it.',
    ];
  }
  const known = ANSWERS[error.name];
  return known ? [`SSM parameter ${name} in ${region} ${known[0]} (${about(error)}).`, known[1]] : null;
}

const ANSWERS: Readonly<Record<string, Words>> = {
  ParameterMaxVersionLimitExceeded: [
    'has 100 versions, and its oldest one has a label, so AWS deletes none to make room',
    'Move that label to a later version, or take it away: aws ssm unlabel-parameter-version.',
  ],
  ParameterLimitExceeded: [
    'cannot be made: the region holds as many parameters as the account may have',
    'Delete some, choose another tier, or raise the quota.',
  ],
  HierarchyLevelLimitExceededException: ['has more than 15 levels', 'Use fewer levels.'],
  HierarchyTypeMismatchException: [
    'has another type, which AWS never changes',
    'Delete it, or choose another name.',
  ],
  ParameterPatternMismatchException: [
    'has an allowed pattern that a pair does not fit',
    'Take the pattern away, or choose another name.',
  ],
  TooManyUpdates: ['is being changed by others at the same time', 'Apply again.'],
};
