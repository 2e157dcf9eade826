import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { LightsailBucket } from '@cdktf/provider-aws/lib/lightsail-bucket';
import { TerraformOutput, type TerraformStack } from 'cdktf';
import {
  BucketAccessKey,
  DataLightsailBucketAccessKeys,
  LightsailProvider,
  SecretDestination,
} from 'cdktf-lightsail-access-key';
import { Emulator } from '../../../src/emulator/index.js';
import { RECIPIENT } from '../../support/destinations/identity.js';
import { lockedAlike } from '../../support/engine-words.js';
import { readManifest } from '../../support/provider-build.js';
import { outputFolder, synthesizeInto } from '../../support/synthesis.js';
import { Terraform } from '../../support/terraform.js';

let outdir: string;
let emulator: Emulator;
let terraform: Terraform | undefined;

beforeEach(async () => {
  [outdir, emulator] = await Promise.all([outputFolder(), Emulator.start({ buckets: ['uploads'] })]);
});
afterEach(async () => {
  await Promise.all([terraform?.cleanup(), emulator.close()]);
  terraform = undefined;
  rmSync(outdir, { recursive: true });
});

function addKey(stack: TerraformStack): void {
  const key = new BucketAccessKey(stack, 'uploads', {
    bucketName: 'uploads',
    secret: SecretDestination.file({ path: 'key.json' }),
  });
  new TerraformOutput(stack, 'id', { value: key.accessKeyId });
}

test('a synthesized stack is all that Terraform needs to make a key, and to remove it again', async () => {
  terraform = await Terraform.create({ folder: synthesizeInto(outdir, addKey), env: emulator.env });
  await terraform.succeeds('init');
  await terraform.succeeds('apply', '-auto-approve');
  const [key] = emulator.keys('uploads');
  const pair = JSON.parse(readFileSync(join(terraform.folder, 'key.json'), 'utf8')) as {
    accessKeyId: string;
  };
  expect(pair.accessKeyId).toBe(key?.accessKeyId);
  expect((await terraform.succeeds('output', '-raw', 'id')).stdout).toBe(key?.accessKeyId);

  synthesizeInto(outdir, addKey);
  expect((await terraform.succeeds('plan', '-no-color')).stdout).toContain('No changes.');
  await terraform.succeeds('destroy', '-auto-approve');
  expect(emulator.keys('uploads')).toEqual([]);
});

test.each(['JSON', 'HCL'])('the provider accepts every argument of the constructs in %s', async (form) => {
  if (form === 'HCL') process.env.SYNTH_HCL_OUTPUT = 'true';
  const folder = synthesizeInto(outdir, (stack) => {
    new LightsailProvider(stack, 'lightsail', {
      region: 'us-east-1',
      profile: 'keys',
      accessKey: 'AKIAIOSFODNN7EXAMPLE',
      secretKey: 'secret',
      token: 'token',
      sharedConfigFiles: ['config'],
      sharedCredentialsFiles: ['credentials'],
      assumeRole: {
        roleArn: 'arn:aws:iam::111122223333:role/keys',
        sessionName: 'keys',
        externalId: 'id',
        duration: '15m',
        policy: '{}',
        policyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
        sourceIdentity: 'runner',
        tags: { team: 'media' },
        transitiveTagKeys: ['team'],
      },
      endpoints: {
        lightsail: emulator.url,
        secretsmanager: emulator.url,
        ssm: emulator.url,
        s3: emulator.url,
        sts: emulator.url,
        vault: emulator.url,
      },
      maxAttempts: 3,
    });
    const key = new BucketAccessKey(stack, 'uploads', {
      bucketName: 'uploads',
      secret: SecretDestination.terraformOutput(),
      exclusive: true,
      verify: false,
      verifyTimeoutSeconds: 30,
    });
    new BucketAccessKey(stack, 'file', {
      bucketName: 'uploads',
      secret: SecretDestination.file({ path: 'key.env', format: 'env' }),
      dependsOn: [key],
      rotation: { afterDays: 90, overlapHours: 48, keepers: { 'team name': 'media' }, onStillUsed: 'retire' },
      hooks: {
        afterCreate: { command: ['./told.sh', '--now'], onFailure: 'continue', timeoutSeconds: 30 },
        beforeDelete: { command: ['./going.sh'] },
      },
    });
    const destinations = {
      sealed: SecretDestination.terraformOutput({ ageRecipients: [RECIPIENT] }),
      stored: SecretDestination.secretsManager({ secretId: 'uploads', format: 'ini' }),
      parameter: SecretDestination.ssmParameter({
        name: '/uploads',
        kmsKeyId: 'alias/keys',
        tier: 'Advanced',
      }),
      vault: SecretDestination.vaultKv({ mount: 'secret', path: 'uploads', namespace: 'team' }),
      program: SecretDestination.command({ write: ['put', '-x'], delete: ['forget'] }),
    };
    for (const [id, secret] of Object.entries(destinations)) {
      new BucketAccessKey(stack, id, { bucketName: `bucket-${id}`, secret });
    }
    const keys = new DataLightsailBucketAccessKeys(stack, 'keys', { bucketName: 'uploads' });
    new TerraformOutput(stack, 'secret', { value: key.secretAccessKey, sensitive: true });
    new TerraformOutput(stack, 'status', { value: [key.status, key.createdAt, key.secretReference] });
    new TerraformOutput(stack, 'used', { value: keys.accessKeys.get(0).lastUsed.serviceName });
  });
  delete process.env.SYNTH_HCL_OUTPUT;
  expect(existsSync(join(folder, 'cdk.tf'))).toBe(form === 'HCL');
  terraform = await Terraform.create({ folder });
  await terraform.succeeds('init');
  await terraform.succeeds('validate');
});

test('HCL synthesis makes the same working stack', async () => {
  process.env.SYNTH_HCL_OUTPUT = 'true';
  try {
    const folder = synthesizeInto(outdir, addKey);
    terraform = await Terraform.create({ folder, env: emulator.env });
  } finally {
    delete process.env.SYNTH_HCL_OUTPUT;
  }
  await terraform.succeeds('init');
  await terraform.succeeds('apply', '-auto-approve');
  expect(emulator.keys('uploads')).toHaveLength(1);
});

test("a key is made where the stack's AWS provider points", async () => {
  const folder = synthesizeInto(outdir, (stack) => {
    new AwsProvider(stack, 'aws', {
      region: emulator.region,
      endpoints: [{ lightsail: emulator.url, s3: emulator.url }],
      skipCredentialsValidation: true,
      skipRequestingAccountId: true,
    });
    const bucket = new LightsailBucket(stack, 'bucket', { name: 'made-here', bundleId: 'small_1_0' });
    new BucketAccessKey(stack, 'key', {
      bucketName: bucket.name,
      secret: SecretDestination.file({ path: 'key.json' }),
    });
  });
  const { AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '' } = emulator.env;
  terraform = await Terraform.create({
    folder,
    awsProvider: true,
    env: { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY },
  });
  await terraform.succeeds('init');
  await terraform.succeeds('apply', '-auto-approve');
  expect(emulator.keys('made-here')).toHaveLength(1);
});

describe('the lock file of a synthesized stack', () => {
  test('is just what Terraform would write', async () => {
    terraform = await Terraform.create({ folder: synthesizeInto(outdir, addKey) });
    const path = join(terraform.folder, '.terraform.lock.hcl');
    const ours = readFileSync(path, 'utf8');
    await terraform.succeeds('init', '-lockfile=readonly');
    rmSync(path);
    await terraform.succeeds('init');
    expect(lockedAlike(readFileSync(path, 'utf8'))).toBe(lockedAlike(ours));
  });

  test('lets Terraform refuse a provider whose content has changed', async () => {
    terraform = await Terraform.create({ folder: synthesizeInto(outdir, addKey) });
    const { source, version } = readManifest();
    const placed = join(terraform.folder, 'terraform.d/plugins', source, version, 'linux_amd64/provider.cjs');
    writeFileSync(placed, 'changed', { flag: 'a' });
    const { code, stderr } = await terraform.init();
    expect(code).toBe(1);
    expect(stderr.replace(/\s+/g, ' ')).toMatch(/checksum/);
  });

  test('follows the package to another version, without terraform init -upgrade', async () => {
    terraform = await Terraform.create({ folder: synthesizeInto(outdir, addKey) });
    const path = join(terraform.folder, '.terraform.lock.hcl');
    const { version } = readManifest();
    writeFileSync(
      path,
      readFileSync(path, 'utf8')
        .replaceAll(version, '0.0.1')
        .replace(/h1:.*"/, 'h1:old="'),
    );
    synthesizeInto(outdir, addKey);
    await terraform.succeeds('init');
  });
});
