import { spawnSync } from 'node:child_process';
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
  let terraform;
  try {
    terraform = findTerraform();
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
    return;
  }
  const built = spawnSync(process.execPath, [join(root, 'scripts/build.mjs')], {
    cwd: root,
    stdio: 'inherit',
  });
  if (built.status !== 0) {
    process.exitCode = 1;
    return;
  }
  // Below the root, so that it finds the package by its name; named after the process, for two runs at a time.
  const compiled = join(root, 'dist/programs', `${basename(dirname(entry))}-${process.pid}.mjs`);
  // Only here: before `npm ci` there is no esbuild, and the build has said so in its own words.
  const { build } = await import('esbuild');
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
    const program = await import(pathToFileURL(compiled).href);
    process.exitCode = await program.main({ root, terraform, args: process.argv.slice(2) });
  } finally {
    await rm(compiled, { force: true });
  }
}
