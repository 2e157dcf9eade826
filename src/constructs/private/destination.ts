import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import type { LightsailBucketAccessKeySecret } from '../lightsail-bucket-access-key.js';
import type { NewSecretsManagerSecretProps } from '../secret-destination-props.js';
import { type Arguments, snakeCase } from './arguments.js';
import { isLater } from './rules.js';
import { DESTINATIONS } from './secret-rules.js';

/** A destination as one access key uses it. */
export interface BoundDestination {
  /** The member of Terraform's `secret` argument. */
  readonly route: string;
  readonly arguments: Arguments;
  readonly secret: LightsailBucketAccessKeySecret;
  /** The secret's own ARN, where a construct has it. */
  readonly arn?: string;
  /** The KMS key that encrypts the pair, as its author has given it, or by its ARN. */
  readonly kmsKey?: string;
  /** What has to be there before the secret comes, and to stay until it is gone. */
  readonly dependsOn?: readonly ITerraformDependable[];
}

/** Makes a destination ready for the access key that is its scope; what has to be created becomes the key's child. */
export type BindDestination = (key: Construct) => BoundDestination;

type Member = keyof typeof DESTINATIONS;
type PropsOf<M extends Member> = NonNullable<LightsailBucketAccessKeySecret[M]>;

/** A destination that makes nothing: what its author has given goes into the block as it is. */
export function bound<M extends Member>(
  member: M,
  props: PropsOf<M>,
  more: Pick<BoundDestination, 'arn' | 'kmsKey' | 'dependsOn'> = {},
): BoundDestination {
  return {
    route: snakeCase(member),
    arguments: (DESTINATIONS[member].arguments as (props: PropsOf<M>) => Arguments)(props),
    secret: { [member]: props },
    ...more,
  };
}

const DEFAULT_RECOVERY_DAYS = 30;

/** A destination that makes the secret, and where asked for its KMS key and policy: the children of the key. */
export function newSecretsManagerSecret(
  key: Construct,
  props: NewSecretsManagerSecretProps,
): BoundDestination {
  const { name, namePrefix, description, tags, resourcePolicy, format } = props;
  const aws = awsBindings('SecretDestination.newSecretsManagerSecret()');
  const kmsKey = props.kmsKeyId ?? (props.createKmsKey ? kmsKeyFor(key, props, aws) : undefined);
  const secret = new aws.SecretsmanagerSecret(key, 'Secret', {
    ...definedOnly({ name, namePrefix, description, kmsKeyId: kmsKey, tags: copied(tags) }),
    recoveryWindowInDays: props.recoveryWindowInDays ?? DEFAULT_RECOVERY_DAYS,
  });
  const policy =
    resourcePolicy === undefined
      ? []
      : [
          new aws.SecretsmanagerSecretPolicy(key, 'SecretPolicy', {
            secretArn: secret.arn,
            policy: resourcePolicy,
            blockPublicPolicy: true,
          }),
        ];
  return bound(
    'secretsManager',
    { secretId: secret.id, ...definedOnly({ format }) },
    // The policy may be what gives the provider's own role its rights.
    { arn: secret.arn, dependsOn: policy, ...definedOnly({ kmsKey }) },
  );
}

function kmsKeyFor(key: Construct, props: NewSecretsManagerSecretProps, { KmsKey }: AwsBindings): string {
  const { tags, recoveryWindowInDays: days = DEFAULT_RECOVERY_DAYS } = props;
  return new KmsKey(key, 'KmsKey', {
    description: `The secret of the Lightsail bucket access key ${key.node.path}`,
    enableKeyRotation: true,
    // A secret that can be recovered is of use only as long as its key is there: 7 days are KMS's least.
    deletionWindowInDays: isLater(days) ? DEFAULT_RECOVERY_DAYS : Math.max(7, days),
    ...definedOnly({ tags: copied(tags) }),
  }).arn;
}

/** A token stays what it is: of its parts Terraform knows nothing. */
function copied(tags: NewSecretsManagerSecretProps['tags']): Record<string, string> | undefined {
  return isLater(tags) ? tags : tags && { ...tags };
}

/** CDKTF's types make a difference between an argument that is left out and one that is undefined. */
function definedOnly<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

type KmsKeyModule = typeof import('@cdktf/provider-aws/lib/kms-key/index.js');
type SecretModule = typeof import('@cdktf/provider-aws/lib/secretsmanager-secret/index.js');
type SecretPolicyModule = typeof import('@cdktf/provider-aws/lib/secretsmanager-secret-policy/index.js');

/** Everything that this package makes with the AWS provider's resources. */
interface AwsBindings {
  readonly KmsKey: KmsKeyModule['KmsKey'];
  readonly SecretsmanagerSecret: SecretModule['SecretsmanagerSecret'];
  readonly SecretsmanagerSecretPolicy: SecretPolicyModule['SecretsmanagerSecretPolicy'];
}

/**
 * `@cdktf/provider-aws` is an optional peer dependency, loaded only where a construct asks for it; file by file, since
 * the whole takes seconds, and by constant names, which bundlers of CDKTF apps can follow.
 */
function awsBindings(asker: string): AwsBindings {
  try {
    /* eslint-disable @typescript-eslint/no-require-imports -- constructors cannot wait for an import() */
    const { KmsKey } = require('@cdktf/provider-aws/lib/kms-key') as KmsKeyModule;
    const { SecretsmanagerSecret } = require('@cdktf/provider-aws/lib/secretsmanager-secret') as SecretModule;
    const { SecretsmanagerSecretPolicy } =
      require('@cdktf/provider-aws/lib/secretsmanager-secret-policy') as SecretPolicyModule;
    /* eslint-enable @typescript-eslint/no-require-imports */
    return { KmsKey, SecretsmanagerSecret, SecretsmanagerSecretPolicy };
  } catch (cause) {
    throw new Error(
      `${asker} needs the package @cdktf/provider-aws, which could not be loaded, so no container for the access ` +
        `key's secret can be made. Run npm install @cdktf/provider-aws; or make the secret yourself and name it with ` +
        `SecretDestination.secretsManager({ secretId }).`,
      { cause },
    );
  }
}
