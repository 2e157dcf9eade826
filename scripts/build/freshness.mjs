import { createHash } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Everything a build depends on; package-lock.json stands for node_modules. */
const inputs = [
  'src',
  'scripts/build.mjs',
  'scripts/build',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
];
const stamp = 'dist/.build.json';

/** Without `release`, either kind of build will do. */
export async function isFresh(root, { release } = {}) {
  try {
    const recorded = JSON.parse(await readFile(join(root, stamp), 'utf8'));
    if (release !== undefined && recorded.release !== release) return false;
    await Promise.all(
      ['dist/provider/manifest.json', 'dist/lib/constructs/index.js'].map((name) => stat(join(root, name))),
    );
    return recorded.inputs === (await hashInputs(root));
  } catch {
    return false;
  }
}

export async function recordBuild(root, { release }) {
  await writeFile(join(root, stamp), JSON.stringify({ release, inputs: await hashInputs(root) }));
}

async function hashInputs(root) {
  const hash = createHash('sha256');
  for (const name of (await Promise.all(inputs.map((input) => listFiles(root, input)))).flat()) {
    const content = await readFile(join(root, name));
    hash.update(`${name}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

async function listFiles(root, name) {
  if (!(await stat(join(root, name))).isDirectory()) return [name];
  const entries = await readdir(join(root, name), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length + 1))
    .sort();
}
