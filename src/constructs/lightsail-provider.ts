import { TerraformProvider } from 'cdktf';
import type { Construct } from 'constructs';
import { PROVIDER_TYPE } from '../contract/names.js';
import { type Arguments, definedArguments, hclArguments } from './private/arguments.js';
import { enter } from './private/entrance.js';
import { providerPackage } from './private/provider-package.js';
import { PROVIDER } from './private/provider-rules.js';
import { placeProviderAtSynthesis } from './private/synthesis.js';

/** Where AWS's services are called, instead of at their usual addresses. URLs, with their scheme. */
export interface LightsailProviderEndpoints {
  /** Amazon Lightsail. */
  readonly lightsail?: string;
  /** AWS Secrets Manager. */
  readonly secretsmanager?: string;
  /** AWS Systems Manager, for its Parameter Store. */
  readonly ssm?: string;
  /** Amazon S3's API of the buckets, with which a new key is tried out. */
  readonly s3?: string;
  /** AWS Security Token Service, called only when a role is assumed. */
  readonly sts?: string;
  /** HashiCorp Vault or OpenBao. */
  readonly vault?: string;
}

/**
 * The role that the provider takes on before it calls anything else: the arguments of the AWS provider's `assume_role`.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export interface LightsailProviderAssumeRole {
  readonly roleArn: string;
  /** Appears in CloudTrail beside each call. */
  readonly sessionName?: string;
  /** What the role's trust policy asks for. */
  readonly externalId?: string;
  /** How long the session lasts, `15m` to `12h`, such as `1h30m`. Default: an hour, AWS's own. */
  readonly duration?: string;
  /**
   * An IAM policy as JSON, of at most 2048 characters: the session has the rights that both it and the role give. The
   * command `lightsail-access-key policy` prints the least that this package needs.
   */
  readonly policy?: string;
  /** ARNs of at most 10 managed policies that narrow the session in the same way. */
  readonly policyArns?: readonly string[];
  /** Who assumes the role: it stays with every session that follows from this one. */
  readonly sourceIdentity?: string;
  /** Session tags, at most 50. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Keys of `tags` that stay with every session that follows from this one. */
  readonly transitiveTagKeys?: readonly string[];
}

/**
 * Arguments of {@link LightsailProvider}: all optional, with the AWS provider's names and meaning. What is left
 * out is looked up in the AWS SDK's default order, beginning with the environment.
 */
export interface LightsailProviderConfig {
  /** The AWS Region of the buckets. */
  readonly region?: string;
  /** A profile of the shared configuration files. */
  readonly profile?: string;
  readonly accessKey?: string;
  /** Sensitive: pass a variable, not the value, which would stand in the synthesized configuration. */
  readonly secretKey?: string;
  /** Sensitive: the session token of temporary credentials. */
  readonly token?: string;
  /** Default: `~/.aws/config`. */
  readonly sharedConfigFiles?: readonly string[];
  /** Default: `~/.aws/credentials`. */
  readonly sharedCredentialsFiles?: readonly string[];
  readonly assumeRole?: LightsailProviderAssumeRole;
  readonly endpoints?: LightsailProviderEndpoints;
  /**
   * How often a call is tried that is safe to repeat, 1 to 100 times, the first time included. Default: 5, and 11 for a list of
   * keys that AWS throttles, after pauses that grow. Creating a key is never repeated blindly.
   */
  readonly maxAttempts?: number;
  /** A name for this one, where a stack has several; constructs choose it with their `provider` argument. */
  readonly alias?: string;
}

/**
 * The Terraform provider of this package, configured for a stack.
 *
 * A stack that declares none gets one by itself, with the Region and the endpoints of the stack's `AwsProvider`
 * where there is one. It does not get its credentials (`profile`, `assumeRole`, …): synthesis warns of them, and they
 * have to be declared here as well. Synthesis puts the provider's files into the stack's folder, where `terraform init` finds
 * them.
 *
 * Declare one and keep it when the last access key leaves a stack: Terraform needs the provider once more, to
 * delete that key.
 *
 * @example
 * new LightsailProvider(this, 'lightsail', {
 *   region: 'eu-central-1',
 *   assumeRole: { roleArn: 'arn:aws:iam::111122223333:role/keys' },
 * });
 */
export class LightsailProvider extends TerraformProvider {
  /** The provider's name in Terraform. */
  static readonly tfResourceType = PROVIDER_TYPE;

  readonly #config: LightsailProviderConfig;

  /**
   * @throws Error with its path and everything that is wrong with `config`: an endpoint that is no URL, a number out of
   * its range; tokens are left for Terraform
   */
  constructor(scope: Construct, id: string, config: LightsailProviderConfig = {}) {
    const { source, version } = providerPackage();
    super(enter(scope, id, PROVIDER, config), id, {
      terraformResourceType: PROVIDER_TYPE,
      terraformGeneratorMetadata: { providerName: PROVIDER_TYPE, providerVersion: version },
      terraformProviderSource: source,
    });
    this.#config = config;
    placeProviderAtSynthesis(this);
  }

  /** The name that tells this one from the stack's others; undefined for the one that constructs use by default. */
  override get alias(): string | undefined {
    return this.#config.alias;
  }

  /** The arguments by their Terraform names, read when the stack is synthesized. */
  protected arguments(): Arguments {
    return PROVIDER.arguments(this.#config);
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return definedArguments(this.arguments());
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return hclArguments(this.arguments());
  }
}
