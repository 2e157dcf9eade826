import type { AwsAccess } from '../aws/access.js';
import type { Secret } from '../secret/secret.js';
import { READABLE } from './destination-choice.js';
import type { DestinationChoice, Readable } from './destination-choice.js';
import { FileReader } from './file-reader.js';
import type { PairReader } from './pair-reader.js';

export type ReadableChoice = Extract<DestinationChoice, { readonly kind: Readable }>;

export function isReadable(choice: DestinationChoice): choice is ReadableChoice {
  return READABLE.some((kind) => kind === choice.kind);
}

export interface StoreAccess {
  readonly access: AwsAccess;
  /** The provider block's endpoint of Vault. */
  readonly vaultAddress: string | undefined;
  /** Told of every credential that a store gives to this run. */
  readonly learn: (secret: Secret) => void;
}

/** Like a destination, a reader loads its client at the first call that needs it. */
export async function readerFor(
  choice: ReadableChoice,
  { access, vaultAddress, learn }: StoreAccess,
): Promise<PairReader> {
  switch (choice.kind) {
    case 'file':
      return new FileReader(choice.path);
    case 'secrets_manager': {
      const { SecretsManagerReader } = await import('./secrets-manager/store.js');
      return new SecretsManagerReader(access, choice.secretId);
    }
    case 'ssm_parameter': {
      const { ParameterReader } = await import('./ssm-parameter/store.js');
      return new ParameterReader(access, choice.name);
    }
    case 'vault_kv': {
      const { VaultReader } = await import('./vault-kv/store.js');
      return new VaultReader({ ...choice, learn, ...(vaultAddress && { address: vaultAddress }) });
    }
  }
}
