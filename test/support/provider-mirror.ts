import { mkdir, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';

/** Where the engines look for a provider whose address names no host: Terraform, and OpenTofu. */
const REGISTRIES = ['registry.terraform.io', 'registry.opentofu.org'];

/**
 * Makes a filesystem mirror of hashicorp/aws for either engine, out of the one that TF_PROVIDER_MIRROR names; answers
 * its folder. Nothing is copied: the engines follow a symbolic link at the platform's folder, and none above it.
 */
export async function mirrorIn(scratch: string): Promise<string> {
  const given = process.env.TF_PROVIDER_MIRROR;
  if (!given) throw new Error('TF_PROVIDER_MIRROR is not set: this needs a mirror with hashicorp/aws.');
  const mirror = join(scratch, 'mirror');
  const provider = join(given, 'registry.terraform.io/hashicorp/aws');
  const versions = (await readdir(provider, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  for (const { name: version } of versions) {
    for (const platform of await readdir(join(provider, version))) {
      for (const registry of REGISTRIES) {
        const folder = join(mirror, registry, 'hashicorp/aws', version);
        await mkdir(folder, { recursive: true });
        await symlink(join(provider, version, platform), join(folder, platform));
      }
    }
  }
  return mirror;
}
