type KmsKey = typeof import('@cdktf/provider-aws/lib/kms-key/index.js');
type Secret = typeof import('@cdktf/provider-aws/lib/secretsmanager-secret/index.js');
type SecretPolicy = typeof import('@cdktf/provider-aws/lib/secretsmanager-secret-policy/index.js');

/** Everything that this package makes with the AWS provider's resources, each from a file of its own: all take seconds. */
export interface AwsBindings {
  readonly KmsKey: KmsKey['KmsKey'];
  readonly SecretsmanagerSecret: Secret['SecretsmanagerSecret'];
  readonly SecretsmanagerSecretPolicy: SecretPolicy['SecretsmanagerSecretPolicy'];
}

/** `@cdktf/provider-aws` is an optional peer dependency, loaded only where a construct asks for it. */
export function awsBindings(asker: string, load: (name: string) => unknown = require): AwsBindings {
  const module = (name: string) => {
    try {
      return load(`@cdktf/provider-aws/lib/${name}`);
    } catch (cause) {
      throw new Error(
        `${asker} needs the package @cdktf/provider-aws, which could not be loaded, so no container for the access key's ` +
          `secret can be made. Run npm install @cdktf/provider-aws; or make the secret yourself and name it with ` +
          `SecretDestination.secretsManager({ secretId }).`,
        { cause },
      );
    }
  };
  return {
    ...(module('kms-key') as KmsKey),
    ...(module('secretsmanager-secret') as Secret),
    ...(module('secretsmanager-secret-policy') as SecretPolicy),
  };
}
