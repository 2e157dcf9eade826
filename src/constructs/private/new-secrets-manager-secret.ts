import type { ITerraformDependable } from 'cdktf';
import { Token } from 'cdktf';
import type { Construct } from 'constructs';
import type { NewSecretsManagerSecretProps } from '../secret-destination-props.js';
import { awsBindings } from './aws-bindings.js';
import type { BindDestination } from './destination.js';
import { checkFormat, checkNotEmpty, type Problems } from './validation.js';

const DEFAULT_RECOVERY_DAYS = 30;

export function newSecretsManagerSecret(props: NewSecretsManagerSecretProps): BindDestination {
  return (key) => {
    const aws = awsBindings('SecretDestination.newSecretsManagerSecret()');
    const secret = new aws.SecretsmanagerSecret(key, 'Secret', {
      ...definedOnly({
        name: props.name,
        namePrefix: props.namePrefix,
        description: props.description,
        kmsKeyId: props.kmsKeyId ?? (props.createKmsKey ? kmsKeyFor(key, props) : undefined),
        tags: props.tags && { ...props.tags },
      }),
      recoveryWindowInDays: props.recoveryWindowInDays ?? DEFAULT_RECOVERY_DAYS,
    });
    const dependsOn: ITerraformDependable[] = [secret];
    if (props.resourcePolicy !== undefined) {
      const { resourcePolicy: policy } = props;
      dependsOn.push(
        new aws.SecretsmanagerSecretPolicy(key, 'SecretPolicy', {
          secretArn: secret.arn,
          policy,
          blockPublicPolicy: true,
        }),
      );
    }
    return {
      route: 'secrets_manager',
      arguments: { secret_id: secret.id, format: props.format },
      problems: problemsOf(props),
      dependsOn,
    };
  };
}

function kmsKeyFor(key: Construct, { tags, recoveryWindowInDays }: NewSecretsManagerSecretProps): string {
  const { KmsKey } = awsBindings('SecretDestination.newSecretsManagerSecret()');
  return new KmsKey(key, 'KmsKey', {
    description: `The secret of the Lightsail bucket access key ${key.node.path}`,
    enableKeyRotation: true,
    // A secret that can be recovered is of use only as long as its key is there: 7 days are KMS's least.
    deletionWindowInDays: Math.max(7, knownNumber(recoveryWindowInDays) ?? DEFAULT_RECOVERY_DAYS),
    ...definedOnly({ tags: tags && { ...tags } }),
  }).arn;
}

function problemsOf(props: NewSecretsManagerSecretProps): Problems {
  const { name, namePrefix, kmsKeyId, createKmsKey, resourcePolicy, format } = props;
  return [
    ...(name !== undefined && namePrefix !== undefined
      ? ['Both name and namePrefix are given, but the secret for the access key has one name. Keep one of them.']
      : []),
    ...checkName('name', name),
    ...checkName('namePrefix', namePrefix),
    ...(kmsKeyId !== undefined && createKmsKey
      ? ["Both kmsKeyId and createKmsKey are given, but the access key's secret is encrypted with one KMS key. Keep one."]
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

function knownNumber(value: number | undefined): number | undefined {
  return value === undefined || Token.isUnresolved(value) ? undefined : value;
}

/** CDKTF's types make a difference between an argument that is left out and one that is undefined. */
function definedOnly<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
