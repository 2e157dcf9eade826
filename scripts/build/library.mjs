import { spawn } from 'node:child_process';
import { chmod, readdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { nameOf } from './bundle.mjs';

const require = createRequire(import.meta.url);

/** Compiles the parts that run in the user's own Node, with their declarations, to dist/lib. */
export async function buildLibrary(root) {
  await Promise.all([
    compile(root, [require.resolve('typescript/bin/tsc'), '-p', 'tsconfig.build.json']),
    compile(root, [join(root, 'scripts/build/compile-cdktn.mjs')]),
  ]);
  await takeSdkFromProvider(root);
  // `npm install` sets the run bit of a bin by itself; running it from this folder needs it too.
  await chmod(join(root, 'dist/lib/command/main.js'), 0o755);
}

/**
 * The npm package declares no dependency on the AWS SDK: the provider brings what it needs in bundles. Where the
 * command calls AWS, its lazily imported modules of nothing but re-exports (`sdk.js`, `proxy-sdk.js`) are those.
 */
async function takeSdkFromProvider(root) {
  const folder = join(root, 'dist/lib/lightsail');
  const modules = (await readdir(folder)).filter((name) => /^(.+-)?sdk\.js$/.test(name));
  for (const name of modules) {
    const bundle = nameOf(root, join(root, 'src/lightsail', name.replace(/\.js$/, '.ts')));
    await writeFile(join(folder, name), `module.exports = require('../../provider/package/${bundle}');\n`);
  }
}

function compile(root, script) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, script, { cwd: root, stdio: 'inherit' });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error('The library does not compile; what the compiler said stands above.'));
    });
  });
}
