import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformStack } from 'cdktf';
import { BucketAccessKey, SecretDestination } from '../../../src/constructs/index.js';
import { appIn, stackFolder } from './stacks.js';

let outdir: string;
beforeEach(() => {
  outdir = mkdtempSync(join(tmpdir(), 'provider-lock-'));
});
afterEach(() => {
  rmSync(outdir, { recursive: true });
  delete process.env.CDKTF_OUTDIR;
  delete process.env.CDKTF_SKIP_PROVIDER_LOCK;
});

/** Synthesizes a stack of a key and an AWS provider; returns its lock file and the warnings. */
function synthesize(lockFile?: string): { lockFile: string; warnings: string[] } {
  const app = appIn(outdir);
  const stack = new TerraformStack(app, 'stack');
  new AwsProvider(stack, 'aws', { region: 'us-east-1' });
  new BucketAccessKey(stack, 'uploads', {
    bucketName: 'uploads',
    secret: SecretDestination.terraformOutput(),
  });
  const path = join(stackFolder(outdir, stack), '.terraform.lock.hcl');
  if (lockFile !== undefined) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, lockFile);
  }
  app.synth();
  const manifest = JSON.parse(readFileSync(join(outdir, 'manifest.json'), 'utf8')) as {
    stacks: { stack: { annotations: { message: string }[] } };
  };
  return {
    lockFile: readFileSync(path, 'utf8'),
    warnings: manifest.stacks.stack.annotations.map(({ message }) => message),
  };
}

function awsEntry(version: string): string {
  return `provider "registry.terraform.io/hashicorp/aws" {\n  version     = "${version}"\n  constraints = "${version}"\n}\n`;
}

test('a provider that Terraform has yet to lock is noted for the CDKTF command', () => {
  const { lockFile, warnings } = synthesize();
  expect(lockFile).toMatch(/\/\* For the CDKTF command[^*]*provider "registry.terraform.io\/hashicorp\/aws"/);
  expect(warnings).toEqual([]);
});

test('a provider that Terraform has locked is left to it', () => {
  const { lockFile, warnings } = synthesize(awsEntry('5.100.0'));
  expect(lockFile).not.toContain('/*');
  expect(warnings).toEqual([]);
});

describe('another version of a locked provider', () => {
  test('brings a warning that names the remedy, under the CDKTF command', () => {
    process.env.CDKTF_OUTDIR = outdir;
    expect(synthesize(awsEntry('5.99.0')).warnings).toEqual([
      expect.stringContaining('--skip-provider-lock'),
    ]);
  });

  test('brings none when the remedy is in place', () => {
    process.env.CDKTF_OUTDIR = outdir;
    process.env.CDKTF_SKIP_PROVIDER_LOCK = 'true';
    expect(synthesize(awsEntry('5.99.0')).warnings).toEqual([]);
  });

  test('brings none without the CDKTF command', () => {
    expect(synthesize(awsEntry('5.99.0')).warnings).toEqual([]);
  });
});
