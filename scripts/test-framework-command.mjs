// npm run test:cdktf-cli, npm run test:cdktn-cli: the tests that go through the real command of a framework. It is some
// 200 MB, so it stays out of the package's own dependencies and is installed here, once for each version of its lock file.
//
//   node scripts/test-framework-command.mjs cdktf|cdktn

import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const framework = process.argv[2];
const folder = join(root, 'test/e2e', `${framework}-cli`);
const lockFile = join(folder, 'package-lock.json');
const installed = join(folder, 'node_modules/.installed-lock.json');

/** A Node that the command takes, where that is not the oldest that we support. */
const nodes = { cdktn: `node@npm:node-${process.platform}-${process.arch}@22` };

function run(command, args, cwd) {
  const { status } = spawnSync(command, args, { cwd, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

if (!existsSync(installed) || !readFileSync(installed).equals(readFileSync(lockFile))) {
  // Its one native module would be downloaded; without it the command runs Terraform through pipes.
  const quietly = ['--ignore-scripts', '--no-audit', '--no-fund'];
  run('npm', ['ci', ...quietly], folder);
  // In no lock file: it is another package on each platform.
  if (nodes[framework]) run('npm', ['install', '--no-save', ...quietly, nodes[framework]], folder);
  copyFileSync(lockFile, installed);
}
run(process.execPath, [join(root, 'scripts/build.mjs')], root);
run(
  process.execPath,
  [join(root, 'node_modules/jest/bin/jest.js'), '--config', join(folder, 'jest.config.mjs')],
  root,
);
