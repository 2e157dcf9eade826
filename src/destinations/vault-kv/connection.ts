import { readdir } from 'node:fs/promises';
import type { AgentOptions } from 'node:https';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { LARGEST_BUNDLE, readRegular, readRegularSync } from '../../files/regular-file.js';
import { DestinationError } from '../../lifecycle/destination.js';
import { Secret } from '../../secret/secret.js';
import { namespaceFrom, variable } from './descriptor.js';
import type { Environment } from './descriptor.js';
import type { Transport } from './transport.js';

/** How Vault is reached: as its CLI takes it from the environment; OpenBao's names count where Vault's are not set. */
export interface Settings {
  /** Without a name and password in it, which messages would show. */
  readonly address: string;
  /** `NAME:PASSWORD`, for a proxy in front of Vault. */
  readonly login: Secret | null;
  /** An agent adds its own token to what has none. */
  readonly isAgent: boolean;
  readonly namespace: string | null;
  /** Milliseconds for one attempt. */
  readonly timeLimit: number;
  readonly tls: TlsSettings;
}

interface TlsSettings {
  readonly caFile?: string;
  /** The certificates themselves. */
  readonly caText?: string;
  readonly caFolder?: string;
  readonly certificateFile?: string;
  readonly keyFile?: string;
  readonly serverName?: string;
  /** Trusted besides Node's own where no CA is named; the launcher moves NODE_EXTRA_CA_CERTS there. */
  readonly extraCaFile?: string;
  readonly isUnverified: boolean;
}

/** The CLI's own. */
const DEFAULT_ADDRESS = 'https://127.0.0.1:8200';
const DEFAULT_TIME_LIMIT = 60_000;

export function settingsFrom(
  options: { readonly address?: string | undefined; readonly namespace?: string | undefined },
  env: Environment,
): Settings {
  const of = (name: string) => variable(env, name);
  const agent = options.address === undefined ? of('AGENT_ADDR') : undefined;
  return {
    ...addressed(options.address ?? agent ?? of('ADDR') ?? DEFAULT_ADDRESS),
    isAgent: agent !== undefined,
    namespace: namespaceFrom(options.namespace, env),
    timeLimit: milliseconds(of('CLIENT_TIMEOUT')) ?? DEFAULT_TIME_LIMIT,
    tls: {
      ...given('caFile', of('CACERT')),
      ...given('caText', of('CACERT_BYTES')),
      ...given('caFolder', of('CAPATH')),
      ...given('certificateFile', of('CLIENT_CERT')),
      ...given('keyFile', of('CLIENT_KEY')),
      ...given('serverName', of('TLS_SERVER_NAME')),
      ...given('extraCaFile', env.LIGHTSAIL_EXTRA_CA_CERTS ?? env.NODE_EXTRA_CA_CERTS),
      isUnverified: /^(1|t|true)$/i.test(of('SKIP_VERIFY') ?? ''),
    },
  };
}

/** Also an address that is none may hold a password. */
function addressed(text: string): Pick<Settings, 'address' | 'login'> {
  const [, scheme = '', login, rest = ''] = /^([a-z][a-z0-9+.-]*:\/*)?(?:([^/]*)@)?(.*)$/is.exec(text) ?? [];
  return {
    address: `${scheme}${rest}`.replace(/\/+$/, ''),
    login: login === undefined || login === '' ? null : new Secret(decoded(login)),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** `90`, `90s`, `1m30s`, as Go writes durations; null for anything else. */
function milliseconds(text: string | undefined): number | null {
  if (text === undefined || !/^(\d+|(\d+(\.\d+)?(ms|s|m|h))+)$/.test(text)) return null;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)?/g)];
  const sum = parts.reduce((all, [, number, unit = 's']) => all + Number(number) * (UNITS[unit] ?? 0), 0);
  return sum > 0 ? sum : null;
}

function given<Name extends string>(name: Name, value: string | undefined): Partial<Record<Name, string>> {
  return (value === undefined ? {} : { [name]: value }) as Partial<Record<Name, string>>;
}

/** AppRole's variables are ours: the CLI has none. */
interface AppRole {
  readonly mount: string;
  readonly roleId: string;
  readonly secretId: Secret | null;
}

/** VAULT_TOKEN, then AppRole, then the file that `vault login` leaves. */
export function credentialsFrom(env: Environment): Secret | AppRole | null {
  const token = variable(env, 'TOKEN');
  if (token) return new Secret(token);
  const roleId = variable(env, 'ROLE_ID');
  if (roleId) {
    const secretId = variable(env, 'SECRET_ID');
    const mount = variable(env, 'APPROLE_MOUNT') ?? 'approle';
    return { mount, roleId, secretId: secretId ? new Secret(secretId) : null };
  }
  try {
    const stored = readRegularSync(tokenFile(env)).trim();
    return stored ? new Secret(stored) : null;
  } catch {
    return null;
  }
}

function tokenFile(env: Environment): string {
  return join(env.HOME ?? homedir(), '.vault-token');
}

/** A token this close to its end is not used any more. */
const MARGIN = 30_000;

export interface LoginOptions {
  readonly isAgent: boolean;
  /** Told of every token before it is used. */
  readonly learn: (secret: Secret) => void;
}

/** A token that AppRole gave. */
interface Own {
  readonly token: Secret;
  readonly until: number;
  /** How many more calls Vault takes it for. */
  uses: number;
  /** Vault keeps no record of a batch token, and so cannot end it. */
  readonly isBatch: boolean;
  readonly transport: Transport;
}

interface AuthAnswer {
  readonly client_token?: string;
  readonly lease_duration?: number;
  /** 0: as often as one likes. */
  readonly num_uses?: number;
  readonly token_type?: string;
}

/** The token of this run; one that AppRole gave is shared by all calls, and replaced by logging in again. */
export class Login {
  #own: Promise<Own> | undefined;

  constructor(
    private readonly env: Environment,
    private readonly options: LoginOptions,
  ) {}

  /** Null where an agent has one of its own. */
  async token(transport: Transport): Promise<Secret | null> {
    const credentials = credentialsFrom(this.env);
    if (!credentials && this.options.isAgent) return null;
    if (!credentials) throw new DestinationError(...noToken(this.env));
    if (credentials instanceof Secret) {
      this.options.learn(credentials);
      return credentials;
    }
    for (;;) {
      // A secret ID may be good for a few logins only: whoever comes meanwhile waits for this one.
      const present = (this.#own ??= this.#logIn(credentials, transport));
      const own = await present.catch((error: unknown) => {
        this.#forget(present);
        throw error;
      });
      if (own.uses > 0 && Date.now() <= own.until) {
        own.uses -= 1;
        return own.token;
      }
      this.#forget(present);
    }
  }

  /** Never throws: a token that stays ends by itself. */
  async revoke(): Promise<void> {
    const own = await this.#own?.catch(() => undefined);
    this.#own = undefined;
    if (!own || own.isBatch || own.uses <= 0 || Date.now() > own.until) return;
    const { token, transport } = own;
    await transport.send({ method: 'POST', path: 'auth/token/revoke-self', token }).catch(() => undefined);
  }

  #forget(own: Promise<Own>): void {
    if (this.#own === own) this.#own = undefined;
  }

  async #logIn({ mount, roleId, secretId }: AppRole, transport: Transport): Promise<Own> {
    const path = `auth/${mount}/login`;
    const body = { role_id: roleId, ...(secretId && { secret_id: secretId.reveal() }) };
    const { status, body: answer } = await transport.send({ method: 'POST', path, body });
    const auth = (answer.auth ?? {}) as AuthAnswer;
    if (status !== 200 || !auth.client_token) {
      throw new DestinationError(
        `Vault did not accept the AppRole of this run at ${path} (${status}).`,
        'See that VAULT_ROLE_ID and VAULT_SECRET_ID are right and not used up, and VAULT_APPROLE_MOUNT where the method is not mounted at approle.',
      );
    }
    const seconds = auth.lease_duration ?? 0;
    const token = new Secret(auth.client_token);
    this.options.learn(token);
    return {
      token,
      until: seconds > 0 ? Date.now() + Math.max(seconds * 1000 - MARGIN, seconds * 500) : Infinity,
      uses: auth.num_uses === undefined || auth.num_uses === 0 ? Infinity : auth.num_uses,
      isBatch: auth.token_type === 'batch',
      transport,
    };
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

/** What the environment says of certificates, read from their files. */
export async function tlsOptions(settings: TlsSettings): Promise<AgentOptions> {
  const { certificateFile, keyFile, serverName } = settings;
  const ca = await authorities(settings);
  return {
    ...(ca && { ca }),
    ...(certificateFile && { cert: await read(certificateFile) }),
    ...(keyFile && { key: await read(keyFile) }),
    ...(serverName && { servername: serverName }),
    rejectUnauthorized: !settings.isUnverified,
  };
}

/** Undefined: Node's own. */
async function authorities(settings: TlsSettings): Promise<string[] | undefined> {
  const { caFile, caText, caFolder } = settings;
  if (caFile) return [await read(caFile)];
  if (caText) return [caText];
  return caFolder ? readAll(caFolder) : extra(settings);
}

async function extra({ extraCaFile }: TlsSettings): Promise<string[] | undefined> {
  if (!extraCaFile) return undefined;
  // Like Node, which goes on without a file that it cannot read.
  const text = await readRegular(extraCaFile, LARGEST_BUNDLE).catch(() => null);
  return text === null ? undefined : [...rootCertificates, text];
}

/** Like the CLI, with the folders in it. */
async function readAll(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    const texts = entries.map(async (entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? readAll(path) : [await read(path)];
    });
    return (await Promise.all(texts)).flat();
  } catch (error) {
    throw unreadable(folder, error);
  }
}

async function read(path: string): Promise<string> {
  return readRegular(path, LARGEST_BUNDLE).catch((error: unknown) => {
    throw unreadable(path, error);
  });
}

function unreadable(path: string, error: unknown): DestinationError {
  if (error instanceof DestinationError) return error;
  const code = error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? error.name) : 'unknown';
  return new DestinationError(
    `${path}, which the environment names for the connection to Vault, cannot be read (${code}).`,
    'Correct VAULT_CACERT, VAULT_CAPATH, VAULT_CLIENT_CERT or VAULT_CLIENT_KEY.',
  );
}
