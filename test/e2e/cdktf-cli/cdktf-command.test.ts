import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Emulator } from '../../../src/emulator/index.js';
import { type Outcome, run } from '../../support/command.js';
import { repository } from '../../support/provider-build.js';
import { Terraform } from '../../support/terraform.js';
import { terraformBinary } from '../../support/tools.js';

const app = `
const { App, TerraformStack } = require('cdktf');
const { BucketAccessKey, SecretDestination } = require('cdktf-lightsail-access-key');
const app = new App();
const stack = new TerraformStack(app, 'stack');
if (process.env.WITH_AWS_PROVIDER) {
  const { AwsProvider } = require('@cdktf/provider-aws/lib/provider');
  new AwsProvider(stack, 'aws', { region: 'us-east-1' });
}
new BucketAccessKey(stack, 'uploads', { bucketName: 'uploads', secret: SecretDestination.file({ path: 'key.json' }) });
app.synth();
`;

let project: string;
let emulator: Emulator;
let terraform: Terraform | undefined;

/** A project with an empty output folder. */
beforeEach(async () => {
  project = realpathSync(mkdtempSync(join(tmpdir(), 'lightsail-access-key-cli-')));
  mkdirSync(join(project, 'node_modules'));
  for (const name of ['cdktf', 'constructs', '@cdktf']) {
    symlinkSync(join(repository, 'node_modules', name), join(project, 'node_modules', name));
  }
  symlinkSync(repository, join(project, 'node_modules/cdktf-lightsail-access-key'));
  writeFileSync(join(project, 'main.js'), app);
  writeFileSync(
    join(project, 'cdktf.json'),
    JSON.stringify({
      language: 'typescript',
      app: 'node main.js',
      projectId: 'test',
      sendCrashReports: 'false',
    }),
  );
  emulator = await Emulator.start({ buckets: ['uploads'] });
});
afterEach(async () => {
  await Promise.all([emulator.close(), terraform?.cleanup()]);
  rmSync(project, { recursive: true });
});

/** The real command, in the environment in which the tests run Terraform. */
function cdktf(...args: string[]): Promise<Outcome> {
  const command = join(repository, 'test/e2e/cdktf-cli/node_modules/.bin/cdktf');
  const engine = { TERRAFORM_BINARY_NAME: terraformBinary() };
  return run(command, args, { cwd: project, env: { ...terraform?.env, ...engine, CI: 'true' } });
}

const lockFile = () => readFileSync(join(project, 'cdktf.out/stacks/stack/.terraform.lock.hcl'), 'utf8');

test('synth, diff, deploy and destroy need no flag, from an empty output folder on', async () => {
  terraform = await Terraform.create({ env: emulator.env });
  expect(await cdktf('synth')).toMatchObject({ code: 0 });
  const diff = await cdktf('diff');
  expect(diff).toMatchObject({ code: 0 });
  expect(diff.stdout).toContain('1 to add');
  expect(await cdktf('deploy', '--auto-approve')).toMatchObject({ code: 0 });
  expect(emulator.keys('uploads')).toHaveLength(1);
  expect(await cdktf('destroy', '--auto-approve')).toMatchObject({ code: 0 });
  expect(emulator.keys('uploads')).toEqual([]);
});

test('deploy alone needs no flag either when the stack has an AWS provider, which Terraform then locks', async () => {
  terraform = await Terraform.create({
    folder: join(project, 'cdktf.out/stacks/stack'),
    env: { ...emulator.env, WITH_AWS_PROVIDER: '1' },
    awsProvider: true,
  });
  expect(await cdktf('deploy', '--auto-approve')).toMatchObject({ code: 0 });
  expect(emulator.keys('uploads')).toHaveLength(1);
  expect(lockFile()).toMatch(
    /^provider "registry\.(terraform\.io|opentofu\.org)\/hashicorp\/aws" \{\n {2}version/m,
  );
  expect(lockFile()).not.toContain('/*');
});

test('synth fails when the configuration is wrong, and says where', async () => {
  terraform = await Terraform.create();
  writeFileSync(join(project, 'main.js'), app.replace("bucketName: 'uploads'", "bucketName: 'NO'"));
  const { code, stdout, stderr } = await cdktf('synth');
  expect(code).not.toBe(0);
  expect(stdout + stderr).toContain('[stack/uploads] The bucket name "NO"');
});
