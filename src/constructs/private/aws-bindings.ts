type KmsKeyModule = typeof import('@cdktf/provider-aws/lib/kms-key/index.js');
type SecretModule = typeof import('@cdktf/provider-aws/lib/secretsmanager-secret/index.js');
type SecretPolicyModule = typeof import('@cdktf/provider-aws/lib/secretsmanager-secret-policy/index.js');

/** Everything that this package makes with the AWS provider's resources. */
export interface AwsBindings {
  readonly KmsKey: KmsKeyModule['KmsKey'];
  readonly SecretsmanagerSecret: SecretModule['SecretsmanagerSecret'];
  readonly SecretsmanagerSecretPolicy: SecretPolicyModule['SecretsmanagerSecretPolicy'];
}

/**
 * `@cdktf/provider-aws` is an optional peer dependency, loaded only where a construct asks for it; file by file, since
 * the whole takes seconds, and by constant names, which bundlers of CDKTF apps can follow.
 */
export function awsBindings(asker: string): AwsBindings {
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
