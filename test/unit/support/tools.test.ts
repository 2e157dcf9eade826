import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, relative } from 'node:path';
import { repository } from '../../support/provider-build.js';
import { terraformBinary } from '../../support/tools.js';

const { PATH, TERRAFORM_BINARY_NAME } = process.env;

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'tools-')));
  for (const name of ['first', 'second', 'second/tofu']) mkdirSync(join(folder, name));
  process.env.PATH = ['first', 'second'].map((name) => join(folder, name)).join(delimiter);
  delete process.env.TERRAFORM_BINARY_NAME;
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  Object.assign(process.env, { PATH });
  if (TERRAFORM_BINARY_NAME === undefined) delete process.env.TERRAFORM_BINARY_NAME;
  else process.env.TERRAFORM_BINARY_NAME = TERRAFORM_BINARY_NAME;
});

function plant(name: string, mode = 0o755): string {
  const path = join(folder, name);
  writeFileSync(path, '');
  chmodSync(path, mode);
  return path;
}

/** What the programs in `scripts` take, which cannot be imported here. */
function takenByScripts(): string {
  const module = join(repository, 'scripts/find-terraform.mjs');
  const program = `import { findTerraform } from ${JSON.stringify(module)};
    try { console.log(findTerraform()); } catch (error) { console.log(error.message); }`;
  return execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
    env: process.env,
  }).trim();
}

function takenByTests(): string {
  try {
    return terraformBinary();
  } catch (error) {
    return (error as Error).message;
  }
}

describe.each([
  ['tests', takenByTests],
  ['scripts', takenByScripts],
])('The engine that the %s drive', (_, taken) => {
  it('is the terraform on PATH, and else the tofu, where a file can be run', () => {
    plant('first/terraform', 0o644);
    const tofu = plant('first/tofu');
    expect(taken()).toBe(tofu);
    const terraform = plant('second/terraform');
    expect(taken()).toBe(terraform);
  });

  it('is what TERRAFORM_BINARY_NAME names: a program on PATH, or a path, absolute or from here', () => {
    plant('first/terraform');
    const other = plant('second/terraform-1.15');
    for (const name of ['terraform-1.15', other, relative(process.cwd(), other)]) {
      process.env.TERRAFORM_BINARY_NAME = name;
      expect(taken()).toBe(other);
    }
  });

  it('is nothing else than what TERRAFORM_BINARY_NAME names, which the refusal repeats', () => {
    plant('first/terraform');
    for (const name of ['terraform-1.15', join(folder, 'second/tofu'), './terraform']) {
      process.env.TERRAFORM_BINARY_NAME = name;
      expect(taken()).toContain(`There is no program ${name}, which TERRAFORM_BINARY_NAME names`);
    }
  });

  it('is asked for where there is none', () => {
    expect(taken()).toMatch(/no terraform and no tofu on PATH|Neither terraform nor tofu is on PATH/);
  });
});
