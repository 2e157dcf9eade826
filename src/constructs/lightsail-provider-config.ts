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

/** The role that the provider takes on before it calls anything else. */
export interface LightsailProviderAssumeRole {
  readonly roleArn: string;
  /** Appears in CloudTrail beside each call. */
  readonly sessionName?: string;
  /** What the role's trust policy asks for. */
  readonly externalId?: string;
  /** Seconds, 900 to 43200. Default: 3600, AWS's own. */
  readonly durationSeconds?: number;
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
   * How often a call is tried that is safe to repeat, the first time included. Default: 5, and 11 for a list of
   * keys that AWS throttles, after pauses that grow. Creating a key is never repeated blindly.
   */
  readonly maxAttempts?: number;
  /** A name for this one, where a stack has several; constructs choose it with their `provider` argument. */
  readonly alias?: string;
}
