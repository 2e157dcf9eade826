// The Vault suites against a real server: one of OpenBao that is started here, or the one at VAULT_ADDR, where
// VAULT_TOKEN may do everything. Each test file writes to a KV engine of its own, and to namespaces and policies of its
// own; all of them are deleted again.
//
//   OPENBAO_BINARY=~/venv/bin/bao npm run test:vault
//   VAULT_ADDR=http://127.0.0.1:8200 VAULT_TOKEN=s.… npm run test:vault

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startOpenBao } from './openbao.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const options = [
  '--selectProjects',
  'unit',
  'stores',
  '--testPathPatterns=destinations/(examples/)?vault',
  '--reporters=default',
  `--reporters=${join(root, 'scripts/none-left-out.mjs')}`,
  // They mostly wait, for a server that does not answer or for Terraform: more of them than cores.
  '--maxWorkers=4',
];

// Whoever stops us stops the tests, and then the server: nothing stays behind.
const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stopping.abort());

const { VAULT_ADDR: address, VAULT_TOKEN: token } = process.env;
try {
  if (Boolean(address) !== Boolean(token)) {
    throw new Error('Set both VAULT_ADDR and VAULT_TOKEN, or neither: then OpenBao is started here.');
  }
  // The tests look for it in every file of Terraform's.
  if (token && token.length < 16) throw new Error('A VAULT_TOKEN that short stands in files by chance.');
  process.exitCode = address ? await test({ address, token }) : await testOwn();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

async function testOwn() {
  const server = await startOpenBao();
  try {
    return await test(server);
  } finally {
    await server.stop();
  }
}

async function test({ address, token }) {
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  const child = spawn(process.execPath, [jest, ...options, ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, TEST_REAL_VAULT: 'true', VAULT_ADDR: address, VAULT_TOKEN: token },
    signal: stopping.signal,
  });
  // That it was stopped; then it closes, too.
  child.on('error', () => undefined);
  const [status] = await once(child, 'close');
  return status ?? 1;
}
