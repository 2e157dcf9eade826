import type { Construct } from 'constructs';
import {
  type BindDestination,
  bound,
  type BoundDestination,
  newSecretsManagerSecret,
} from './private/destination.js';
import type { Problems, Rule } from './private/rules.js';
import { DESTINATIONS, NEW_SECRET } from './private/secret-rules.js';
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
 * The key that gets it throws an error for arguments that cannot be right, with its path and the prop's name
 * (`secret.path`); tokens are left for Terraform.
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
    return new SecretDestination('terraformOutput', DESTINATIONS.terraformOutput, props, () =>
      bound('terraformOutput', props),
    );
  }

  /**
   * Into a file on the machine that runs Terraform, readable by its owner alone (mode 0600) and replaced in one
   * step. The file belongs to one key: content that is not that key's is never overwritten.
   *
   * Refused: an empty path, an unknown format, something that is no age recipient.
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
    return new SecretDestination('file', DESTINATIONS.file, props, () => bound('file', props));
  }

  /**
   * Into an existing secret of AWS Secrets Manager, as a new version: consumers that ask for `AWSCURRENT` find the
   * new pair from one moment to the next. `key.secretReference` is the secret's ARN with the pair's version, and
   * `key.secretArn` the ARN alone.
   *
   * Refused: an empty `secretId`, an unknown format. A secret that is missing, scheduled for deletion or in another
   * Region fails the plan.
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
    return new SecretDestination('secretsManager', DESTINATIONS.secretsManager, props, () =>
      bound('secretsManager', props),
    );
  }

  /**
   * Into a new secret of AWS Secrets Manager, which is made with the key and deleted after it: the key's child
   * `Secret`, and where asked for `KmsKey` and `SecretPolicy`. The stack needs an `AwsProvider`.
   *
   * Refused: a name together with a prefix, a KMS key that is given and made, a recovery window that Secrets Manager
   * does not have, a policy that is no JSON.
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
   * new TerraformOutput(this, 'secret-arn', { value: key.secretArn });
   */
  static newSecretsManagerSecret(props: NewSecretsManagerSecretProps = {}): SecretDestination {
    return new SecretDestination('newSecretsManagerSecret', NEW_SECRET, props, (key) =>
      newSecretsManagerSecret(key, props),
    );
  }

  /**
   * Into a SecureString of AWS Systems Manager's Parameter Store, made with the key and deleted with it.
   * `key.secretReference` is the parameter's name.
   *
   * Refused: a name that Parameter Store would not take, an unknown tier or format.
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
    return new SecretDestination('ssmParameter', DESTINATIONS.ssmParameter, props, () =>
      bound('ssmParameter', props, props.kmsKeyId === undefined ? {} : { kmsKey: props.kmsKeyId }),
    );
  }

  /**
   * Into a KV v2 secrets engine of HashiCorp Vault or OpenBao. Terraform needs `VAULT_ADDR` and `VAULT_TOKEN` (or
   * what else the Vault CLI takes) in its environment.
   *
   * Refused: an empty mount, path or namespace, a path that Vault has not, an unknown format.
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
    return new SecretDestination('vaultKv', DESTINATIONS.vaultKv, props, () => bound('vaultKv', props));
  }

  /**
   * To a program of your own, as JSON on its standard input, for every place that has none here: a password manager,
   * a CI system's variables, a cluster. What the program prints as `{"reference": "…"}` in its first line becomes
   * `key.secretReference`. What it stored cannot be read back: a run that is killed in between leaves a key that
   * later plans name, and nobody can finish.
   *
   * Refused: a list that names no program, an unknown format. A program that is not there fails the plan.
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
    return new SecretDestination('command', DESTINATIONS.command, props, () => bound('command', props));
  }

  private constructor(
    private readonly factory: string,
    private readonly rule: Rule,
    private readonly props: unknown,
    private readonly binder: BindDestination,
  ) {}

  /**
   * What is wrong with what the author has given.
   *
   * @internal
   */
  problems(): Problems {
    return this.rule.problems(this.props, {
      name: `The argument of SecretDestination.${this.factory}()`,
      prefix: 'secret.',
    });
  }

  /**
   * Called by the key that uses this destination, which has no problems.
   *
   * @internal
   */
  bind(key: Construct): BoundDestination {
    return this.binder(key);
  }
}
