import { homedir } from 'node:os';
import { join } from 'node:path';
import { readRegularSync } from '../../files/regular-file.js';
import { Secret } from '../../secret/secret.js';

export type Environment = Readonly<Record<string, string | undefined>>;

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

export interface TlsSettings {
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
  options: { readonly address?: string; readonly namespace?: string },
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

export function namespaceFrom(given: string | undefined, env: Environment): string | null {
  return filled((given ?? variable(env, 'NAMESPACE'))?.replace(/^\/+|\/+$/g, '')) ?? null;
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

/** AppRole's variables are ours: the CLI has none. */
export interface AppRole {
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

export function tokenFile(env: Environment): string {
  return join(env.HOME ?? homedir(), '.vault-token');
}

function variable(env: Environment, name: string): string | undefined {
  return filled(env[`VAULT_${name}`]) ?? filled(env[`BAO_${name}`]);
}

function filled(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
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
