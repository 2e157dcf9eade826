import type { KMS_ACTIONS } from './rights.js';

/** Whose policy it is: of what Terraform applies, or of the command `audit`. */
export const PURPOSES = ['apply', 'audit'] as const;

export const DESTINATIONS = [
  'terraform-output',
  'file',
  'secrets-manager',
  'ssm-parameter',
  'vault-kv',
  'command',
] as const;
export type DestinationName = (typeof DESTINATIONS)[number];

export const TIERS = ['Standard', 'Advanced', 'Intelligent-Tiering'] as const satisfies readonly Tier[];
export type Tier = keyof (typeof KMS_ACTIONS)['ssm-parameter'];

/** Whose rights a policy is to give, and on what. */
export interface PolicyRequest {
  /** Names or ARNs. */
  readonly buckets: readonly string[];
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  readonly destination: DestinationName;
  /** Of `secrets-manager`: a name or ARN. */
  readonly secretId?: string | undefined;
  /** Of `ssm-parameter`. */
  readonly parameter?: string | undefined;
  readonly tier?: Tier | undefined;
  /** An ARN, ID or alias; undefined: AWS's own key of the service. */
  readonly kmsKey?: string | undefined;
}
