import type { Format } from './formats.js';

/** The key whose pair the state says was delivered, and where. */
export interface Current {
  readonly key: string | null;
  readonly reference: string | null;
}

export const TIERS = ['Standard', 'Advanced', 'Intelligent-Tiering'] as const;
export type Tier = (typeof TIERS)[number];

/** The destinations from which a pair can be read back, by whoever is allowed to. */
export const READABLE = ['file', 'secrets_manager', 'ssm_parameter', 'vault_kv'] as const;
export type Readable = (typeof READABLE)[number];

/** Where the author sends the secret; `none` for a key that was never routed (imported). */
export type DestinationChoice =
  | {
      readonly kind: 'terraform_output';
      readonly current: Current;
      readonly ageRecipients: readonly string[] | null;
    }
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly format: Format;
      readonly ageRecipients: readonly string[] | null;
    }
  | { readonly kind: 'secrets_manager'; readonly secretId: string; readonly format: Format }
  | {
      readonly kind: 'ssm_parameter';
      readonly name: string;
      readonly kmsKeyId?: string;
      readonly tier?: Tier;
      readonly format: Format;
    }
  | {
      readonly kind: 'vault_kv';
      readonly mount: string;
      readonly path: string;
      readonly namespace?: string;
      readonly format: Format;
    }
  | {
      readonly kind: 'command';
      readonly write: readonly string[];
      readonly delete: readonly string[] | null;
      readonly format: Format;
      readonly current: Current;
    }
  | { readonly kind: 'none' };
