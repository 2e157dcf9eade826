import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Outcome, run } from '../../support/command.js';
import { type ProviderManifest, repository } from '../../support/provider-build.js';

let scratch: string;
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'build-'));
});
afterEach(() => {
  rmSync(scratch, { recursive: true });
});

/** Builds the provider of a folder with the repository's scripts. */
function build(root: string, release = false): Promise<Outcome> {
  const script = pathToFileURL(join(repository, 'scripts/build/provider.mjs')).href;
  const code = `const { buildProvider } = await import(${JSON.stringify(script)});
    await buildProvider(process.argv[1], { release: ${release} })`;
  return run(process.execPath, ['--input-type=module', '-e', code, root], { cwd: root });
}

/** A folder that holds the repository's sources, or those given. */
function project(name: string, sources?: Readonly<Record<string, string>>): string {
  const root = join(scratch, name);
  mkdirSync(root, { recursive: true });
  cpSync(join(repository, 'package.json'), join(root, 'package.json'));
  symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'));
  if (sources === undefined) cpSync(join(repository, 'src'), join(root, 'src'), { recursive: true });
  for (const [path, content] of Object.entries(sources ?? {})) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

function manifestOf(root: string): ProviderManifest {
  return JSON.parse(readFileSync(join(root, 'dist/provider/manifest.json'), 'utf8')) as ProviderManifest;
}

function contents(root: string): Record<string, string> {
  const folder = join(root, 'dist/provider/package');
  return Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'latin1')]),
  );
}

test('two folders give the same bytes, and so the same version and the same hash', async () => {
  const [one, two] = [project('one'), project('some/where/else')];
  expect(await build(one)).toMatchObject({ code: 0 });
  expect(await build(two)).toMatchObject({ code: 0 });
  expect(manifestOf(one)).toEqual(manifestOf(two));
  expect(contents(one)).toEqual(contents(two));
  for (const content of Object.values(contents(one))) {
    expect(content).not.toContain(scratch);
    expect(content).not.toContain(repository);
  }
});

test('a change of the content changes the version of a development build', async () => {
  const one = project('one', { 'src/provider/main.ts': 'console.log(1);' });
  const two = project('two', { 'src/provider/main.ts': 'console.log(2);' });
  await Promise.all([build(one), build(two)]);
  expect(manifestOf(one).version).toMatch(/^\d+\.\d+\.\d+-dev\.[0-9a-f]{12}$/);
  expect(manifestOf(one).version).not.toBe(manifestOf(two).version);
});

test('a release has the version of package.json', async () => {
  const root = project('release', { 'src/provider/main.ts': 'console.log(1);' });
  await build(root, true);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  expect(manifestOf(root).version).toBe(version);
  const launcher = join(root, 'dist/provider/package', `terraform-provider-lightsail_v${version}`);
  expect(statSync(launcher).mode & 0o777).toBe(0o755);
});

test('a main bundle of more than 120 KB fails the build', async () => {
  const big = `console.log(${JSON.stringify('x'.repeat(121 * 1024))});`;
  const { code, stderr } = await build(project('big', { 'src/provider/main.ts': big }));
  expect(code).not.toBe(0);
  expect(stderr).toMatch(/provider\.cjs has \d+ bytes, more than the 122880 allowed/);
});

describe('a module that is imported lazily', () => {
  const main = `import { Shared } from '../shared.js';
    console.log(new Shared());
    void import('../lazy/part.js').then(({ part }) => { console.log(part()); });`;
  const shared = `export class Shared {}`;

  test('becomes a file of its own, which only its import reads', async () => {
    const root = project('lazy', {
      'src/provider/main.ts': main,
      'src/shared.ts': shared,
      'src/lazy/part.ts': `import type { Shared } from '../shared.js';
        import { encode } from '@msgpack/msgpack';
        export const part = (_?: Shared) => 'part ' + encode(1).length;`,
    });
    expect(await build(root)).toMatchObject({ code: 0 });
    expect(manifestOf(root).files).toContain('lazy-part.cjs');
    expect(contents(root)['THIRD-PARTY-NOTICES.txt']).toMatch(/@msgpack\/msgpack .* \(ISC\)/);
    expect(await runMain(root)).toContain('part 1');
  });

  test('shares with the main bundle what both need, so that a class is one class', async () => {
    const root = project('shared', {
      'src/provider/main.ts': `import { Shared } from '../shared.js';
        void import('../lazy/part.js').then(({ make }) => { console.log(make() instanceof Shared); });`,
      'src/shared.ts': shared,
      'src/lazy/part.ts': `import { Shared } from '../shared.js';
        export const make = () => new Shared();`,
    });
    expect(await build(root)).toMatchObject({ code: 0 });
    expect(await runMain(root)).toContain('true');
  });

  test('shares with another lazy one what only those two need', async () => {
    const root = project('siblings', {
      'src/provider/main.ts': `void Promise.all([import('../lazy/a.js'), import('../lazy/b.js')]).then(
        ([a, b]) => { console.log(b.isShared(a.make())); });`,
      'src/shared.ts': shared,
      'src/lazy/a.ts': `import { Shared } from '../shared.js';
        export const make = () => new Shared();`,
      'src/lazy/b.ts': `import { Shared } from '../shared.js';
        export const isShared = (value: unknown) => value instanceof Shared;`,
    });
    expect(await build(root)).toMatchObject({ code: 0 });
    expect(await runMain(root)).toContain('true');
  });

  test('has its place by its name, and not by which of them is found first', async () => {
    const root = project('order', {
      'src/provider/main.ts': `void import('../z.js'); void import('../a/a.js'); void import('../m.js');`,
      'src/z.ts': `export const load = () => import('./late.js');`,
      'src/m.ts': `export const load = () => import('./late.js');`,
      'src/a/a.ts': `export const a = 1;`,
      'src/late.ts': `export const late = 1;`,
    });
    const script = pathToFileURL(join(repository, 'scripts/build/find-bundles.mjs')).href;
    const code = `const { findBundles } = await import(${JSON.stringify(script)});
      const { lazy } = await findBundles(process.argv[1], 'src/provider/main.ts');
      console.log(JSON.stringify(lazy));`;
    const found = await run(process.execPath, ['--input-type=module', '-e', code, root], { cwd: root });
    expect(JSON.parse(found.stdout)).toEqual(
      ['a/a.ts', 'm.ts', 'z.ts', 'late.ts'].map((name) => join(root, 'src', name)),
    );
  });

  test('fails the build when it is imported statically as well', async () => {
    const root = project('both', {
      'src/provider/main.ts': `import { part } from '../lazy/part.js';
        void import('../lazy/part.js').then(part);`,
      'src/lazy/part.ts': `export const part = () => undefined;`,
    });
    const { code, stderr } = await build(root);
    expect(code).not.toBe(0);
    expect(stderr).toContain('src/lazy/part.ts is imported lazily and also statically');
  });
});

async function runMain(root: string): Promise<string> {
  const main = join(root, 'dist/provider/package/provider.cjs');
  return (await run(process.execPath, [main], { cwd: root })).stdout;
}
