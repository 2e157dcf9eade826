import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { findTerraform } from './find-terraform.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/**
 * Runs a TypeScript program of this repository that drives Terraform: says so first if there is none, builds the
 * package where that is due, and leaves the exit status to the program.
 */
export async function runProgram(entry) {
  try {
    if (!existsSync(join(root, 'node_modules/esbuild'))) throw new Error('Run npm ci first.');
    const terraform = findTerraform();
    const built = spawnSync(process.execPath, [join(root, 'scripts/build.mjs')], {
      cwd: root,
      stdio: 'inherit',
    });
    if (built.status !== 0) throw new Error('Without a build there is nothing to run.');
    const program = await compile(entry);
    process.exitCode = await program.main({ root, terraform, args: process.argv.slice(2) });
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}

async function compile(entry) {
  // Not at the top: it is not there before `npm ci`.
  const { build } = await import('esbuild');
  // Below the root, so that it finds the package by its name; named after the process, for two runs at a time.
  const compiled = join(root, 'dist/programs', `${basename(dirname(entry))}-${process.pid}.mjs`);
  await build({
    entryPoints: [join(root, entry)],
    outfile: compiled,
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'error',
  });
  try {
    return await import(pathToFileURL(compiled).href);
  } finally {
    await rm(compiled, { force: true });
  }
}
