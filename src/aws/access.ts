import type { NodeHttpHandler } from '@smithy/node-http-handler';
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider, Logger } from '@smithy/types';

/** The AWS services that this project calls; the names are those of the provider's `endpoints`, which has no `kms`. */
export type AwsService = 'lightsail' | 's3' | 'secretsmanager' | 'ssm' | 'sts' | 'kms';

/** What every client of the AWS SDK in this process is made with. */
export interface ClientOptions {
  readonly region: string;
  readonly endpoint?: string;
  readonly profile?: string;
  readonly maxAttempts: number;
  /** Silent: the SDK would log its answers, and with them secrets. */
  readonly logger: Logger;
  readonly requestHandler: NodeHttpHandler;
  /** Left out where the SDK's default chain finds them. */
  readonly credentials?: AwsCredentialIdentity | AwsCredentialIdentityProvider;
}

/** The way to AWS, as the provider block and the SDK's default chain give it. */
export interface AwsAccess {
  region(): Promise<string>;
  /** Whose credentials they are, where that can be told without a call. */
  account?(): Promise<string | null>;
  /** Options for the constructor of a service's client; `attempts` instead of the configured number. */
  clientOptions(service: AwsService, attempts?: number): Promise<ClientOptions>;
}
