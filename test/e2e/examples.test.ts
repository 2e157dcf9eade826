import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Emulator } from '../../src/emulator/index.js';
import { succeeds } from '../support/command.js';
import { readManifest, repository } from '../support/provider-build.js';
import { outputFolder } from '../support/synthesis.js';
import { Terraform } from '../support/terraform.js';

let outdir: string;
let emulator: Emulator;
let terraform: Terraform | undefined;

beforeEach(async () => {
  [outdir, emulator] = await Promise.all([outputFolder(), Emulator.start({ buckets: ['my-uploads'] })]);
});
afterEach(async () => {
  await Promise.all([terraform?.cleanup(), emulator.close()]);
  rmSync(outdir, { recursive: true });
});

/** Synthesizes an example as its cdktf.json does; CDKTF keeps the local state where the app runs. */
async function synthesize(example: string): Promise<Terraform> {
  await succeeds(process.execPath, [join(repository, 'scripts/run-example.mjs'), example], {
    cwd: outdir,
    env: { PATH: process.env.PATH, CDKTF_OUTDIR: outdir },
  });
  terraform = await Terraform.create({ folder: join(outdir, 'stacks', example), env: emulator.env });
  await terraform.succeeds('init');
  return terraform;
}

test('quickstart puts the pair into a file', async () => {
  const stack = await synthesize('quickstart');
  await stack.succeeds('apply', '-auto-approve');
  const pair = JSON.parse(readFileSync(join(stack.folder, 'my-uploads-key.json'), 'utf8')) as {
    accessKeyId: string;
  };
  expect(emulator.keys('my-uploads').map(({ accessKeyId }) => accessKeyId)).toEqual([pair.accessKeyId]);
  await stack.succeeds('destroy', '-auto-approve');
  expect(emulator.keys('my-uploads')).toEqual([]);
});

test('terraform-output gives the secret as a sensitive output', async () => {
  const stack = await synthesize('terraform-output');
  const { stdout } = await stack.succeeds('apply', '-auto-approve', '-no-color');
  expect(stdout).toContain('secret-access-key = <sensitive>');
  expect((await stack.succeeds('output', '-raw', 'secret-access-key')).stdout).toMatch(/^\S{40}$/);
});

test('hcl works without CDKTF', async () => {
  const example = readFileSync(join(repository, 'examples/hcl/main.tf'), 'utf8');
  const { version } = readManifest();
  terraform = await Terraform.create({
    env: emulator.env,
    files: { 'main.tf': example.replace(/version = ".*"/, `version = "${version}"`) },
  });
  await terraform.succeeds('init');
  await terraform.succeeds('apply', '-auto-approve');
  const { values } = await terraform.show();
  expect(values?.outputs?.all_access_key_ids?.value).toEqual([values?.outputs?.access_key_id?.value]);
});
