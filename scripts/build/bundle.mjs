import { build } from 'esbuild';
import { basename, dirname, relative, resolve, sep } from 'node:path';
import { onLazyImport, optionsFor } from './esbuild-options.mjs';
import { findLazyModules } from './lazy-modules.mjs';

/**
 * Bundles the provider: the entry into `provider.cjs`, and what findLazyModules() keeps apart into files of its
 * own beside it, so that starting the provider does not read them.
 *
 * @returns {Promise<{ files: Map<string, Uint8Array>, inputs: Set<string> }>} what to ship, by name, and every
 *   file that went into it, relative to the root
 */
export async function bundle(root, entry) {
  const apart = await findLazyModules(root, resolve(root, entry));
  const names = new Map([...apart].map((path) => [path, nameOf(root, path)]));
  const files = new Map();
  const bundleOf = new Map();
  for (const [path, name] of [[resolve(root, entry), 'provider.cjs'], ...names]) {
    const result = await build({ ...optionsFor(root, path), plugins: [pointAtFiles(names)] });
    if (files.has(name)) throw new Error(`Two lazily imported modules would become ${name}; rename one.`);
    files.set(name, result.outputFiles[0].contents);
    for (const input of Object.keys(result.metafile.inputs)) {
      refuseTwice(input, bundleOf.get(input), name);
      bundleOf.set(input, name);
    }
  }
  return { files, inputs: new Set(bundleOf.keys()) };
}

function pointAtFiles(names) {
  return onLazyImport((path) => {
    const name = names.get(path);
    return name === undefined ? undefined : { path: `./${name}`, external: true };
  });
}

/** `src/lightsail/client.ts` → `lightsail-client.cjs`: unique, and told apart in a stack trace. */
function nameOf(root, path) {
  const folder = relative(resolve(root, 'src'), dirname(path)).split(sep).join('-');
  return `${folder}-${basename(path, '.ts')}.cjs`;
}

/** Our own code in two bundles exists twice at run time: `instanceof` and a module's state break silently. */
function refuseTwice(input, first, second) {
  if (first === undefined || input.includes('node_modules/')) return;
  throw new Error(
    `${input} would be in ${first} and again in ${second}, and its classes would exist twice at run time. ` +
      `A lazily imported module that takes in packages may import of src only types; hand it the rest as arguments.`,
  );
}
