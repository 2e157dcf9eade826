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
  /** {@link QUIET}: the SDK would log its answers, and with them secrets. */
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

const quiet = () => undefined;
export const QUIET: Logger = { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet };

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** Older IDs begin with a letter before Q here, and say nothing. */
const WITH_ACCOUNT = /^A[KS]IA([Q-Z2-7][A-Z2-7]{9})/;

/** What the SDK knows of credentials. */
interface Identity {
  readonly accessKeyId: string;
  readonly accountId?: string;
}

/**
 * The account that credentials belong to, without a call: as their ID carries it (40 bits after a first one that is
 * always set), else as the SDK was told it. Null where neither tells. The ID comes first, since nothing ties a variable
 * like AWS_ACCOUNT_ID to the credentials beside it.
 */
export function accountOf({ accessKeyId, accountId }: Identity): string | null {
  const digits = WITH_ACCOUNT.exec(accessKeyId)?.[1];
  if (digits === undefined) return accountId ?? null;
  const bits = Array.from(digits).reduce((sum, digit) => sum * 32n + BigInt(BASE32.indexOf(digit)), 0n);
  const account = (bits >> 9n) & ((1n << 40n) - 1n);
  return account.toString().padStart(12, '0');
}
