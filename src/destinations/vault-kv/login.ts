import { DestinationError } from '../../lifecycle/destination.js';
import { Secret } from '../../secret/secret.js';
import { credentialsFrom, tokenFile } from './settings.js';
import type { AppRole, Environment } from './settings.js';
import type { Transport } from './transport.js';

/** A token this close to its end is not used any more. */
const MARGIN = 30_000;

/** The token of this run; one that AppRole gave is renewed by logging in again. */
export class Login {
  #own: { readonly token: Secret; readonly until: number } | undefined;

  constructor(
    private readonly transport: Transport,
    private readonly env: Environment,
    private readonly options: {
      readonly isAgent: boolean;
      /** Told of every token before it is used. */
      readonly learn: (secret: Secret) => void;
    },
  ) {}

  /** Null where an agent has one of its own. */
  async token(): Promise<Secret | null> {
    const credentials = credentialsFrom(this.env);
    if (!credentials && this.options.isAgent) return null;
    if (!credentials) throw new DestinationError(...noToken(this.env));
    if (credentials instanceof Secret) {
      this.options.learn(credentials);
      return credentials;
    }
    if (!this.#own || Date.now() > this.#own.until) {
      this.#own = await this.#logIn(credentials);
      this.options.learn(this.#own.token);
    }
    return this.#own.token;
  }

  async #logIn({ mount, roleId, secretId }: AppRole): Promise<{ token: Secret; until: number }> {
    const path = `auth/${mount}/login`;
    const body = { role_id: roleId, ...(secretId && { secret_id: secretId.reveal() }) };
    const { status, body: answer } = await this.transport.send({ method: 'POST', path, body });
    const auth = (answer.auth ?? {}) as { client_token?: string; lease_duration?: number };
    if (status !== 200 || !auth.client_token) {
      throw new DestinationError(
        `Vault did not accept the AppRole of this run at ${path} (${status}).`,
        'See that VAULT_ROLE_ID and VAULT_SECRET_ID are right and not used up, and VAULT_APPROLE_MOUNT where the method is not mounted at approle.',
      );
    }
    const seconds = auth.lease_duration ?? 0;
    const until = seconds > 0 ? Date.now() + Math.max(seconds * 1000 - MARGIN, seconds * 500) : Infinity;
    return { token: new Secret(auth.client_token), until };
  }
}

function noToken(env: Environment): [message: string, remedy: string] {
  const half = ['VAULT_SECRET_ID', 'BAO_SECRET_ID'].find((name) => env[name]);
  return half
    ? [
        `There is no token for Vault: ${half} is set, and VAULT_ROLE_ID is not.`,
        'Set VAULT_ROLE_ID as well, or VAULT_TOKEN.',
      ]
    : [
        `There is no token for Vault: neither VAULT_TOKEN nor VAULT_ROLE_ID is set, and ${tokenFile(env)} holds none.`,
        'Set VAULT_TOKEN, or VAULT_ROLE_ID and VAULT_SECRET_ID for AppRole, or run "vault login".',
      ];
}
