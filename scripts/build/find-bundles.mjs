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
  const imports = [];
  for (const path of parents.keys()) {
    const { inputs, lazy } = await inputsOf(root, path);
    for (const found of lazy) if (!parents.has(found)) parents.set(found, loaderOf(root, found) ?? path);
    for (const [input, found] of Object.entries(inputs)) {
      // A package may be in several bundles: it has no state that we rely on.
      if (input.includes('node_modules/')) continue;
      uses.set(input, [...(uses.get(input) ?? []), path]);
      for (const { path: imported } of found.imports)
        imports.push({ bundle: path, importer: input, imported });
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
  return { lazy: [...parents.keys()].filter((path) => path !== main), shared: asked(shared, imports) };
}

/** Those that another bundle's own modules import: what is behind them comes along, and needs no name of its own. */
function asked(shared, imports) {
  const wanted = new Set(
    imports
      .filter(({ bundle, importer, imported }) => {
        const isBundled = (shared.get(importer) ?? bundle) === bundle;
        return isBundled && shared.get(imported) !== bundle;
      })
      .map(({ imported }) => imported),
  );
  return new Map([...shared].filter(([module]) => wanted.has(module)));
}

/** Every start of the provider reads which destinations there are; what a plan or an apply loads opens them. */
function loaderOf(root, path) {
  const isStore = /^src\/destinations\/[^/]+\/store\.ts$/.test(relative(root, path).split(sep).join('/'));
  return isStore ? resolve(root, 'src/provider/work.ts') : null;
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

/**
 * What would go into a module's bundle, with its imports, and apart from it what it imports lazily. Both are sorted:
 * esbuild reads files side by side and meets them in no fixed order, but equal sources give equal bytes.
 */
async function inputsOf(root, path) {
  const lazy = new Set();
  const noteOnly = onLazyImport((found) => {
    lazy.add(found);
    return { path: found, external: true };
  });
  const { metafile } = await build({ ...optionsFor(root), entryPoints: [path], plugins: [noteOnly] });
  const inputs = Object.fromEntries(
    Object.keys(metafile.inputs)
      .sort()
      .map((name) => [name, metafile.inputs[name]]),
  );
  return { inputs, lazy: [...lazy].sort() };
}
