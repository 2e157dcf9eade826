import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The Terraform provider inside this npm package, as the build recorded it. */
export interface ProviderPackage {
  /** The provider's source address: `npm.invalid/cdktf/lightsail`. */
  readonly source: string;
  readonly version: string;
  /** Names of the files; the one that Terraform starts is {@link launcher}. */
  readonly files: readonly string[];
  /** The hash of the files as Terraform writes it into `.terraform.lock.hcl`. */
  readonly h1: string;
  readonly folder: string;
  readonly launcher: string;
}

let cached: ProviderPackage | undefined;

/** The provider that this package carries. */
export function providerPackage(): ProviderPackage {
  return (cached ??= readProviderPackage());
}

function readProviderPackage(): ProviderPackage {
  // By the package's own name, so that it is found from the sources, from dist, and from a bundled CDKTF app.
  const root = dirname(require.resolve('cdktf-lightsail-access-key/package.json'));
  const path = join(root, 'dist/provider/manifest.json');
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new Error(
      `The Terraform provider is missing from the package cdktf-lightsail-access-key: ${path} cannot be read. ` +
        `Without it Terraform cannot manage any access key. Install the package again, or in its repository run: npm run build`,
      { cause },
    );
  }
  const manifest = JSON.parse(text) as Pick<ProviderPackage, 'source' | 'version' | 'files' | 'h1'>;
  return {
    ...manifest,
    folder: join(root, 'dist/provider/package'),
    launcher: `terraform-provider-lightsail_v${manifest.version}`,
  };
}
