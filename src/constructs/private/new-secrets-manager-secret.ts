import type { Construct } from 'constructs';
import type { NewSecretsManagerSecretProps } from '../secret-destination-props.js';
import { type AwsBindings, awsBindings } from './aws-bindings.js';
import type { BindDestination } from './destination.js';
import { knownNumber, newSecretProblems } from './new-secret-checks.js';

const DEFAULT_RECOVERY_DAYS = 30;

export function newSecretsManagerSecret(props: NewSecretsManagerSecretProps): BindDestination {
  return (key) => {
    const aws = awsBindings('SecretDestination.newSecretsManagerSecret()');
    const secret = new aws.SecretsmanagerSecret(key, 'Secret', {
      ...definedOnly({
        name: props.name,
        namePrefix: props.namePrefix,
        description: props.description,
        kmsKeyId: props.kmsKeyId ?? (props.createKmsKey ? kmsKeyFor(key, props, aws) : undefined),
        tags: props.tags && { ...props.tags },
      }),
      recoveryWindowInDays: props.recoveryWindowInDays ?? DEFAULT_RECOVERY_DAYS,
    });
    const policy =
      props.resourcePolicy === undefined
        ? []
        : [
            new aws.SecretsmanagerSecretPolicy(key, 'SecretPolicy', {
              secretArn: secret.arn,
              policy: props.resourcePolicy,
              blockPublicPolicy: true,
            }),
          ];
    return {
      route: 'secrets_manager',
      arguments: { secret_id: secret.id, format: props.format },
      problems: newSecretProblems(props),
      // It may be what gives the provider's own role its rights.
      dependsOn: policy,
    };
  };
}

function kmsKeyFor(key: Construct, props: NewSecretsManagerSecretProps, { KmsKey }: AwsBindings): string {
  const { tags, recoveryWindowInDays } = props;
  return new KmsKey(key, 'KmsKey', {
    description: `The secret of the Lightsail bucket access key ${key.node.path}`,
    enableKeyRotation: true,
    // A secret that can be recovered is of use only as long as its key is there: 7 days are KMS's least.
    deletionWindowInDays: Math.max(7, knownNumber(recoveryWindowInDays) ?? DEFAULT_RECOVERY_DAYS),
    ...definedOnly({ tags: tags && { ...tags } }),
  }).arn;
}

/** CDKTF's types make a difference between an argument that is left out and one that is undefined. */
function definedOnly<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
