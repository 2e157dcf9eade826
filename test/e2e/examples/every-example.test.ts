import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../../support/provider-build.js';

const examples = readdirSync(join(repository, 'examples'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  // These bring their tests with them, which `npm test` runs where they are.
  .filter(
    (name) => !readdirSync(join(repository, 'examples', name)).some((file) => file.endsWith('.test.ts')),
  );
/** Those that live for weeks, or need a store's server, are in the projects `rotation` and `stores`. */
const folders = ['test/e2e/examples', 'test/e2e/rotation/examples', 'test/e2e/destinations/examples'];

test.each(examples)('%s is applied by a test of its name', (example) => {
  const candidates = folders.map((folder) => join(repository, folder, `${example}.test.ts`));
  const tests = candidates.filter((path) => existsSync(path)).map((path) => readFileSync(path, 'utf8'));
  expect(tests).toHaveLength(1);
  expect(tests[0]).toMatch(
    new RegExp(`(Example|Runner)\\.open\\('${example}'|examples/${example}/main\\.tf`),
  );
});
