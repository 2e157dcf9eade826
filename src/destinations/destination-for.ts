import type { AwsAccess } from '../aws/access.js';
import type { Destination } from '../lifecycle/destination.js';
import type { Secret } from '../secret/secret.js';
import { AgeSealer } from './age/sealer.js';
import { CommandDestination } from './command/command.js';
import type { DestinationChoice } from './destination-choice.js';
import { FileDestination } from './file.js';
import { Nowhere } from './nowhere.js';
import { TerraformOutputDestination } from './terraform-output.js';

/** What destinations need besides their own arguments. */
export interface Surroundings {
  readonly bucket: string;
  readonly access: AwsAccess;
  /** The provider block's endpoint of Vault. */
  readonly vaultAddress: string | undefined;
  /** Told of every credential that a store gives to this run. */
  readonly learn: (secret: Secret) => void;
}

/** Loads a store's code where it is named; its client the store loads by itself, at the first call that needs it. */
export async function destinationFor(choice: DestinationChoice, around: Surroundings): Promise<Destination> {
  switch (choice.kind) {
    case 'file':
      return new FileDestination(choice.path, choice.format, sealerFor(choice.ageRecipients));
    case 'terraform_output':
      return new TerraformOutputDestination(choice.current.key, sealerFor(choice.ageRecipients));
    case 'secrets_manager': {
      const { SecretsManagerDestination } = await import('./secrets-manager/store.js');
      return new SecretsManagerDestination(around.access, choice);
    }
    case 'ssm_parameter': {
      const { SsmParameterDestination } = await import('./ssm-parameter/store.js');
      return new SsmParameterDestination(around.access, choice);
    }
    case 'vault_kv': {
      const { VaultKvDestination } = await import('./vault-kv/store.js');
      const { learn, vaultAddress: address } = around;
      return new VaultKvDestination({ ...choice, learn, ...(address && { address }) });
    }
    case 'command':
      return new CommandDestination({
        ...choice,
        bucket: around.bucket,
        current: choice.current.key,
        reference: choice.current.reference,
      });
    case 'none':
      return new Nowhere();
  }
}

function sealerFor(recipients: readonly string[] | null): AgeSealer | null {
  return recipients && new AgeSealer(recipients);
}
