import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.mjs';
import { contentDigest, lockFileHash } from './hashes.mjs';
import { thirdPartyNotices } from './notices.mjs';

const here = dirname(fileURLToPath(import.meta.url));

const source = 'npm.invalid/cdktf/lightsail';

/** Terraform starts the provider three to five times a run, so the size of what each start reads is a budget. */
const mainBytesAllowed = 120 * 1024;

/** Builds dist/provider: `package/`, the same bytes for every platform, and `manifest.json`. */
export async function buildProvider(root, { release }) {
  const files = await packageFiles(root);
  const mainBytes = files.get('provider.cjs').length;
  if (mainBytes > mainBytesAllowed) {
    throw new Error(
      `provider.cjs has ${mainBytes} bytes, more than the ${mainBytesAllowed} allowed. Every launch of the ` +
        `provider reads it: import what is not needed at start lazily, as await import('./x.js').`,
    );
  }
  const version = await versionOf(root, files, release);
  const launcher = `terraform-provider-lightsail_v${version}`;
  files.set(launcher, await readFile(join(here, 'launcher.sh')));
  const manifest = { source, version, files: [...files.keys()].sort(), h1: lockFileHash(files) };
  await replaceFolder(join(root, 'dist/provider'), async (folder) => {
    await mkdir(join(folder, 'package'));
    for (const [name, content] of files) {
      await writeFile(join(folder, 'package', name), content, { mode: name === launcher ? 0o755 : 0o644 });
    }
    await writeFile(join(folder, 'manifest.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
  });
  return { version, mainBytes };
}

/** All but the launcher, whose name holds the version. */
async function packageFiles(root) {
  const { files, inputs } = await bundle(root, 'src/provider/main.ts');
  files.set('start.cjs', await readFile(join(here, 'start.cjs')));
  files.set('THIRD-PARTY-NOTICES.txt', Buffer.from(await thirdPartyNotices(root, inputs)));
  return files;
}

/**
 * Terraform records one hash for one version, so two contents must never share one: a released version is built
 * once, and a development build is named after its content.
 */
async function versionOf(root, files, release) {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  if (release) return version;
  const launcher = await readFile(join(here, 'launcher.sh'));
  return `${version}-dev.${contentDigest(new Map([...files, ['launcher', launcher]]))}`;
}

/** Swaps a complete folder in, so that whoever reads it meanwhile never meets half of it. */
async function replaceFolder(folder, fill) {
  const next = `${folder}.next-${process.pid}`;
  const last = `${folder}.last-${process.pid}`;
  await mkdir(next, { recursive: true });
  await fill(next);
  await rename(folder, last).catch((error) => {
    if (error.code !== 'ENOENT') throw error;
  });
  await rename(next, folder);
  await rm(last, { recursive: true, force: true });
}
