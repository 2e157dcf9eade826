import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
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

/** The provider that this package carries, read once. */
export const providerPackage = once(readProviderPackage);

function once<T>(read: () => T): () => T {
  let answer: T | undefined;
  return () => (answer ??= read());
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

/** Where the provider runs, in Terraform's names. The files are the same for all: only Node.js differs. */
export const PLATFORMS = ['linux_amd64', 'linux_arm64', 'darwin_amd64', 'darwin_arm64'] as const;

/**
 * Lays the provider out below a folder as Terraform looks for it, in a plugins folder and in a filesystem mirror
 * alike: `SOURCE/VERSION/OS_ARCH/`. A complete one is left alone, since Terraform may be running it.
 *
 * @returns the folder of this version
 */
export function placeProvider(pluginsFolder: string, provider: ProviderPackage): string {
  const versionFolder = join(pluginsFolder, provider.source, provider.version);
  if (!PLATFORMS.every((platform) => isComplete(join(versionFolder, platform), provider))) {
    makeFolder(join(versionFolder, '..'));
    // Beside its final place and under a name that is no version, so that one rename makes it appear whole.
    const fresh = mkdtempSync(join(versionFolder, '..', '.new-'));
    chmodSync(fresh, 0o755);
    writePlatforms(fresh, provider);
    rmSync(versionFolder, { recursive: true, force: true });
    renameSync(fresh, versionFolder);
  }
  return versionFolder;
}

/** Node's own recursion has no end where the system allows no folder, as below /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  if (dirname(folder) !== folder) makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process may have made it meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Removes the versions that an earlier synthesis placed; Terraform would keep using one that its lock file names. */
export function removeOtherVersions(versionFolder: string, provider: ProviderPackage): void {
  const parent = join(versionFolder, '..');
  for (const entry of readdirSync(parent)) {
    if (entry !== provider.version) rmSync(join(parent, entry), { recursive: true, force: true });
  }
}

function writePlatforms(versionFolder: string, provider: ProviderPackage): void {
  const [first, ...others] = PLATFORMS;
  const real = join(versionFolder, first);
  mkdirSync(real);
  for (const file of provider.files) {
    const path = join(real, file);
    writeFileSync(path, readFileSync(join(provider.folder, file)));
    // Whatever became of the modes on the way through a registry, an archive or a umask.
    chmodSync(path, file === provider.launcher ? 0o755 : 0o644);
  }
  for (const platform of others) {
    try {
      // Terraform follows a symbolic link at this level; a relative one survives the folder being moved.
      symlinkSync(first, join(versionFolder, platform), 'dir');
    } catch {
      cpSync(real, join(versionFolder, platform), { recursive: true });
    }
  }
}

function isComplete(folder: string, provider: ProviderPackage): boolean {
  try {
    return (
      readdirSync(folder).length === provider.files.length &&
      provider.files.every((file) => isSame(join(provider.folder, file), join(folder, file))) &&
      (statSync(join(folder, provider.launcher)).mode & 0o111) !== 0
    );
  } catch {
    return false;
  }
}

function isSame(one: string, other: string): boolean {
  return statSync(other).isFile() && readFileSync(one).equals(readFileSync(other));
}
