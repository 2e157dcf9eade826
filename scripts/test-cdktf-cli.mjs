// npm run test:cdktf-cli: the tests that go through the real cdktf command. It is 400 MB, so it stays out of the
// package's own dependencies and is installed here, once for each version of its lock file.

import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const folder = join(root, 'test/e2e/cdktf-cli');
const lockFile = join(folder, 'package-lock.json');
const installed = join(folder, 'node_modules/.installed-lock.json');

function run(command, args, cwd) {
  const { status } = spawnSync(command, args, { cwd, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

if (!existsSync(installed) || !readFileSync(installed).equals(readFileSync(lockFile))) {
  // Its one native module would be downloaded; without it the command runs Terraform through pipes.
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], folder);
  copyFileSync(lockFile, installed);
}
run(process.execPath, [join(root, 'scripts/build.mjs')], root);
run(
  process.execPath,
  [join(root, 'node_modules/jest/bin/jest.js'), '--config', join(folder, 'jest.config.mjs')],
  root,
);
