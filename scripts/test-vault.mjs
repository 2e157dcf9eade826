// The Vault suite against a real server: Vault or OpenBao, at VAULT_ADDR, with a VAULT_TOKEN that may make mounts.
// Each test file writes to a KV engine of its own, which it makes and deletes again.
//
//   VAULT_ADDR=http://127.0.0.1:8200 VAULT_TOKEN=root npm run test:vault

import { spawnSync } from 'node:child_process';

const { VAULT_ADDR: address, VAULT_TOKEN: token } = process.env;
if (!address || !token) {
  console.error(
    'Set VAULT_ADDR and VAULT_TOKEN: a server for tests, and a token that may make mounts there.',
  );
  process.exit(1);
}

const suites = ['--selectProjects', 'unit', 'stores', '--testPathPatterns', 'destinations/vault'];
const { status } = spawnSync('npx', ['jest', ...suites, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, TEST_REAL_VAULT: 'true' },
});
process.exit(status ?? 1);
