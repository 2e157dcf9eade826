import { resolve, sep } from 'node:path';

/** How every part of the provider is bundled. */
export function optionsFor(root, entry) {
  return {
    absWorkingDir: root,
    entryPoints: [entry],
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
        if (kind !== 'dynamic-import' || resolveDir.split(sep).includes('node_modules')) return undefined;
        return decide(resolve(resolveDir, path.replace(/\.js$/, '.ts')));
      });
    },
  };
}
