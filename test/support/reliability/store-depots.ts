import { CommandStore } from '../destinations/command-store.js';
import { ParameterStore } from '../destinations/parameter-store.js';
import { SecretsManagerStore } from '../destinations/secrets-manager-store.js';
import { VaultStore } from '../destinations/vault-store.js';
import type { Depot } from './depot.js';
import type { Route } from './scenarios.js';
import { StoreDepot } from './store-depot.js';

/** One scene's stores, each behind a lane of its own, so that what goes there is this scene's. */
export interface StoreDepots {
  readonly depots: ReadonlyMap<Route, Depot>;
  /** What the provider's environment has to say for it to find them. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** `moto` may be shared: a place is never used twice. */
export async function openStoreDepots(moto: string, region: string): Promise<StoreDepots> {
  const secretsManager = await SecretsManagerStore.open(moto, region);
  const parameters = await ParameterStore.open(moto, region);
  const vault = await VaultStore.open();
  const command = await openCommandDepot();
  return {
    depots: new Map<Route, Depot>([
      ['secrets_manager', new StoreDepot(secretsManager)],
      ['ssm_parameter', new StoreDepot(parameters)],
      ['vault_kv', new StoreDepot(vault)],
      ['command', command.depot],
    ]),
    env: {
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.url,
      AWS_ENDPOINT_URL_SSM: parameters.url,
      VAULT_ADDR: vault.url,
      VAULT_TOKEN: vault.token,
    },
    close: async () => {
      for (const store of [secretsManager, parameters, vault, command]) await store.close();
    },
  };
}

/** The store behind an author's own program, which needs no other server. */
export async function openCommandDepot(): Promise<{ readonly depot: Depot; close(): Promise<void> }> {
  const store = await CommandStore.open();
  return { depot: new StoreDepot(store), close: () => store.close() };
}
