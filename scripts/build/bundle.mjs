import { build } from 'esbuild';
import { basename, dirname, relative, resolve, sep } from 'node:path';
import { onLazyImport, onSharedImport, optionsFor } from './esbuild-options.mjs';
import { findBundles } from './find-bundles.mjs';

export const MAIN = 'provider.cjs';

/**
 * Bundles the provider: the entry into `provider.cjs`, and every lazily imported module (`await import('./x.js')`)
 * into a file of its own beside it, so that starting the provider does not read it.
 *
 * Our own modules exist once at run time: what several bundles need is in `provider.cjs`, and the others take it
 * from there. Two copies would break `instanceof` and a module's state without a word.
 *
 * @returns {Promise<{ files: Map<string, Uint8Array>, inputs: Set<string> }>} what to ship, by name, and every
 *   file that went into it, relative to the root
 */
export async function bundle(root, entry) {
  const { lazy, shared } = await findBundles(root, entry);
  const names = new Map(lazy.map((path) => [path, nameOf(root, path)]));
  if (new Set(names.values()).size < names.size) {
    throw new Error(`Two lazily imported modules would become one file: ${[...names.values()].join(', ')}.`);
  }
  const lazyImports = onLazyImport((path) => ({ path: `./${names.get(path)}`, external: true }));
  const files = new Map();
  const inputs = new Set();
  const add = async (name, options) => {
    const result = await build(options);
    files.set(name, result.outputFiles[0].contents);
    for (const input of Object.keys(result.metafile.inputs)) inputs.add(input);
  };

  await add(MAIN, {
    ...optionsFor(root),
    stdin: { contents: mainModule(entry, shared), resolveDir: root, sourcefile: 'main' },
    plugins: [lazyImports],
  });
  for (const [path, name] of names) {
    const plugins = [lazyImports, onSharedImport(root, shared, MAIN)];
    await add(name, { ...optionsFor(root), entryPoints: [path], plugins });
  }
  inputs.delete('main');
  return { files, inputs };
}

/** The entry, and a table from which the lazy bundles take the modules that they share with it. */
function mainModule(entry, shared) {
  const paths = [...shared];
  return [
    ...paths.map((path, index) => `import * as m${index} from './${path}';`),
    `export const shared = { ${paths.map((path, index) => `'${path}': m${index}`).join(', ')} };`,
    `import './${entry}';`,
  ].join('\n');
}

/** `src/lightsail/client.ts` → `lightsail-client.cjs`: unique, and told apart in a stack trace. */
export function nameOf(root, path) {
  const folder = relative(resolve(root, 'src'), dirname(path)).split(sep).join('-');
  return `${folder}-${basename(path, '.ts')}.cjs`;
}
