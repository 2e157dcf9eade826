import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Emulator } from '../../../src/emulator/index.js';
import { awsProviderBlock } from '../../support/aws-provider-block.js';

const BUCKET = 'from-the-aws-provider';

let emulator: Emulator;
let folder: string;

beforeAll(async () => {
  emulator = await Emulator.start();
  folder = await mkdtemp(join(tmpdir(), 'emulator-aws-provider-'));
});

afterAll(async () => {
  await emulator.close();
  await rm(folder, { recursive: true, force: true });
});

/** The AWS provider comes from a filesystem mirror, so that the test needs no network. */
function mirror(): string {
  const path = process.env.TF_PROVIDER_MIRROR;
  if (path) return path;
  throw new Error(
    'Set TF_PROVIDER_MIRROR to a Terraform filesystem mirror that holds hashicorp/aws 5.100.0.',
  );
}

async function terraform(...args: string[]): Promise<{ stdout: string; code: number }> {
  try {
    const { stdout } = await promisify(execFile)('terraform', args, {
      cwd: folder,
      env: {
        // Nothing else of the machine's environment: neither its credentials nor its certificates.
        PATH: process.env.PATH ?? '',
        HOME: folder,
        TMPDIR: folder,
        // A third less to compute for hashicorp/aws.
        GOGC: '400',
        CHECKPOINT_DISABLE: '1',
        TF_IN_AUTOMATION: '1',
        TF_CLI_CONFIG_FILE: join(folder, 'terraform.rc'),
      },
    });
    return { stdout, code: 0 };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    // Exit code 2 is how `plan -detailed-exitcode` says that there are changes.
    if (code === 2) return { stdout, code };
    throw new Error(`terraform ${args.join(' ')} failed:\n${stdout}\n${stderr}`, { cause: error });
  }
}

async function configure(stage: string): Promise<void> {
  await writeFile(
    join(folder, 'terraform.rc'),
    `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirror())}\n  }\n}\n`,
  );
  await writeFile(
    join(folder, 'main.tf'),
    `terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}
${awsProviderBlock('us-east-1', { lightsail: emulator.url })}
resource "aws_lightsail_bucket" "this" {
  name      = "${BUCKET}"
  bundle_id = "small_1_0"
  tags = {
    team  = "storage"
    stage = "${stage}"
  }
}
resource "aws_lightsail_bucket_access_key" "this" {
  bucket_name = aws_lightsail_bucket.this.name
}
output "access_key_id" {
  value = aws_lightsail_bucket_access_key.this.access_key_id
}
`,
  );
}

test('hashicorp/aws 5.100.0 creates, tags and destroys a bucket and its access key', async () => {
  await configure('test');
  await terraform('init', '-no-color');
  await terraform('apply', '-auto-approve', '-no-color');
  const { stdout } = await terraform('output', '-raw', 'access_key_id');
  expect(emulator.keys(BUCKET).map(({ accessKeyId }) => accessKeyId)).toEqual([stdout]);

  await configure('production');
  await terraform('apply', '-auto-approve', '-no-color');
  expect(emulator.keys(BUCKET).map(({ accessKeyId }) => accessKeyId)).toEqual([stdout]);
  const plan = await terraform('plan', '-detailed-exitcode', '-no-color');
  expect(plan).toMatchObject({ code: 0, stdout: expect.stringContaining('No changes') as string });

  await terraform('destroy', '-auto-approve', '-no-color');
  expect(emulator.buckets).toEqual([]);
  const effects = emulator.log.filter(({ effect }) => effect).map(({ operation }) => operation);
  expect(effects).toEqual([
    'CreateBucket',
    'CreateBucketAccessKey',
    'TagResource',
    'DeleteBucketAccessKey',
    'DeleteBucket',
  ]);
  expect(emulator.log.filter(({ errorType }) => errorType !== undefined)).toEqual([]);
}, 300_000);
