/** What stands behind the path of a pair in the paths beside it. */
export const VAULT_SUFFIX = { journal: '.lightsail-journal', pending: '.lightsail-pending' } as const;

export interface VaultPathProblem {
  /** What follows the path: "is not the path of a secret in Vault: …" */
  readonly what: string;
  readonly remedy: string;
}

/** Why nothing can lie at a path of a mount; slashes around the mount and before the path do not count. */
export function vaultPathProblem(mount: string, path: string): VaultPathProblem | null {
  const name = `${mount.replace(/^\/+|\/+$/g, '')}/${path.replace(/^\/+/, '')}`;
  if (name.split('/').some((segment) => segment === '' || segment === '.' || segment === '..')) {
    return {
      what: 'is not the path of a secret in Vault: one of its parts is empty, "." or "..".',
      remedy: 'Give mount = "secret" and path = "app/uploads", without a slash at the end.',
    };
  }
  if (/[^\x20-\x7e]|\*|\+/.test(name)) {
    return {
      what: 'holds characters that do not go into a path of Vault, or mean more than themselves in a policy.',
      remedy: 'Choose a path of letters, digits and - _ . /.',
    };
  }
  return null;
}
