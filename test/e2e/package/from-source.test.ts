import { cpSync, existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Emulator } from '../../../src/emulator/index.js';
import { run, succeeds } from '../../support/command.js';
import { type ProviderManifest, repository } from '../../support/provider-build.js';
import { temporaryFolder } from '../../support/temporary/folder.js';
import { Terraform } from '../../support/terraform.js';

// A build takes seconds and an installation of everything a minute, on a machine that has nothing else to do.
jest.setTimeout(1_200_000);

/** A git repository of what is in the working tree now, changes that are not committed yet among it. */
async function cloneOfTheWorkingTree(): Promise<string> {
  const clone = temporaryFolder('clone');
  const listed = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  const { stdout } = await succeeds('git', listed, { cwd: repository });
  for (const path of stdout.split('\0').filter((name) => name !== '')) {
    // What was deleted and not committed yet is still listed.
    if (existsSync(join(repository, path)))
      cpSync(join(repository, path), join(clone, path), { recursive: true });
  }
  const git = (...args: string[]) =>
    succeeds('git', ['-c', 'user.name=test', '-c', 'user.email=test@localhost', ...args], { cwd: clone });
  await git('init', '--quiet');
  await git('add', '--all');
  await git('commit', '--quiet', '--message', 'the working tree');
  return clone;
}

const tarballsIn = (folder: string) => readdirSync(folder).filter((name) => name.endsWith('.tgz'));

describe('npm pack in a clean clone', () => {
  let clone: string;
  beforeAll(async () => {
    clone = await cloneOfTheWorkingTree();
  });

  test('says to run npm ci where the build has no tools, and packs nothing', async () => {
    const { code, stderr } = await run('npm', ['pack'], { cwd: clone });
    expect(code).not.toBe(0);
    expect(stderr).toContain(
      'The package cannot be built: esbuild, typescript of its development dependencies',
    );
    expect(stderr).toContain('run: npm ci');
    expect(tarballsIn(clone)).toEqual([]);
  });

  test('builds, and packs the library, the command and every file of the provider', async () => {
    symlinkSync(join(repository, 'node_modules'), join(clone, 'node_modules'));
    const { stdout } = await succeeds('npm', ['pack', '--json'], { cwd: clone });
    // What the build says stands before it.
    const [{ files }] = JSON.parse(stdout.slice(stdout.indexOf('[\n'))) as [{ files: { path: string }[] }];
    const paths = files.map(({ path }) => path);
    const manifest = JSON.parse(
      readFileSync(join(clone, 'dist/provider/manifest.json'), 'utf8'),
    ) as ProviderManifest;
    expect(paths).toEqual(
      expect.arrayContaining([
        'dist/lib/constructs/index.js',
        'dist/lib/constructs/index.d.ts',
        'dist/lib/cdktn/index.js',
        'dist/lib/emulator/index.js',
        'dist/lib/command/main.js',
        'dist/provider/manifest.json',
        ...manifest.files.map((file) => `dist/provider/package/${file}`),
      ]),
    );
  });
});

test('npm install git+… gives a package whose stack makes a key', async () => {
  const project = temporaryFolder('from-git');
  const clone = await cloneOfTheWorkingTree();
  writeFileSync(join(project, 'package.json'), '{ "private": true }');
  const packages = [`git+${pathToFileURL(clone).href}`, 'cdktf@0.21.0', 'constructs@10.7.2'];
  // npm installs the development dependencies in a clone of its own, and builds there.
  await succeeds('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', ...packages], {
    cwd: project,
  });
  writeFileSync(
    join(project, 'main.js'),
    `const { App, TerraformStack } = require('cdktf');
const { BucketAccessKey, SecretDestination } = require('cdktf-lightsail-access-key');
const app = new App();
const stack = new TerraformStack(app, 'stack');
new BucketAccessKey(stack, 'uploads', { bucketName: 'uploads', secret: SecretDestination.file({ path: 'key.json' }) });
app.synth();
`,
  );
  await succeeds(process.execPath, ['main.js'], { cwd: project });
  const emulator = await Emulator.start({ buckets: ['uploads'] });
  const folder = join(project, 'cdktf.out/stacks/stack');
  const terraform = await Terraform.create({ folder, env: emulator.env });
  try {
    await terraform.succeeds('init');
    await terraform.succeeds('apply', '-auto-approve');
    expect(emulator.keys('uploads')).toHaveLength(1);
  } finally {
    await Promise.all([terraform.cleanup(), emulator.close()]);
  }
});
