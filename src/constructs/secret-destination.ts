import type { Construct } from 'constructs';
import { commandDestination } from './private/command-destination.js';
import type { BindDestination, BoundDestination } from './private/destination.js';
import { fileDestination } from './private/file-destination.js';
import { newSecretsManagerSecret } from './private/new-secrets-manager-secret.js';
import {
  secretsManagerDestination,
  ssmParameterDestination,
  vaultKvDestination,
} from './private/store-destinations.js';
import { terraformOutputDestination } from './private/terraform-output-destination.js';
import type {
  CommandDestinationProps,
  FileDestinationProps,
  NewSecretsManagerSecretProps,
  SecretsManagerDestinationProps,
  SsmParameterDestinationProps,
  TerraformOutputDestinationProps,
  VaultKvDestinationProps,
} from './secret-destination-props.js';

/**
 * Where the secret of an access key goes. Lightsail gives it out once, when the key is created, so the
 * destination is decided before that; changing it later rotates the key.
 *
 * A destination describes; it makes nothing by itself, and may be handed to several keys where that makes sense. A
 * file, a secret, a parameter or a Vault path that two keys of one stack name fails the synthesis.
 * Arguments that cannot be right fail the synthesis, naming the key's path; tokens are left for Terraform.
 */
export class SecretDestination {
  /**
   * Into the sensitive attribute `secret_access_key`, and thereby **in clear into Terraform's state**, where
   * everybody can read it who can read the state. Every other destination keeps it out of there; so do
   * `ageRecipients`, with which the state holds ciphertext only.
   *
   * @see https://developer.hashicorp.com/terraform/language/state/sensitive-data
   *
   * @example
   * const key = new BucketAccessKey(this, 'uploads', {
   *   bucketName: 'my-uploads',
   *   secret: SecretDestination.terraformOutput(),
   * });
   * key.secretOutput('uploads-secret');
   */
  static terraformOutput(props: TerraformOutputDestinationProps = {}): SecretDestination {
    return new SecretDestination(terraformOutputDestination(props));
  }

  /**
   * Into a file on the machine that runs Terraform, readable by its owner alone (mode 0600) and replaced in one
   * step. The file belongs to one key: content that is not that key's is never overwritten.
   *
   * An empty path, an unknown format or something that is no age recipient fails the synthesis.
   *
   * @see https://age-encryption.org
   *
   * @example
   * new BucketAccessKey(this, 'uploads', {
   *   bucketName: 'my-uploads',
   *   secret: SecretDestination.file({ path: '/etc/uploader/key.json' }),
   * });
   */
  static file(props: FileDestinationProps): SecretDestination {
    return new SecretDestination(fileDestination(props));
  }

  /**
   * Into an existing secret of AWS Secrets Manager, as a new version: consumers that ask for `AWSCURRENT` find the
   * new pair from one moment to the next. `key.secretReference` is the secret's ARN with the pair's version.
   *
   * An empty `secretId` or an unknown format fails the synthesis; a secret that is missing, scheduled for deletion
   * or in another Region fails the plan.
   *
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html
   *
   * @example
   * new BucketAccessKey(this, 'uploads', {
   *   bucketName: 'my-uploads',
   *   secret: SecretDestination.secretsManager({ secretId: 'ci/uploads' }),
   * });
   */
  static secretsManager(props: SecretsManagerDestinationProps): SecretDestination {
    return new SecretDestination(secretsManagerDestination(props));
  }

  /**
   * Into a new secret of AWS Secrets Manager, which is made with the key and deleted after it: the key's child
   * `Secret`, and where asked for `KmsKey` and `SecretPolicy`. The stack needs an `AwsProvider`.
   *
   * A name together with a prefix, a KMS key that is given and made, a recovery window that Secrets Manager does not
   * have, or a policy that is no JSON fails the synthesis.
   *
   * @throws Error when the key is constructed and `@cdktf/provider-aws` is not installed
   *
   * @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/secretsmanager_secret
   *
   * @example
   * const key = new BucketAccessKey(this, 'uploads', {
   *   bucketName: 'my-uploads',
   *   secret: SecretDestination.newSecretsManagerSecret({ name: 'ci/uploads', createKmsKey: true }),
   * });
   * new TerraformOutput(this, 'secret-arn', { value: key.secretReference });
   */
  static newSecretsManagerSecret(props: NewSecretsManagerSecretProps = {}): SecretDestination {
    return new SecretDestination(newSecretsManagerSecret(props));
  }

  /**
   * Into a SecureString of AWS Systems Manager's Parameter Store, made with the key and deleted with it.
   * `key.secretReference` is the parameter's name.
   *
   * A name that Parameter Store would refuse, an unknown tier or format fails the synthesis.
   *
   * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html
   *
   * @example
   * new BucketAccessKey(this, 'uploads', {
   *   bucketName: 'my-uploads',
   *   secret: SecretDestination.ssmParameter({ name: '/ci/uploads', kmsKeyId: 'alias/ci' }),
   * });
   */
  static ssmParameter(props: SsmParameterDestinationProps): SecretDestination {
    return new SecretDestination(ssmParameterDestination(props));
  }

  /**
   * Into a KV v2 secrets engine of HashiCorp Vault or OpenBao. Terraform needs `VAULT_ADDR` and `VAULT_TOKEN` (or
   * what else the Vault CLI takes) in its environment.
   *
   * An empty mount, path or namespace, or an unknown format fails the synthesis.
   *
   * @see https://developer.hashicorp.com/vault/docs/secrets/kv/kv-v2
   *
   * @example
   * new BucketAccessKey(this, 'uploads', {
   *   bucketName: 'my-uploads',
   *   secret: SecretDestination.vaultKv({ mount: 'secret', path: 'ci/uploads' }),
   * });
   */
  static vaultKv(props: VaultKvDestinationProps): SecretDestination {
    return new SecretDestination(vaultKvDestination(props));
  }

  /**
   * To a program of your own, as JSON on its standard input, for every place that has none here: a password manager,
   * a CI system's variables, a cluster. What the program prints as `{"reference": "…"}` in its first line becomes
   * `key.secretReference`. What it stored cannot be read back: a run that is killed in between leaves a key that
   * later plans name, and nobody can finish.
   *
   * A list that names no program or an unknown format fails the synthesis; a program that is not there fails the plan.
   *
   * `examples/command` of this project's repository has programs for 1Password, Doppler, GitHub, GitLab and Kubernetes.
   *
   * @example
   * new BucketAccessKey(this, 'uploads', {
   *   bucketName: 'my-uploads',
   *   secret: SecretDestination.command({
   *     write: ['/opt/keys/one-password.sh', 'write', 'CI', 'uploads'],
   *     delete: ['/opt/keys/one-password.sh', 'delete', 'CI', 'uploads'],
   *   }),
   * });
   */
  static command(props: CommandDestinationProps): SecretDestination {
    return new SecretDestination(commandDestination(props));
  }

  private constructor(private readonly binder: BindDestination) {}

  /**
   * Called by the key that uses this destination.
   *
   * @internal
   */
  bind(key: Construct): BoundDestination {
    return this.binder(key);
  }
}
