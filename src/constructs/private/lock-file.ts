import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Annotations, type TerraformProvider, type TerraformStack } from 'cdktf';
import { PROVIDER_SOURCE } from '../../contract/names.js';
import type { ProviderPackage } from './provider-package.js';

/**
 * Keeps `cdktf deploy` from running `terraform providers lock`, which asks registries only and would fail for a
 * provider that is in none: see docs/decisions/0004-provider-lock.md.
 */
export function lockProvider(stack: TerraformStack, folder: string, provider: ProviderPackage): void {
  const path = join(folder, '.terraform.lock.hcl');
  const before = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const others = stack.allProviders().filter((other) => sourceOf(other) !== provider.source);
  const missing = new Set(others.map(sourceOf).filter((source) => lockEntry(before, source) === undefined));
  const after = withNote(withOwnEntry(before, provider), [...missing].sort());
  if (after !== before) writeFileSync(path, after);
  const outdated = others.find((other) => isOutdated(before, other));
  if (outdated && runsUnderCommand()) warn(stack, sourceOf(outdated));
}

/** The full address, as lock files and the CDKTF command spell it. */
function sourceOf({ terraformProviderSource, terraformResourceType }: TerraformProvider): string {
  const parts = (terraformProviderSource ?? terraformResourceType).split('/');
  if (parts.length === 1) parts.unshift('hashicorp');
  if (parts.length === 2) parts.unshift('registry.terraform.io');
  return parts.join('/');
}

/** An exact version that the lock file's entry does not know; ranges are left for Terraform to judge. */
function isOutdated(lockFile: string, provider: TerraformProvider): boolean {
  const constraints = lockEntry(lockFile, sourceOf(provider))?.constraints;
  const version = provider.terraformGeneratorMetadata?.providerVersion;
  if (constraints === undefined || version === undefined || !/^\d+(\.\d+)*$/.test(version)) return false;
  return !constraints.split(',').some((constraint) => constraint.trim() === version);
}

function runsUnderCommand(): boolean {
  return process.env.CDKTF_OUTDIR !== undefined && process.env.CDKTF_SKIP_PROVIDER_LOCK !== 'true';
}

function warn(stack: TerraformStack, source: string): void {
  Annotations.of(stack).addWarning(
    `The version of ${source} has changed since .terraform.lock.hcl was written, so "cdktf deploy" and "cdktf diff" ` +
      `will run "terraform providers lock", which fails for ${PROVIDER_SOURCE}: that provider comes with ` +
      `the npm package and is in no registry. No access key is touched. Run the command with --skip-provider-lock ` +
      `(or CDKTF_SKIP_PROVIDER_LOCK=true), or run it a second time.`,
  );
}

const HEADER = `# This file is maintained automatically by "terraform init".
# Manual edits may be lost in future updates.
`;

const NOTE_BEGINS = '/* For the CDKTF command, until "terraform init" writes the real entries:';
// The note of the other framework's constructs too, where a stack has come from there.
const NOTE = /\n*\/\* For the [\w ]+ command, until[^]*?\*\/\n?/;

/** What of a provider's entry in `.terraform.lock.hcl` is read here. */
interface LockEntry {
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
