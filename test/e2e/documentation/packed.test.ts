import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { succeeds } from '../../support/command.js';
import { repository } from '../../support/provider-build.js';

/** For who works on the package: they are in its repository alone. */
const REPOSITORY = /^(CONTRIBUTING\.md|docs\/decisions\/)/;

test('the package has every picture of its README, and every page for users and example to which it leads', async () => {
  const { stdout } = await succeeds('npm', ['pack', '--ignore-scripts', '--dry-run', '--json'], {
    cwd: repository,
  });
  const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }];
  const packed = new Set(files.map(({ path }) => path));
  const readme = readFileSync(join(repository, 'README.md'), 'utf8');
  const links = [...readme.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)|\bsrc(?:set)?="([^":]+)"/g)]
    .map(([, link, picture]) => link ?? picture ?? '')
    .filter((path) => !REPOSITORY.test(path));
  expect(links).toEqual(
    expect.arrayContaining(['docs/README.md', 'docs/images/overview-light.svg', 'examples/hcl/main.tf']),
  );
  expect(links.filter((path) => !packed.has(path))).toEqual([]);
});
