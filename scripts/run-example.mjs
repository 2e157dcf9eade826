// Runs an example of this repository against the repository's own build: node scripts/run-example.mjs NAME[/PROGRAM]
//
// In a project of yours the package is in node_modules, and cdktf.json has the usual "npx ts-node main.ts".

import { build } from 'esbuild';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const [name, program = 'main'] = process.argv[2].split('/');
// Below the root, so that the package finds itself by its name.
const compiled = join(root, 'dist/examples', `${name}-${program}.cjs`);
await build({
  entryPoints: [join(root, 'examples', name, `${program}.ts`)],
  outfile: compiled,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  logLevel: 'error',
});
await import(pathToFileURL(compiled).href);
