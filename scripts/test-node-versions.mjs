// npm run test:node-versions: the plugin protocol and one key's way through Terraform, under the other Nodes that the
// package supports. They come from npm, into a folder that is removed at the end.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const versions = [22, 24];
const tests = ['test/unit/plugin/', 'test/e2e/provider/main-path.test.ts', 'test/e2e/demo/'];

const folder = mkdtempSync(join(tmpdir(), 'lightsail-access-key-nodes-'));
try {
  const distribution = `node-${process.platform}-${process.arch}`;
  const packages = versions.map((version) => `node${version}@npm:${distribution}@${version}`);
  run('npm', ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', ...packages]);
  run('npm', ['run', 'build']);
  for (const version of versions) {
    // Everything that starts `node` gets this one: jest, the emulator, and the provider that Terraform launches.
    const bin = join(folder, 'node_modules', `node${version}`, 'bin');
    const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` };
    const check = `if (process.versions.node.split('.')[0] !== '${version}') process.exit(1)`;
    run('node', ['--eval', `console.log('Node ' + process.version); ${check}`], env);
    run('node', [join(root, 'node_modules/jest/bin/jest.js'), ...tests], env);
  }
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
