import { spawn } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(import.meta.url);

/** Compiles the parts that run in the user's own Node, with their declarations, to dist/lib. */
export async function buildLibrary(root) {
  await compile(root);
  // `npm install` sets the run bit of a bin by itself; running it from this folder needs it too.
  await chmod(join(root, 'dist/lib/command/main.js'), 0o755);
}

function compile(root) {
  const compiler = require.resolve('typescript/bin/tsc');
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [compiler, '-p', 'tsconfig.build.json'], {
      cwd: root,
      stdio: 'inherit',
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error('The library does not compile; what tsc said stands above.'));
    });
  });
}
