import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../../support/provider-build.js';
import { KeyStack } from '../../support/key-stack.js';

const OPERATIONS = ['GetBucketAccessKeys', 'CreateBucketAccessKey', 'DeleteBucketAccessKey', 'ListObjectsV2'];

const SECRET = 'secret {\n    file { path = "key.json" }\n  }';

/** The table of docs/costs.md: the calls of each command, in the order of its columns. */
function promised(): Readonly<Record<string, readonly number[]>> {
  const rows = readFileSync(join(repository, 'docs/costs.md'), 'utf8').matchAll(
    /^\| ([^|]+?) +((?:\| +\d+ +)+)\|$/gm,
  );
  return Object.fromEntries(
    Array.from(rows, ([, command = '', counts = '']) => [
      command,
      Array.from(counts.matchAll(/\d+/g), Number),
    ]),
  );
}

test('each command makes the calls that the page about costs has counted', async () => {
  const stack = await KeyStack.start();
  const { emulator, terraform } = stack;
  let seen = 0;
  const counted = async (...args: string[]) => {
    await terraform.succeeds(...args);
    const calls = emulator.log.slice(seen).map(({ operation }) => operation);
    seen += calls.length;
    return OPERATIONS.map((operation) => calls.filter((call) => call === operation).length);
  };
  try {
    await stack.declare(SECRET);
    await terraform.succeeds('init');
    const made = await counted('apply', '-auto-approve');
    const idle = await counted('plan');
    await stack.declare(
      `${SECRET}\n  rotation {\n    overlap_hours = 0\n    keepers = { version = "1" }\n  }`,
    );
    const rotated = await counted('apply', '-auto-approve');
    const destroyed = await counted('destroy', '-auto-approve');
    expect(promised()).toEqual({
      'plan without a change': idle,
      'apply that makes a key': made,
      'apply that rotates, without overlap': rotated,
      destroy: destroyed,
    });
  } finally {
    await Promise.all([terraform.cleanup(), emulator.close()]);
  }
});
