import { Token } from 'cdktf';
import type { NewSecretsManagerSecretProps } from '../secret-destination-props.js';
import { checkFormat, checkNotEmpty, type Problems } from './validation.js';

export function newSecretProblems(props: NewSecretsManagerSecretProps): Problems {
  const { name, namePrefix, kmsKeyId, createKmsKey, resourcePolicy, format } = props;
  return [
    ...(name !== undefined && namePrefix !== undefined
      ? [
          'Both name and namePrefix are given, but the secret for the access key has one name. Keep one of them.',
        ]
      : []),
    ...checkName('name', name),
    ...checkName('namePrefix', namePrefix),
    ...(kmsKeyId !== undefined && createKmsKey
      ? [
          "Both kmsKeyId and createKmsKey are given, but the access key's secret is encrypted with one KMS key. Keep one.",
        ]
      : []),
    ...(kmsKeyId === undefined
      ? []
      : checkNotEmpty('kmsKeyId', kmsKeyId, 'Give the ID, ARN or alias of a KMS key, or leave it out.')),
    ...checkRecoveryWindow(props.recoveryWindowInDays),
    ...checkPolicy(resourcePolicy),
    ...checkFormat(format),
  ];
}

function checkName(argument: string, value: string | undefined): Problems {
  if (value === undefined || Token.isUnresolved(value) || /^[\w/+=.@-]{1,512}$/.test(value)) return [];
  return [
    `${argument} is "${value}", which Secrets Manager would refuse, so the access key's secret would have nowhere to go. ` +
      `Give 1 to 512 letters, digits and / _ + = . @ -`,
  ];
}

function checkRecoveryWindow(days: number | undefined): Problems {
  const known = knownNumber(days);
  if (known === undefined || known === 0 || (Number.isInteger(known) && known >= 7 && known <= 30)) return [];
  return [
    `recoveryWindowInDays is ${known}, which Secrets Manager would refuse when the access key goes. ` +
      `Give 7 to 30, or 0 to delete the secret at once.`,
  ];
}

function checkPolicy(policy: string | undefined): Problems {
  if (policy === undefined || Token.isUnresolved(policy)) return [];
  try {
    JSON.parse(policy);
    return [];
  } catch {
    return [
      "resourcePolicy is no JSON, so nobody could be given the right to read the access key's secret. " +
        "Give an IAM policy document as JSON, for instance a DataAwsIamPolicyDocument's json.",
    ];
  }
}

export function knownNumber(value: number | undefined): number | undefined {
  return value === undefined || Token.isUnresolved(value) ? undefined : value;
}
