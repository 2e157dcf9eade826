import { TIERS } from '../../contract/limits.js';
import { parameterArn, PARAMETER_SUFFIX } from '../../contract/ssm-parameter.js';
import { FORMAT } from '../descriptor.js';
import type { Descriptor } from '../descriptor.js';
import { allow, arnOf } from '../policy.js';
import type { DestinationPolicy } from '../policy.js';

const ARGUMENTS = {
  name: { type: 'text', isRequired: true, description: 'Name of the parameter.' },
  kms_key_id: {
    type: 'text',
    description: "KMS key of the parameter. Default: the account's `aws/ssm`.",
    change: 'next pair',
  },
  tier: {
    type: 'text',
    description:
      "`Standard`, `Advanced` or `Intelligent-Tiering`. Default: the account's default tier in the Region.",
    oneOf: TIERS,
    change: 'next pair',
  },
  format: FORMAT,
} as const;
export type ParameterArguments = typeof ARGUMENTS;

const POLICY: DestinationPolicy = {
  options: {
    name: { letter: 'N', help: "the parameter's name", isRequired: true },
    tier: { letter: 'T', note: 'with --kms-key', help: 'default: rights for each', oneOf: TIERS },
  },
  statements({ name = '' }, place) {
    const at = (suffix: string) => [arnOf(place, 'ssm', `parameter/${name.replace(/^\//, '')}${suffix}`)];
    return [
      // AWS knows no resource for it.
      allow('DescribeParameters', ['ssm:DescribeParameters'], ['*']),
      allow('WritePair', ['ssm:PutParameter', 'ssm:DeleteParameter'], at('')),
      allow(
        'KeepJournal',
        ['ssm:GetParameterHistory', 'ssm:PutParameter', 'ssm:DeleteParameter'],
        at(PARAMETER_SUFFIX.journal),
      ),
      allow(
        'KeepPendingPair',
        ['ssm:GetParameter', 'ssm:PutParameter', 'ssm:DeleteParameter'],
        at(`${PARAMETER_SUFFIX.pending}*`),
      ),
    ];
  },
  kms: {
    service: 'ssm',
    actions: ({ tier }) =>
      tier === 'Standard'
        ? ['kms:Decrypt', 'kms:Encrypt']
        : tier === 'Advanced'
          ? ['kms:Decrypt', 'kms:GenerateDataKey']
          : ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey'],
  },
};

export const ssmParameter: Descriptor<ParameterArguments> = {
  name: 'ssm_parameter',
  description: 'Into a SecureString of the SSM Parameter Store.',
  arguments: ARGUMENTS,
  reading: { isPossible: true },
  resolve: ({ name }) => ({ name: withSlash(parameterNamed(name)) }),
  policy: POLICY,
  load: () => import('./store.js'),
};

/** The name of a parameter that is given by its name or its ARN. */
export function parameterNamed(given: string): string {
  return parameterArn(given)?.name ?? given;
}

/** A name with levels can have no other beginning. */
function withSlash(name: string): string {
  return /^[^/:]+\//.test(name) ? `/${name}` : name;
}
