// npm run test:other-engine: what depends most on Terraform's own behaviour, under another version than the one on
// PATH: the one that TERRAFORM_BINARY_NAME names, or one that is made here and removed at the end.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeSecondTerraform } from './second-terraform/make.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const tests = [
  'test/e2e/plugin/terraform\\.test',
  'test/e2e/provider/(main-path|recovery|ephemeral|blocks|plan-destroy)\\.test',
  'test/e2e/constructs/ephemeral\\.test',
  'test/e2e/rotation/(rotation|import|move|drift)\\.test',
  'test/e2e/destinations/ephemeral',
];

/** Of the crash points each thirty-second. */
const CRASH_SHARE = '32';

// Whoever stops this stops what it runs as well: that ends, and the folder is removed.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => undefined);

const folder = mkdtempSync(join(tmpdir(), 'lightsail-access-key-terraform-'));
try {
  const terraform = process.env.TERRAFORM_BINARY_NAME || makeSecondTerraform(folder);
  const env = { ...process.env, TERRAFORM_BINARY_NAME: terraform, CHECKPOINT_DISABLE: '1' };
  run(terraform, ['version'], env);
  run(process.execPath, [join(root, 'scripts/build.mjs')]);
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  // Each of these folders belongs to one of the projects, so no test runs twice.
  const projects = ['--selectProjects', 'e2e', 'histories', 'rotation', 'stores', '--testPathPatterns'];
  run(process.execPath, [jest, ...projects, ...tests, ...process.argv.slice(2)], env);
  // What a destroy and a plan after a kill show is the engine's, too.
  const points = ['--config', join(root, 'jest.reliability.config.mjs'), 'test/reliability/crash-points'];
  run(process.execPath, [jest, ...points], { ...env, RELIABILITY_SHARE: CRASH_SHARE });
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function run(command, args, env = process.env) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', env });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed.`, { cause: error });
}
