import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The repository's root: tests run from their sources, two folders below it. */
export const repository = resolve(__dirname, '../..');

/** The built provider, one folder for every platform. */
export const providerFolder = join(repository, 'dist/provider/package');

/** What `npm run build` writes beside the provider. */
export interface ProviderManifest {
  /** The provider's source address in Terraform. */
  readonly source: string;
  readonly version: string;
  /** Names of the files in the provider's folder. */
  readonly files: readonly string[];
  /** The hash of that folder as Terraform writes it into `.terraform.lock.hcl`. */
  readonly h1: string;
}

export function readManifest(): ProviderManifest {
  return JSON.parse(
    readFileSync(join(repository, 'dist/provider/manifest.json'), 'utf8'),
  ) as ProviderManifest;
}
