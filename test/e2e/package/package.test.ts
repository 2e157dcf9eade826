import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Emulator } from '../../../src/emulator/index.js';
import { succeeds } from '../../support/command.js';
import { repository } from '../../support/provider-build.js';
import { Terraform } from '../../support/terraform.js';

const app = `
const { App, TerraformStack } = require('cdktf');
const { BucketAccessKey, SecretDestination } = require('cdktf-lightsail-access-key');
const app = new App();
const stack = new TerraformStack(app, 'stack');
new BucketAccessKey(stack, 'uploads', { bucketName: 'uploads', secret: SecretDestination.file({ path: 'key.json' }) });
app.synth();
`;

let project: string;
let emulator: Emulator;

beforeAll(async () => {
  project = realpathSync(mkdtempSync(join(tmpdir(), 'lightsail-access-key-project-')));
  emulator = await Emulator.start({ buckets: ['uploads'] });
  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', project];
  const { stdout } = await succeeds('npm', pack, { cwd: repository });
  const [packed] = JSON.parse(stdout) as [{ filename: string }];
  writeFileSync(join(project, 'package.json'), '{ "private": true }');
  writeFileSync(join(project, 'main.js'), app);
  const install = ['install', '--prefer-offline', '--no-audit', '--no-fund', `./${packed.filename}`];
  await succeeds('npm', [...install, 'cdktf@0.21.0', 'constructs@10.4.2'], { cwd: project });
});
afterAll(async () => {
  await emulator.close();
  rmSync(project, { recursive: true });
});

test('the packed package, installed in an empty project, makes a key', async () => {
  await succeeds(process.execPath, ['main.js'], { cwd: project });
  const terraform = await Terraform.create({
    folder: join(project, 'cdktf.out/stacks/stack'),
    env: emulator.env,
  });
  try {
    await terraform.succeeds('init');
    await terraform.succeeds('apply', '-auto-approve');
    expect(emulator.keys('uploads')).toHaveLength(1);
    await terraform.succeeds('destroy', '-auto-approve');
  } finally {
    await terraform.cleanup();
  }
});

test('the packed package brings its command', async () => {
  const command = join(project, 'node_modules/.bin/lightsail-access-key');
  const { stdout } = await succeeds(command, ['mirror', 'mirror'], { cwd: project });
  expect(stdout).toContain('npm.invalid/cdktf/lightsail');
});

test('the packed package brings its emulator', async () => {
  const code = `require('cdktf-lightsail-access-key/emulator').Emulator.start().then((e) => e.close())`;
  await succeeds(process.execPath, ['-e', code], { cwd: project });
});
