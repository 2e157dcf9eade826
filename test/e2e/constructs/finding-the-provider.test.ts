import { existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { TerraformStack } from 'cdktf';
import { BucketAccessKey, LightsailProvider, SecretDestination } from 'cdktf-lightsail-access-key';
import { Emulator } from '../../../src/emulator/index.js';
import { run } from '../../support/command.js';
import { temporaryFolder } from '../../support/temporary/folder.js';
import { Terraform } from '../../support/terraform.js';
import { terraformBinary } from '../../support/tools.js';
import { appIn } from '../../unit/constructs/stacks.js';

let outdir: string;
let emulator: Emulator;
let terraform: Terraform;

beforeEach(async () => {
  outdir = temporaryFolder('outdir');
  emulator = await Emulator.start({ buckets: ['uploads'] });
  terraform = await Terraform.create({ folder: join(outdir, 'stacks/stack'), env: emulator.env });
});
afterEach(async () => {
  await Promise.all([terraform.cleanup(), emulator.close()]);
});

interface Given {
  readonly withKey: boolean;
  /** Of the provider that comes and leaves with the key; default: the environment's. */
  readonly region?: string;
}

function synthesize({ withKey, region }: Given): void {
  const app = appIn(outdir);
  const stack = new TerraformStack(app, 'stack');
  if (withKey && region !== undefined) new LightsailProvider(stack, 'lightsail', { region });
  if (withKey)
    new BucketAccessKey(stack, 'uploads', {
      bucketName: 'uploads',
      secret: SecretDestination.file({ path: 'key.json' }),
    });
  app.synth();
}

test('the apply that deletes the last key of a stack has its provider, although nothing of ours is left in it', async () => {
  synthesize({ withKey: true });
  await terraform.succeeds('init');
  await terraform.succeeds('apply', '-auto-approve');
  expect(emulator.keys('uploads')).toHaveLength(1);
  synthesize({ withKey: false });
  // As on a machine that has the synthesized folder, and not what an earlier init made of it.
  rmSync(join(terraform.folder, '.terraform'), { recursive: true });
  await terraform.succeeds('init');
  await terraform.succeeds('apply', '-auto-approve');
  expect(emulator.keys('uploads')).toEqual([]);
  expect(existsSync(join(terraform.folder, 'key.json'))).toBe(false);
});

test('the apply that deletes the last key knows the Region of the provider that has left the stack with it', async () => {
  const { region } = emulator;
  delete terraform.env.AWS_REGION;
  synthesize({ withKey: true, region });
  await terraform.succeeds('init');
  await terraform.succeeds('apply', '-auto-approve');
  expect(emulator.keys('uploads')).toHaveLength(1);
  synthesize({ withKey: false });
  await terraform.succeeds('apply', '-auto-approve');
  expect(emulator.keys('uploads')).toEqual([]);
});

describe('terraform -chdir=DIR init', () => {
  const chdir = () =>
    run(terraformBinary(), [`-chdir=${terraform.folder}`, 'init', '-no-color'], {
      cwd: dirname(terraform.folder),
      env: terraform.env,
    });

  test('finds the provider by the CLI configuration that synthesis writes beside the stack', async () => {
    synthesize({ withKey: true });
    terraform.env.TF_CLI_CONFIG_FILE = join(terraform.folder, 'terraform.rc');
    expect(await chdir()).toMatchObject({ code: 0 });
  });

  test('does not find it without', async () => {
    synthesize({ withKey: true });
    expect(await chdir()).toMatchObject({ code: 1 });
  });
});

describe('a provider_installation block', () => {
  const remedied = `provider_installation {
  filesystem_mirror {
    path    = "terraform.d/plugins"
    include = ["npm.invalid/*/*"]
  }
  direct {
    exclude = ["npm.invalid/*/*"]
  }
}
`;

  test.each([
    ['without our mirror', 'provider_installation {\n  direct {}\n}\n', 1],
    ['with what synthesis says to add', remedied, 0],
  ])('%s: init ends as it should', async (_, text, code) => {
    synthesize({ withKey: true });
    await terraform.write('own.rc', text);
    terraform.env.TF_CLI_CONFIG_FILE = join(terraform.folder, 'own.rc');
    const outcome = await terraform.init();
    expect(outcome.code).toBe(code);
    if (code === 1) expect(outcome.stderr.replace(/\s+/g, ' ')).toContain('could not connect to npm.invalid');
  });
});
