import { build } from 'esbuild';
import { relative, resolve, sep } from 'node:path';
import { onLazyImport, optionsFor } from './esbuild-options.mjs';

/**
 * Finds the lazily imported modules of src, which become bundles, and the modules that more than one bundle needs. Such
 * a module is at home in the bundle by way of which all of its users are loaded: there it costs nothing before them.
 *
 * @returns {Promise<{ lazy: string[], shared: Map<string, string> }>} absolute paths of the lazy ones; of each shared
 *   one, by its path relative to the root with slashes, the absolute path of its home's entry
 */
export async function findBundles(root, entry) {
  const main = resolve(root, entry);
  // Each bundle's entry, with the one that loads it. The map grows while it is walked.
  const parents = new Map([[main, null]]);
  const uses = new Map();
  for (const path of parents.keys()) {
    for (const input of await inputsOf(
      root,
      path,
      (found) => parents.has(found) || parents.set(found, path),
    )) {
      // A package may be in several bundles: it has no state that we rely on.
      if (input.includes('node_modules/')) continue;
      uses.set(input, [...(uses.get(input) ?? []), path]);
    }
  }
  const entries = new Set([...parents.keys()].map((path) => relative(root, path).split(sep).join('/')));
  const shared = new Map();
  for (const [input, users] of uses) {
    if (users.length === 1) continue;
    if (entries.has(input)) {
      throw new Error(`${input} is imported lazily and also statically, so it would not be lazy at all.`);
    }
    shared.set(input, commonAncestor(users, parents));
  }
  return { lazy: [...parents.keys()].filter((path) => path !== main), shared };
}

function commonAncestor(paths, parents) {
  const [first, ...others] = paths.map((path) => lineage(path, parents));
  return first.find((path) => others.every((other) => other.includes(path)));
}

/** A bundle's entry, and by way of which others it is loaded. */
function lineage(path, parents) {
  const parent = parents.get(path);
  return parent === null ? [path] : [path, ...lineage(parent, parents)];
}

/** What would go into a module's bundle, lazy imports left out and noted. */
async function inputsOf(root, path, note) {
  const noteOnly = onLazyImport((found) => {
    note(found);
    return { path: found, external: true };
  });
  const { metafile } = await build({ ...optionsFor(root), entryPoints: [path], plugins: [noteOnly] });
  return Object.keys(metafile.inputs);
}
