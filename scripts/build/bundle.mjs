import { build } from 'esbuild';
import { basename, dirname, relative, resolve, sep } from 'node:path';
import { onLazyImport, onSharedImport, optionsFor } from './esbuild-options.mjs';
import { findBundles } from './find-bundles.mjs';

export const MAIN = 'provider.cjs';

/**
 * Bundles the provider: the entry into `provider.cjs`, and every lazily imported module (`await import('./x.js')`)
 * into a file of its own beside it, so that starting the provider does not read it.
 *
 * Our own modules exist once at run time: what several bundles need is in one of them, and the others take it from
 * there. Two copies would break `instanceof` and a module's state without a word.
 *
 * @returns {Promise<{ files: Map<string, Uint8Array>, inputs: Set<string> }>} what to ship, by name, and every
 *   file that went into it, relative to the root
 */
export async function bundle(root, entry) {
  const main = resolve(root, entry);
  const { lazy, shared } = await findBundles(root, entry);
  const names = new Map([[main, MAIN], ...lazy.map((path) => [path, nameOf(root, path)])]);
  if (new Set(names.values()).size < names.size) {
    throw new Error(`Two lazily imported modules would become one file: ${[...names.values()].join(', ')}.`);
  }
  // A number is shorter than a path, and each start of the provider reads the table.
  const places = new Map([...shared.keys()].sort().map((module, index) => [module, index]));
  const lazyImports = onLazyImport((path) => ({ path: `./${names.get(path)}`, external: true }));
  const files = new Map();
  const inputs = new Set();
  for (const [path, name] of names) {
    const atHome = [...shared].filter(([, home]) => home === path).map(([module]) => module);
    const elsewhere = new Map(
      [...shared]
        .filter(([, home]) => home !== path)
        .map(([module, home]) => [module, { home: names.get(home), place: places.get(module) }]),
    );
    const result = await build({
      ...optionsFor(root),
      stdin: { contents: entryModule(root, path, atHome, places), resolveDir: root, sourcefile: 'entry' },
      plugins: [lazyImports, onSharedImport(root, elsewhere)],
    });
    files.set(name, result.outputFiles[0].contents);
    for (const input of Object.keys(result.metafile.inputs)) inputs.add(input);
  }
  inputs.delete('entry');
  return { files, inputs };
}

/** The entry, and a table from which other bundles take the modules that are at home in this one. */
function entryModule(root, path, atHome, places) {
  const own = `./${relative(root, path).split(sep).join('/')}`;
  const table = atHome.map((module, index) => `${places.get(module)}: m${index}`).join(', ');
  return [
    ...atHome.map((module, index) => `import * as m${index} from './${module}';`),
    ...(atHome.length > 0 ? [`export const shared = { ${table} };`] : []),
    `export * from '${own}';`,
  ].join('\n');
}

/** `src/lightsail/client.ts` → `lightsail-client.cjs`: unique, and told apart in a stack trace. */
export function nameOf(root, path) {
  const folder = relative(resolve(root, 'src'), dirname(path)).split(sep).join('-');
  return `${folder}-${basename(path, '.ts')}.cjs`;
}
