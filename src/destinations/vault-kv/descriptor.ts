import { FORMAT } from '../descriptor.js';
import type { Descriptor } from '../descriptor.js';

const ARGUMENTS = {
  mount: { type: 'text', isRequired: true, description: 'Path of the KV version 2 mount.' },
  path: { type: 'text', isRequired: true, description: 'Path of the secret below the mount.' },
  namespace: { type: 'text', description: 'Namespace; default: `VAULT_NAMESPACE`.' },
  format: FORMAT,
} as const;
export type VaultArguments = typeof ARGUMENTS;

export const vaultKv: Descriptor<VaultArguments> = {
  name: 'vault_kv',
  description: 'Into a KV version 2 secret of HashiCorp Vault or OpenBao.',
  arguments: ARGUMENTS,
  reading: { isPossible: true },
  resolve: ({ mount, path, namespace }) => ({
    mount: mountAt(mount),
    path: pathAt(path),
    namespace: namespaceFrom(namespace, process.env),
  }),
  load: () => import('./store.js'),
};

export type Environment = Readonly<Record<string, string | undefined>>;

/** The mount, however it is written. */
export function mountAt(given: string): string {
  return given.replace(/^\/+|\/+$/g, '');
}

/** The path below a mount, however it is written. A slash at the end is no notation: Vault refuses it. */
export function pathAt(given: string): string {
  return given.replace(/^\/+/, '');
}

/** Null for the root namespace. */
export function namespaceFrom(given: string | undefined, env: Environment): string | null {
  return filled((given ?? variable(env, 'NAMESPACE'))?.replace(/^\/+|\/+$/g, '')) ?? null;
}

/** As Vault's CLI takes it; OpenBao's names count where Vault's are not set. */
export function variable(env: Environment, name: string): string | undefined {
  return filled(env[`VAULT_${name}`]) ?? filled(env[`BAO_${name}`]);
}

function filled(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
