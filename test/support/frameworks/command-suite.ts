import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Emulator } from '../../../src/emulator/index.js';
import { type Outcome } from '../command.js';
import { Terraform } from '../terraform.js';
import { type CommandUnderTest, Project } from './project.js';

/** What the real command of a framework does with a stack of ours, from an empty output folder on. */
export function describeCommand(tested: CommandUnderTest): void {
  const { framework, entry } = tested;
  const app = `
const { App, TerraformStack } = require('${framework}');
const { BucketAccessKey, SecretDestination } = require('${entry}');
const app = new App();
const stack = new TerraformStack(app, 'stack');
if (process.env.WITH_AWS_PROVIDER) {
  const { AwsProvider } = require('@${framework}/provider-aws/lib/provider');
  new AwsProvider(stack, 'aws', { region: 'us-east-1' });
}
if (!process.env.WITHOUT_KEY) {
  new BucketAccessKey(stack, 'uploads', { bucketName: 'uploads', secret: SecretDestination.file({ path: 'key.json' }) });
}
app.synth();
`;

  let project: Project;
  let emulator: Emulator;
  let terraform: Terraform | undefined;

  beforeEach(async () => {
    project = Project.make(tested, app);
    emulator = await Emulator.start({ buckets: ['uploads'] });
  });
  afterEach(async () => {
    await Promise.all([emulator.close(), terraform?.cleanup()]);
    project.remove();
  });

  const command = (...args: string[]): Promise<Outcome> => project.command(terraform?.env, ...args);

  const lockFile = () => readFileSync(join(project.stack('stack'), '.terraform.lock.hcl'), 'utf8');

  test('synth, diff, deploy and destroy need no flag, from an empty output folder on', async () => {
    terraform = await Terraform.create({ env: emulator.env });
    expect(await command('synth')).toMatchObject({ code: 0 });
    const diff = await command('diff');
    expect(diff).toMatchObject({ code: 0 });
    expect(diff.stdout).toContain('1 to add');
    expect(await command('deploy', '--auto-approve')).toMatchObject({ code: 0 });
    expect(emulator.keys('uploads')).toHaveLength(1);
    expect(await command('destroy', '--auto-approve')).toMatchObject({ code: 0 });
    expect(emulator.keys('uploads')).toEqual([]);
  });

  test('deploy alone needs no flag either when the stack has an AWS provider, which Terraform then locks', async () => {
    terraform = await Terraform.create({
      folder: project.stack('stack'),
      env: { ...emulator.env, WITH_AWS_PROVIDER: '1' },
      awsProvider: true,
    });
    expect(await command('deploy', '--auto-approve')).toMatchObject({ code: 0 });
    expect(emulator.keys('uploads')).toHaveLength(1);
    expect(lockFile()).toMatch(
      /^provider "registry\.(terraform\.io|opentofu\.org)\/hashicorp\/aws" \{\n {2}version/m,
    );
    expect(lockFile()).not.toContain('/*');
  });

  test('deploy deletes the last key of a stack, although the provider has left the stack with it', async () => {
    terraform = await Terraform.create({ env: emulator.env });
    expect(await command('deploy', '--auto-approve')).toMatchObject({ code: 0 });
    expect(emulator.keys('uploads')).toHaveLength(1);
    terraform.env.WITHOUT_KEY = '1';
    expect(await command('deploy', '--auto-approve')).toMatchObject({ code: 0 });
    expect(emulator.keys('uploads')).toEqual([]);
  });

  test('synth fails when the configuration is wrong, and says where', async () => {
    terraform = await Terraform.create();
    project.write(app.replace("bucketName: 'uploads'", "bucketName: 'NO'"));
    const { code, stdout, stderr } = await command('synth');
    expect(code).not.toBe(0);
    expect(stdout + stderr).toContain('[stack/uploads] bucketName is "NO"');
  });
}
