import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Emulator, TEST_CREDENTIALS } from '../../../src/emulator/index.js';
import { startMoto } from '../../support/moto.js';
import type { Moto } from '../../support/moto.js';
import { readManifest } from '../../support/provider-build.js';
import { unwrap } from '../../support/stack.js';
import { Terraform } from '../../support/terraform.js';
import { exhibitsIn, removalContexts } from '../canary/scan.js';
import { awsProviderBlock } from '../../support/aws-provider-block.js';

const BUCKET = 'made-by-the-aws-provider';
const { accessKeyId, secretAccessKey } = TEST_CREDENTIALS;

describe('Beside hashicorp/aws 5.100.0', () => {
  let emulator: Emulator;
  let moto: Moto;
  let terraform: Terraform;
  const ends: (() => Promise<void>)[] = [];
  // One after the other, so that what was started ends also where the next one does not start.
  beforeAll(async () => {
    emulator = await Emulator.start();
    ends.push(() => emulator.close());
    terraform = await Terraform.create({ env: emulator.env, awsProvider: true });
    ends.push(() => terraform.cleanup());
    moto = await startMoto();
    ends.push(() => moto.stop());
    await terraform.write('main.tf', configuration());
    await terraform.succeeds('init');
  });
  afterAll(() => Promise.all(ends.map((end) => end())));

  const configuration = () => `terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
    lightsail = {
      source  = "npm.invalid/cdktf/lightsail"
      version = "${readManifest().version}"
    }
  }
}
${awsProviderBlock(emulator.region, { lightsail: emulator.url, secretsmanager: moto.url })}
provider "lightsail" {
  endpoints { secretsmanager = "${moto.url}" }
}
resource "aws_lightsail_bucket" "uploads" {
  name      = "${BUCKET}"
  bundle_id = "small_1_0"
}
resource "aws_secretsmanager_secret" "uploads" {
  name                    = "uploads"
  recovery_window_in_days = 0
}
resource "lightsail_bucket_access_key" "uploads" {
  bucket_name = aws_lightsail_bucket.uploads.name
  secret {
    secrets_manager { secret_id = aws_secretsmanager_secret.uploads.id }
  }
}
output "reference" {
  value = lightsail_bucket_access_key.uploads.secret_reference
}
`;

  it('takes bucket and secret from there in one apply, and all of it goes in one destroy', async () => {
    await terraform.succeeds('apply', '-auto-approve');
    const [key, ...others] = emulator.keys(BUCKET);
    expect(others).toEqual([]);
    const client = new SecretsManagerClient({
      region: emulator.region,
      endpoint: moto.url,
      credentials: { accessKeyId, secretAccessKey },
    });
    const request = { SecretId: 'uploads', VersionStage: 'AWSCURRENT' };
    const { ARN, SecretString = '' } = await client.send(new GetSecretValueCommand(request));
    client.destroy();
    expect(JSON.parse(SecretString)).toMatchObject({
      accessKeyId: key?.accessKeyId,
      secretAccessKey: key?.secretAccessKey,
      bucketName: BUCKET,
    });
    const reference = (await terraform.succeeds('output', '-raw', 'reference')).stdout;
    expect(reference).toBe(`${ARN}:::lightsail-access-key-${key?.accessKeyId}`);
    expect(removalContexts([key?.secretAccessKey ?? ''], exhibitsIn(terraform.folder))).toEqual([]);

    const plan = await terraform.plan('-detailed-exitcode');
    expect({ ...plan, stdout: unwrap(plan.stdout) }).toMatchObject({ code: 0 });
    const destroyed = await terraform.destroy();
    expect(destroyed).toMatchObject({
      code: 0,
      stdout: expect.not.stringContaining('Warning') as string,
    });
    expect(destroyed.stdout).toContain('3 destroyed');
    expect(emulator.buckets).toEqual([]);
    const effects = emulator.log.filter(({ effect }) => effect).map(({ operation }) => operation);
    expect(effects).toEqual([
      'CreateBucket',
      'CreateBucketAccessKey',
      'DeleteBucketAccessKey',
      'DeleteBucket',
    ]);
  });
});
