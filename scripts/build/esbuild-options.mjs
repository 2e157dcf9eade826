import { relative, resolve, sep } from 'node:path';

/** How every part of the provider is bundled. */
export function optionsFor(root) {
  return {
    absWorkingDir: root,
    bundle: true,
    write: false,
    outfile: 'out.cjs',
    metafile: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    // ES modules first: the AWS SDK's CommonJS files cannot be pruned and are several times as large.
    mainFields: ['module', 'main'],
    minify: true,
    legalComments: 'none',
    charset: 'utf8',
    logLevel: 'error',
    // Node would start its ES module loader for an import(); require() of a CommonJS file does without.
    supported: { 'dynamic-import': false },
  };
}

/** Calls a function with the path of every lazily imported module of src; what it returns is what esbuild does. */
export function onLazyImport(decide) {
  return {
    name: 'lazy-imports',
    setup({ onResolve }) {
      onResolve({ filter: /^\.\.?\// }, ({ kind, path, resolveDir }) => {
        if (kind !== 'dynamic-import' || isPackage(resolveDir)) return undefined;
        return decide(sourceOf(resolveDir, path));
      });
    },
  };
}

/** Takes each shared module from its place in the table that its home's bundle exports, instead of bundling it again. */
export function onSharedImport(root, places) {
  return {
    name: 'shared-imports',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\.\.?\// }, ({ kind, path, resolveDir }) => {
        if (kind !== 'import-statement' || isPackage(resolveDir)) return undefined;
        const found = relative(root, sourceOf(resolveDir, path)).split(sep).join('/');
        return places.has(found) ? { path: found, namespace: 'shared' } : undefined;
      });
      onResolve({ filter: /./, namespace: 'shared' }, ({ path }) => ({ path, external: true }));
      onLoad({ filter: /./, namespace: 'shared' }, ({ path }) => {
        const { home, place } = places.get(path);
        return { contents: `module.exports = require('./${home}').shared[${place}];` };
      });
    },
  };
}

function isPackage(folder) {
  return folder.split(sep).includes('node_modules');
}

function sourceOf(folder, path) {
  return resolve(folder, path.replace(/\.js$/, '.ts'));
}
