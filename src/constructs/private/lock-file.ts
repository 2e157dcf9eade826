import type { ProviderPackage } from './provider-package.js';

const HEADER = `# This file is maintained automatically by "terraform init".
# Manual edits may be lost in future updates.
`;

const NOTE_BEGINS = '/* For the CDKTF command, until "terraform init" writes the real entries:';
const NOTE = /\n*\/\* For the CDKTF command[^]*?\*\/\n?/;

/** What of a provider's entry in `.terraform.lock.hcl` is read here. */
export interface LockEntry {
  readonly version?: string;
  readonly constraints?: string;
}

/** The entry of a provider, by its full source address; undefined when the lock file has none. */
export function lockEntry(lockFile: string, source: string): LockEntry | undefined {
  const body = entryPattern(source).exec(withoutNote(lockFile))?.[0];
  if (body === undefined) return undefined;
  const version = /^ *version *= *"(.*)"/m.exec(body)?.[1];
  const constraints = /^ *constraints *= *"(.*)"/m.exec(body)?.[1];
  return { ...(version !== undefined && { version }), ...(constraints !== undefined && { constraints }) };
}

/**
 * Puts this package's provider into a lock file, in Terraform's own form.
 *
 * An entry of the same version stays as it is, whatever its hashes: if they differ from the package's, somebody
 * should know, and `terraform init` says so. An entry of another version is replaced, since the version is
 * decided where the npm package is pinned.
 */
export function withOwnEntry(lockFile: string, provider: ProviderPackage): string {
  if (lockEntry(lockFile, provider.source)?.version === provider.version) return lockFile;
  const entry = `provider "${provider.source}" {
  version     = "${provider.version}"
  constraints = "${provider.version}"
  hashes = [
    "${provider.h1}",
  ]
}
`;
  const others = lockFile.replace(entryPattern(provider.source), '').trimEnd();
  return `${others === '' ? HEADER : `${others}\n`}\n${entry}`;
}

/**
 * Replaces the note to the CDKTF command: a comment, nothing to Terraform, that the command's reader of lock
 * files, which knows no comments, takes for entries (see docs/decisions/0004-provider-lock.md).
 */
export function withNote(lockFile: string, sources: readonly string[]): string {
  const bare = withoutNote(lockFile);
  if (sources.length === 0) return bare;
  const entries = sources.map((source) => `provider "${source}" {\n  constraints = ">= 0"\n}\n`);
  return `${bare.trimEnd()}\n\n${NOTE_BEGINS}\n${entries.join('')}*/\n`;
}

function withoutNote(lockFile: string): string {
  return lockFile.replace(NOTE, '\n');
}

/** Terraform writes these files itself, always in one form: a block ends at the first brace in column one. */
function entryPattern(source: string): RegExp {
  return new RegExp(`^provider "${source.replaceAll('.', '\\.')}" \\{\\n[^]*?^\\}\\n*`, 'm');
}
