import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  BucketAccessKey,
  EphemeralLightsailBucketAccessKeySecret,
  LightsailProvider,
  SecretDestination,
} from 'cdktf-lightsail-access-key/cdktn';
import { App, LocalBackend, TerraformStack, Testing } from 'cdktn';
import { Emulator } from '../../../src/emulator/index.js';
import { RECIPIENT } from '../../support/destinations/identity.js';
import { deferred, opened } from '../../support/engine-words.js';
import { outputFolder } from '../../support/synthesis.js';
import { Terraform } from '../../support/terraform.js';
import { exhibitsIn, removalContexts } from '../canary/scan.js';

const targetVersions = { terraform: '>=1.10.0', opentofu: '>=1.11.0' };

/** A stack of a project that declares such targets, with a key and the pair of that key. */
function stackWith(secret: SecretDestination, context: Record<string, unknown> = { targetVersions }) {
  const stack = new TerraformStack(Testing.app({ context }), 'stack');
  const key = new BucketAccessKey(stack, 'uploads', { bucketName: 'uploads', secret });
  const pair = new EphemeralLightsailBucketAccessKeySecret(stack, 'pair', { key });
  return { stack, key, pair };
}

type Blocks = Record<string, Record<string, Record<string, unknown>>>;

function pairOf(stack: TerraformStack): Record<string, unknown> {
  const { ephemeral } = JSON.parse(Testing.synth(stack, true)) as { ephemeral: Blocks };
  return ephemeral.lightsail_bucket_access_key_secret?.pair ?? {};
}

const reference = expect.stringMatching(
  /^\$\{lightsail_bucket_access_key\.uploads_\w+\.secret_reference\}$/,
) as string;

test.each([
  ['file', SecretDestination.file({ path: 'key.json' }), { path: reference }],
  ['secrets_manager', SecretDestination.secretsManager({ secretId: 'ci/uploads' }), { secret_id: reference }],
  ['ssm_parameter', SecretDestination.ssmParameter({ name: '/ci/uploads' }), { name: reference }],
  [
    'vault_kv',
    SecretDestination.vaultKv({ mount: '/secret/', path: 'ci', namespace: 'team' }),
    {
      mount: '/secret/',
      namespace: 'team',
      path: expect.stringMatching(/^\$\{trimprefix\(.*\.secret_reference, "team\/secret\/"\)\}$/) as string,
    },
  ],
])('the pair of a key in %s is read there, by way of the key', (route, secret, place) => {
  const { stack } = stackWith(secret);
  expect(pairOf(stack)).toEqual({ secret: { [route]: place } });
});

test("the key's provider reads the pair, unless another is given", () => {
  const stack = new TerraformStack(Testing.app({ context: { targetVersions } }), 'stack');
  const west = new LightsailProvider(stack, 'west', { alias: 'west', region: 'us-west-2' });
  const reader = new LightsailProvider(stack, 'reader', { alias: 'reader', region: 'us-west-2' });
  const key = new BucketAccessKey(stack, 'uploads', {
    bucketName: 'uploads',
    secret: SecretDestination.file({ path: 'key.json' }),
    provider: west,
  });
  new EphemeralLightsailBucketAccessKeySecret(stack, 'pair', { key });
  expect(pairOf(stack)).toMatchObject({ provider: 'lightsail.west' });
  const other = new EphemeralLightsailBucketAccessKeySecret(stack, 'other', { key, provider: reader });
  expect(other.provider).toBe(reader);
});

test.each([
  [
    'in the state',
    SecretDestination.terraformOutput(),
    /is in no store .* Use the attributes of the key itself/,
  ],
  [
    'handed to a program',
    SecretDestination.command({ write: ['put'] }),
    /program of your own, .* Read it where/,
  ],
  [
    'sealed',
    SecretDestination.file({ path: 'key.age', ageRecipients: [RECIPIENT] }),
    /sealed for age recipients.* Leave ageRecipients out/,
  ],
])('the pair of a key whose secret is %s fails the synthesis by its path', (_, secret, words) => {
  const { stack } = stackWith(secret);
  expect(() => Testing.synth(stack, true)).toThrow(words);
  expect(() => Testing.synth(stack, true)).toThrow('[stack/pair] ');
});

test('the pair of several keys fails the synthesis', () => {
  const { stack, key } = stackWith(SecretDestination.file({ path: 'key.json' }));
  key.resource.count = 2;
  expect(() => Testing.synth(stack, true)).toThrow(/stack\/uploads stands for several access keys/);
});

test.each([
  ['no targetVersions', {}],
  ['an older Terraform', { targetVersions: { terraform: '>=1.5.7' } }],
])('a project that declares %s is given the line that it needs', (_, context) => {
  const { stack } = stackWith(SecretDestination.file({ path: 'key.json' }), context);
  expect(() => Testing.synth(stack, true)).toThrow('"targetVersions": { "terraform": ">=1.10.0" }');
});

test('a stack that has only the pair of another stack gets a provider too', () => {
  const app = Testing.app({ context: { targetVersions } });
  const keys = new TerraformStack(app, 'keys');
  const key = new BucketAccessKey(keys, 'uploads', {
    bucketName: 'uploads',
    secret: SecretDestination.file({ path: '/key.json' }),
  });
  const users = new TerraformStack(app, 'users');
  new EphemeralLightsailBucketAccessKeySecret(users, 'pair', { key });
  const { provider } = JSON.parse(Testing.synth(users, true)) as { provider: Record<string, unknown> };
  expect(provider).toMatchObject({ lightsail: [{}] });
});

describe('a synthesized pair', () => {
  let outdir: string;
  let emulator: Emulator;
  let terraform: Terraform | undefined;

  beforeEach(async () => {
    [outdir, emulator] = await Promise.all([outputFolder(), Emulator.start({ buckets: ['uploads'] })]);
  });
  afterEach(async () => {
    await Promise.all([terraform?.cleanup(), emulator.close()]);
    rmSync(outdir, { recursive: true });
  });

  /** A condition on what is read stands for its use. */
  function synthesized(expected?: string): string {
    const app = new App({ outdir, stackTraces: false, context: { targetVersions } });
    const stack = new TerraformStack(app, 'stack');
    new LocalBackend(stack, { path: join(outdir, 'terraform.tfstate') });
    const key = new BucketAccessKey(stack, 'uploads', {
      bucketName: 'uploads',
      secret: SecretDestination.file({ path: 'key.json' }),
    });
    const hash = createHash('sha256')
      .update(expected ?? '')
      .digest('hex');
    const condition = '${sha256(self.secret_access_key) == "' + hash + '"}';
    new EphemeralLightsailBucketAccessKeySecret(stack, 'pair', {
      key,
      ...(expected !== undefined && {
        lifecycle: { postcondition: [{ condition, errorMessage: 'Another secret was read.' }] },
      }),
    });
    app.synth();
    return join(outdir, 'stacks/stack');
  }

  test('is read once its key is there, and is in no state', async () => {
    const address = 'ephemeral.lightsail_bucket_access_key_secret.pair';
    terraform = await Terraform.create({ folder: synthesized(), env: emulator.env });
    await terraform.succeeds('init');
    const { stdout } = await terraform.succeeds('apply', '-auto-approve', '-no-color');
    expect(stdout).toMatch(deferred(address));

    const [key] = emulator.keys('uploads');
    const secret = key?.secretAccessKey ?? '';
    synthesized(secret);
    const plan = await terraform.plan('-detailed-exitcode', '-out=same.tfplan');
    expect(plan).toMatchObject({ code: 0, stdout: expect.stringMatching(opened(address)) as string });
    expect(removalContexts([secret], exhibitsIn(outdir))).toEqual(['stacks/stack/key.json']);

    synthesized('another');
    expect(await terraform.plan()).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Another secret was read.') as string,
    });
  });

  test('is a valid block in HCL, too', async () => {
    process.env.SYNTH_HCL_OUTPUT = 'true';
    try {
      terraform = await Terraform.create({ folder: synthesized('another') });
    } finally {
      delete process.env.SYNTH_HCL_OUTPUT;
    }
    await terraform.succeeds('init');
    await terraform.succeeds('validate');
  });
});
