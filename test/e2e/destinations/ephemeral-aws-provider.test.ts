import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { Emulator } from '../../../src/emulator/index.js';
import { deferred, opened } from '../../support/engine-words.js';
import { type Moto, startMoto } from '../../support/moto.js';
import { readManifest } from '../../support/provider-build.js';
import { Terraform } from '../../support/terraform.js';
import { exhibitsIn, removalContexts } from '../canary/scan.js';

const PAIR = 'ephemeral.lightsail_bucket_access_key_secret.pair';

/** hashicorp/aws works in the bucket as the key, and keeps a copy of the secret by a write-only argument. */
const configuration = (emulator: string, moto: string, format: string) => `
terraform {
  required_providers {
    lightsail = {
      source  = "npm.invalid/cdktf/lightsail"
      version = "${readManifest().version}"
    }
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}

resource "lightsail_bucket_access_key" "key" {
  bucket_name = "uploads"
  secret {
    file {
      path   = "key"
      format = "${format}"
    }
  }
  // Otherwise this provider, too, would list the bucket with the key.
  verify = false
}

ephemeral "lightsail_bucket_access_key_secret" "pair" {
  secret {
    file { path = lightsail_bucket_access_key.key.secret_reference }
  }
}

provider "aws" {
  region                      = "us-east-1"
  access_key                  = ${PAIR}.access_key_id
  secret_key                  = ${PAIR}.secret_access_key
  s3_use_path_style           = true
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
  endpoints {
    s3  = "${emulator}"
    ssm = "${moto}"
  }
}

data "aws_s3_objects" "all" {
  bucket     = "uploads"
  depends_on = [lightsail_bucket_access_key.key]
}

resource "aws_ssm_parameter" "copy" {
  name             = "/copy"
  type             = "SecureString"
  value_wo         = ${PAIR}.secret_access_key
  value_wo_version = tonumber(formatdate("YYYYMMDDhhmmss", lightsail_bucket_access_key.key.created_at))
}
`;

describe('A delivered pair in the hands of hashicorp/aws', () => {
  let emulator: Emulator;
  let moto: Moto;
  let terraform: Terraform;
  /** Of every key so far. */
  const secrets: string[] = [];

  beforeAll(async () => {
    [emulator, moto] = await Promise.all([Emulator.start({ buckets: ['uploads'] }), startMoto()]);
    terraform = await Terraform.create({ awsProvider: true, env: emulator.env });
    Object.assign(terraform.env, { TF_LOG: 'TRACE', TF_LOG_PATH: join(terraform.folder, 'trace.log') });
  });
  afterAll(async () => {
    await terraform.cleanup();
    await Promise.all([emulator.close(), moto.stop()]);
  });

  /** What the parameter holds that the write-only argument was for. */
  async function copied(): Promise<string | undefined> {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const client = new SSMClient({ region: 'us-east-1', endpoint: moto.url, credentials });
    try {
      const request = new GetParameterCommand({ Name: '/copy', WithDecryption: true });
      return (await client.send(request)).Parameter?.Value;
    } finally {
      client.destroy();
    }
  }

  /** The key of the state, with which hashicorp/aws has listed the bucket; the emulator checks each signature. */
  async function keyInUse(said: string) {
    const current = (await terraform.resource('lightsail_bucket_access_key.key'))?.values.access_key_id;
    const key = emulator.keys('uploads').find(({ accessKeyId }) => accessKeyId === current);
    if (!key) throw new Error('The key of the state is not on the bucket.');
    expect(said).toMatch(opened(PAIR));
    const listings = emulator.log.filter(({ operation }) => operation === 'ListObjectsV2');
    expect(listings.at(-1)).toMatchObject({ accessKeyId: key.accessKeyId, status: 200 });
    return key;
  }

  it('configures the provider and feeds its write-only argument, all in the apply that makes the key', async () => {
    await terraform.write('main.tf', configuration(emulator.url, moto.url, 'sdk'));
    await terraform.succeeds('init');
    const { stdout } = await terraform.succeeds('apply', '-auto-approve', '-no-color');
    expect(stdout).toMatch(deferred(PAIR));
    const { secretAccessKey } = await keyInUse(stdout);
    expect(await copied()).toBe(secretAccessKey);
    secrets.push(secretAccessKey);
  });

  it('follows a new key in the same apply, and the secret is in no state, plan and log', async () => {
    await terraform.write('main.tf', configuration(emulator.url, moto.url, 'ini'));
    const plan = await terraform.succeeds('plan', '-no-color', '-out=rotation.tfplan');
    const apply = await terraform.succeeds('apply', '-no-color', 'rotation.tfplan');
    const { secretAccessKey } = await keyInUse(apply.stdout);
    expect(secrets).not.toContain(secretAccessKey);
    expect(await copied()).toBe(secretAccessKey);
    secrets.push(secretAccessKey);

    const pair = join(terraform.folder, 'key');
    expect(removalContexts([secretAccessKey], exhibitsIn(terraform.folder))).toEqual(['key']);
    rmSync(pair);
    const exhibits = exhibitsIn(terraform.folder);
    exhibits.set('printed', Buffer.from([plan, apply].map(({ stdout, stderr }) => stdout + stderr).join()));
    expect([...exhibits.keys()]).toEqual(
      expect.arrayContaining(['terraform.tfstate', 'rotation.tfplan!tfstate', 'trace.log']),
    );
    expect(exhibits.get('trace.log')?.includes('OpenEphemeralResource')).toBe(true);
    expect(removalContexts(secrets, exhibits)).toEqual([]);
  });
});
