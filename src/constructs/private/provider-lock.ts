import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Annotations, type TerraformProvider, type TerraformStack } from 'cdktf';
import { lockEntry, withNote, withOwnEntry } from './lock-file.js';
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
      `will run "terraform providers lock", which fails for npm.invalid/cdktf/lightsail: that provider comes with ` +
      `the npm package and is in no registry. No access key is touched. Run the command with --skip-provider-lock ` +
      `(or CDKTF_SKIP_PROVIDER_LOCK=true), or run it a second time.`,
  );
}
