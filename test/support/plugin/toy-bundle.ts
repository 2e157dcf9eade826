import { execFile } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolder } from '../temporary/folder.js';

/** Bundles the toy provider as the real one is bundled; the answer is an executable file, there until the tests end. */
export async function bundleToy(): Promise<string> {
  const file = join(temporaryFolder('toy'), 'terraform-provider-toy_v1.0.0');
  // In a process of its own: esbuild refuses to run in Jest's sandbox, which has another Uint8Array.
  await promisify(execFile)(require.resolve('esbuild/bin/esbuild'), [
    join(__dirname, 'toy-main.ts'),
    '--bundle',
    '--platform=node',
    '--target=node20',
    '--format=cjs',
    '--main-fields=module,main',
    '--banner:js=#!/usr/bin/env node',
    '--log-level=error',
    `--outfile=${file}`,
  ]);
  chmodSync(file, 0o755);
  return file;
}
