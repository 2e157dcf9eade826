/**
 * How the pair is written at its destination:
 *
 * - `sdk`: JSON with `accessKeyId` and `secretAccessKey`, and beside them `bucketName`, `region`, `createdAt`;
 * - `env`: lines `AWS_ACCESS_KEY_ID=…` and `AWS_SECRET_ACCESS_KEY=…`;
 * - `credential_process`: what the AWS CLI and SDKs expect of a `credential_process` program;
 * - `ini`: a profile of a shared credentials file.
 */
export type SecretFormat = 'sdk' | 'env' | 'credential_process' | 'ini';

/** What the destinations outside of Terraform's state have in common. */
export interface FormattedDestinationProps {
  /** Default: `sdk`. Changing it rotates the key, because its secret cannot be had again. */
  readonly format?: SecretFormat;
}

/** Arguments of {@link SecretDestination.terraformOutput}. */
export interface TerraformOutputDestinationProps {
  /**
   * X25519 recipients of [age](https://age-encryption.org) (`age1…`). With them the state holds ciphertext only, in
   * `sealed_secret_access_key`, which each of them can open with `age -d`. Default: none, the secret is in clear.
   */
  readonly ageRecipients?: readonly string[];
}

/** Arguments of {@link SecretDestination.file}. */
export interface FileDestinationProps extends FormattedDestinationProps {
  /**
   * Where the file goes, on the machine that runs Terraform. A relative path counts from the folder in which
   * Terraform runs, for a synthesized stack `cdktf.out/stacks/NAME`.
   */
  readonly path: string;
  /**
   * X25519 recipients of [age](https://age-encryption.org) (`age1…`). With them only ciphertext touches the disk.
   * Default: none, the file holds the pair in clear. Changing them rotates the key.
   */
  readonly ageRecipients?: readonly string[];
}

/** Arguments of {@link SecretDestination.secretsManager}. */
export interface SecretsManagerDestinationProps extends FormattedDestinationProps {
  /** The ARN or the name of a secret that exists, in the Region and account of the provider. */
  readonly secretId: string;
}

/** Arguments of {@link SecretDestination.newSecretsManagerSecret}. */
export interface NewSecretsManagerSecretProps extends FormattedDestinationProps {
  /** 1 to 512 letters, digits and `/_+=.@-`. Default: Terraform makes one up. */
  readonly name?: string;
  /** How the name begins that Terraform makes up. Instead of `name`. */
  readonly namePrefix?: string;
  readonly description?: string;
  /** An existing KMS key, by ID, ARN or alias. Default: the account's `aws/secretsmanager`. */
  readonly kmsKeyId?: string;
  /** Makes a KMS key for this secret alone, with yearly rotation. Instead of `kmsKeyId`. Default: false. */
  readonly createKmsKey?: boolean;
  /** Days for which a deleted secret can be recovered, 7 to 30; 0 deletes it at once. Default: 30. */
  readonly recoveryWindowInDays?: number;
  /** Who may do what with the secret, as an IAM policy document in JSON. A policy that is public is refused. Default: none. */
  readonly resourcePolicy?: string;
  /** Also on the KMS key that is made for it. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** Arguments of {@link SecretDestination.ssmParameter}. */
export interface SsmParameterDestinationProps extends FormattedDestinationProps {
  /** The parameter's name, such as `/ci/uploads`; it belongs to one key, and is made and deleted with it. */
  readonly name: string;
  /** The KMS key that encrypts it, by ID, ARN or alias. Default: the account's `aws/ssm`. */
  readonly kmsKeyId?: string;
  /** Default: the account's own default tier. */
  readonly tier?: 'Standard' | 'Advanced' | 'Intelligent-Tiering';
}

/** Arguments of {@link SecretDestination.vaultKv}. */
export interface VaultKvDestinationProps extends FormattedDestinationProps {
  /** Where the KV v2 secrets engine is mounted, such as `secret`. */
  readonly mount: string;
  /** The secret's path below the mount, without `data/`; it belongs to one key. */
  readonly path: string;
  /** Vault Enterprise's or OpenBao's namespace. Default: `VAULT_NAMESPACE`, else the root one. */
  readonly namespace?: string;
}

/** Arguments of {@link SecretDestination.command}. */
export interface CommandDestinationProps extends FormattedDestinationProps {
  /**
   * A program and its arguments; no shell reads them. It gets one JSON object on its standard input, stores the pair,
   * and ends with status 0 within 60 seconds. A relative path counts from the folder in which Terraform runs.
   */
  readonly write: readonly string[];
  /**
   * A program that removes the pair of the key whose ID it gets, and no other. Default: none, what was written stays
   * when the key goes.
   */
  readonly delete?: readonly string[];
}
