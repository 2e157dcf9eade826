import { createHash } from 'node:crypto';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
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
const outputs = ['dist/lib', 'dist/provider'];
const stamp = 'dist/.build.json';

/** By content alone: of what a build depends on, and of what it has made. Without `release`, either kind will do. */
export async function isFresh(root, { release } = {}) {
  try {
    const recorded = JSON.parse(await readFile(join(root, stamp), 'utf8'));
    if (release !== undefined && recorded.release !== release) return false;
    const [from, made] = await Promise.all([hash(root, inputs), hash(root, outputs)]);
    return recorded.inputs === from && recorded.outputs === made;
  } catch {
    return false;
  }
}

/**
 * Builds, and writes down of what. A build that fails half-way leaves nothing that passes for current, and what
 * changes while it builds makes it an old one.
 */
export async function recordBuild(root, { release }, build) {
  const from = await hash(root, inputs);
  await rm(join(root, stamp), { force: true });
  const built = await build();
  const made = await hash(root, outputs);
  await writeFile(join(root, stamp), JSON.stringify({ release, inputs: from, outputs: made }));
  return built;
}

async function hash(root, parts) {
  const digest = createHash('sha256');
  for (const name of (await Promise.all(parts.map((part) => listFiles(root, part)))).flat()) {
    const content = await readFile(join(root, name));
    digest.update(`${name}\0${content.length}\0`).update(content);
  }
  return digest.digest('hex');
}

async function listFiles(root, name) {
  if (!(await stat(join(root, name))).isDirectory()) return [name];
  const entries = await readdir(join(root, name), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length + 1))
    .sort();
}
