import { Emulator } from '../../../src/emulator/index.js';
import { awsProviderBlock } from '../../support/aws-provider-block.js';
import { Terraform } from '../../support/terraform.js';

const BUCKET = 'from-the-aws-provider';

let emulator: Emulator;
let terraform: Terraform;

beforeAll(async () => {
  emulator = await Emulator.start();
  // The provider comes from a filesystem mirror, so that the test needs no network.
  terraform = await Terraform.create({ awsProvider: true });
});

afterAll(async () => {
  await emulator.close();
  await terraform.cleanup();
});

async function configure(stage: string): Promise<void> {
  await declare(`
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
`);
}

async function declare(resources: string): Promise<void> {
  await terraform.write(
    'main.tf',
    `terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}
${awsProviderBlock('us-east-1', { lightsail: emulator.url })}
${resources}`,
  );
}

test('hashicorp/aws 5.100.0 creates, tags and destroys a bucket and its access key', async () => {
  await configure('test');
  await terraform.succeeds('init');
  await terraform.succeeds('apply', '-auto-approve');
  const { stdout } = await terraform.succeeds('output', '-raw', 'access_key_id');
  expect(emulator.keys(BUCKET).map(({ accessKeyId }) => accessKeyId)).toEqual([stdout]);

  await configure('production');
  await terraform.succeeds('apply', '-auto-approve');
  expect(emulator.keys(BUCKET).map(({ accessKeyId }) => accessKeyId)).toEqual([stdout]);
  const plan = await terraform.plan('-detailed-exitcode');
  expect(plan).toMatchObject({ code: 0, stdout: expect.stringContaining('No changes') as string });

  await terraform.succeeds('destroy', '-auto-approve');
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
});

/** What the README says of it, in its table. */
describe('hashicorp/aws 5.100.0, where something is in the way of its create', () => {
  const keyOf = (bucket: string) =>
    declare(`
resource "aws_lightsail_bucket_access_key" "this" {
  bucket_name = "${bucket}"
}
`);

  test('answers a lost answer with a second living key, and its next plan says “No changes”', async () => {
    emulator.createBucket('lost-answer');
    await keyOf('lost-answer');
    const fault = { kind: 'drop', when: 'after', operation: 'CreateBucketAccessKey' } as const;
    emulator.faults.add({ ...fault, nth: 1, times: 1 });
    const applied = await terraform.succeeds('apply', '-auto-approve');
    const keys = emulator.keys('lost-answer').map(({ accessKeyId }) => accessKeyId);
    expect(keys).toHaveLength(2);
    const plan = await terraform.plan('-detailed-exitcode');
    expect(plan).toMatchObject({ code: 0, stdout: expect.stringContaining('No changes') as string });
    const [lost = 'no key'] = keys;
    for (const { stdout, stderr } of [applied, plan]) expect(stdout + stderr).not.toContain(lost);
    await terraform.succeeds('destroy', '-auto-approve');
    expect(emulator.keys('lost-answer').map(({ accessKeyId }) => accessKeyId)).toEqual([lost]);
  });

  test('plans a key for a full bucket as for an empty one, and fails in its apply', async () => {
    emulator.createBucket('full');
    emulator.makeStrangerKey('full');
    emulator.makeStrangerKey('full');
    await keyOf('full');
    const plan = await terraform.plan('-detailed-exitcode');
    expect(plan).toMatchObject({ code: 2, stdout: expect.stringContaining('1 to add') as string });
    const applied = await terraform.run('apply', '-auto-approve');
    expect(applied.code).toBe(1);
  });
});
