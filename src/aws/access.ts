import type { Logger } from '@smithy/types';

/** The AWS services that this project calls; the names are those of the provider's `endpoints`. */
export type AwsService = 'lightsail' | 's3' | 'secretsmanager' | 'ssm' | 'sts';

/** What every client of the AWS SDK in this process is made with. */
export interface ClientOptions {
  readonly region: string;
  readonly endpoint?: string;
  readonly profile?: string;
  readonly maxAttempts: number;
  /** Silent: the SDK would log its answers, and with them secrets. */
  readonly logger: Logger;
  // The SDK's own types of these two differ between its packages' versions, and are not needed here.
  readonly credentials?: never;
  readonly requestHandler?: never;
}

/** The way to AWS, as the provider block and the SDK's default chain give it. */
export interface AwsAccess {
  region(): Promise<string>;
  /** Options for the constructor of a service's client; `attempts` instead of the configured number. */
  clientOptions(service: AwsService, attempts?: number): Promise<ClientOptions>;
}
