import { build } from 'esbuild';
import { onLazyImport, optionsFor } from './esbuild-options.mjs';

/**
 * Finds the modules of src that are imported lazily (`await import('./x.js')`) and become files of their own:
 *
 * - one that takes in packages, such as an AWS client: they are what starting the provider must not read;
 * - one that stands alone, since leaving it out costs nothing.
 *
 * One that takes in only other modules of src stays in the bundle of its importer, where it shares them, and
 * still runs no earlier than it is imported.
 *
 * @returns {Promise<Set<string>>} absolute paths
 */
export async function findLazyModules(root, entry) {
  const apart = new Set();
  const seen = new Set([entry]);
  // The set grows while it is walked.
  for (const path of seen) {
    const inputs = await inputsOf(root, path, seen);
    const takesInPackages = inputs.some((input) => input.includes('node_modules/'));
    if (path !== entry && (takesInPackages || inputs.length === 1)) apart.add(path);
  }
  return apart;
}

/** What would go into a module's bundle, lazy imports left out and noted. */
async function inputsOf(root, path, lazy) {
  const noteOnly = onLazyImport((found) => {
    lazy.add(found);
    return { path: found, external: true };
  });
  const { metafile } = await build({ ...optionsFor(root, path), plugins: [noteOnly] });
  return Object.keys(metafile.inputs);
}
