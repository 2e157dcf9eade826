import type { AwsService } from '../aws/access.js';
import type { Secret } from '../secret/secret.js';

export interface AssumeRole {
  readonly roleArn: string;
  readonly sessionName?: string;
  readonly externalId?: string;
  readonly durationSeconds?: number;
  /** An IAM policy as JSON that narrows the session. */
  readonly policy?: string;
  readonly policyArns?: readonly string[];
  readonly sourceIdentity?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly transitiveTagKeys?: readonly string[];
}

/** How AWS is reached. What is left out comes from the AWS SDK's default chain. */
export interface Settings {
  readonly region?: string;
  readonly profile?: string;
  readonly accessKeyId?: string;
  readonly secretAccessKey?: Secret;
  readonly sessionToken?: Secret;
  /** Later files take precedence over earlier ones. */
  readonly sharedConfigFiles?: readonly string[];
  readonly sharedCredentialsFiles?: readonly string[];
  readonly assumeRole?: AssumeRole;
  readonly endpoints?: Readonly<Partial<Record<AwsService, string>>>;
  /** For calls that are safe to repeat. */
  readonly maxAttempts: number;
  /** For such a call while AWS asks to slow down. Default: `maxAttempts`. */
  readonly throttledAttempts?: number;
  /** Whether messages may speak of a provider block. Default: true; the command has none. */
  readonly hasProviderBlock?: boolean;
  /** Told of every secret of the credentials in use. */
  readonly learn?: (secret: Secret) => void;
  /** PEM files of certificate authorities to trust besides Node's own, as in NODE_EXTRA_CA_CERTS. */
  readonly extraCaCertificates?: readonly string[];
}
