import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../support/command.js';
import { repository } from '../../support/provider-build.js';
import { temporaryFolder } from '../../support/temporary/folder.js';

/** Runs a check of pages on this project, or on a folder. */
const check = (name: string, ...folder: readonly string[]) =>
  run(process.execPath, [join(repository, 'scripts/docs', name), ...folder], { cwd: repository });

describe('the check of links', () => {
  it('finds nothing in the pages of this project', async () => {
    expect(await check('links.mjs')).toMatchObject({ code: 0, stderr: '' });
  });

  it('finds links that lead nowhere, and leaves those in code alone', async () => {
    const folder = temporaryFolder('pages');
    mkdirSync(join(folder, 'docs'));
    writeFileSync(
      join(folder, 'README.md'),
      [
        '# A `page`, and more',
        '[a](docs/there.md#a-heading) [b](docs/none.md) [c](#a-page-and-more) [d](#none)',
        '[e](docs/there.md#none) [f](../outside.md) [g](https://example.com/none) <img src="none.svg">',
        '`[h](none.md)`',
        '```',
        '[i](none.md)',
        '```',
      ].join('\n'),
    );
    writeFileSync(join(folder, 'docs/there.md'), '# A heading\n');
    const { code, stderr } = await check('links.mjs', folder);
    expect(code).toBe(1);
    expect(stderr.trim().split('\n')).toEqual([
      'README.md:2: docs/none.md is not there',
      'README.md:2: #none names a heading that is not there',
      'README.md:3: docs/there.md#none names a heading that is not there',
      'README.md:3: ../outside.md leads out of the project',
      'README.md:3: none.svg is not there',
    ]);
  });
});

describe('the README', () => {
  it('shows the picture that its script draws', async () => {
    const drawn = await run(process.execPath, [join(repository, 'scripts/picture.mjs'), '--check'], {
      cwd: repository,
    });
    expect(drawn).toMatchObject({ code: 0, stderr: '' });
  });

  it('has at most 250 lines', () => {
    const { length } = readFileSync(join(repository, 'README.md'), 'utf8').split('\n');
    expect(length).toBeLessThanOrEqual(250);
  });
});
