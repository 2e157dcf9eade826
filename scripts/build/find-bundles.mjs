import { build } from 'esbuild';
import { relative, resolve, sep } from 'node:path';
import { onLazyImport, optionsFor } from './esbuild-options.mjs';

/**
 * Finds the lazily imported modules of src, which become bundles, and the modules that more than one bundle needs.
 *
 * @returns {Promise<{ lazy: string[], shared: Set<string> }>} absolute paths of the lazy ones; paths of the
 *   shared ones relative to the root, with slashes
 */
export async function findBundles(root, entry) {
  const main = resolve(root, entry);
  const seen = new Set([main]);
  const uses = new Map();
  // The set grows while it is walked.
  for (const path of seen) {
    for (const input of await inputsOf(root, path, seen)) {
      // A package may be in several bundles: it has no state that we rely on.
      if (input.includes('node_modules/')) continue;
      uses.set(input, [...(uses.get(input) ?? []), path]);
    }
  }
  const entries = new Set([...seen].map((path) => relative(root, path).split(sep).join('/')));
  const shared = [...uses].filter(([, users]) => users.length > 1);
  for (const [input] of shared) {
    if (!entries.has(input)) continue;
    throw new Error(`${input} is imported lazily and also statically, so it would not be lazy at all.`);
  }
  return { lazy: [...seen].filter((path) => path !== main), shared: new Set(shared.map(([input]) => input)) };
}

/** What would go into a module's bundle, lazy imports left out and noted. */
async function inputsOf(root, path, lazy) {
  const noteOnly = onLazyImport((found) => {
    lazy.add(found);
    return { path: found, external: true };
  });
  const { metafile } = await build({ ...optionsFor(root), entryPoints: [path], plugins: [noteOnly] });
  return Object.keys(metafile.inputs);
}
