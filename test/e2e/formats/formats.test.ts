import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { FORMATS } from '../../../src/contract/limits.js';
import type { Format } from '../../../src/destinations/format.js';
import { Emulator } from '../../../src/emulator/index.js';
import { succeeds } from '../../support/command.js';
import { repository } from '../../support/provider-build.js';
import { stack } from '../../support/stack.js';
import { Terraform } from '../../support/terraform.js';

const LISTER = join(repository, 'test/support/list-objects.mjs');
/** Not the SDK's own default, so that a format that carries the Region is seen to carry it. */
const REGION = 'eu-central-1';

/** An environment without any credentials. */
const NOTHING = {
  PATH: process.env.PATH,
  HOME: '/nonexistent',
  AWS_EC2_METADATA_DISABLED: 'true',
};

/** A bucket holds two keys at most. */
const buckets: Readonly<Record<Format, string>> = {
  sdk: 'one',
  env: 'one',
  credential_process: 'two',
  ini: 'two',
};

let emulator: Emulator;
let terraform: Terraform;
/** How many calls there were before the consumers': the provider tries its keys out too. */
let before: number;
beforeAll(async () => {
  emulator = await Emulator.start({ region: REGION, buckets: ['one', 'two'] });
  const keys = FORMATS.map(
    (format) => `resource "lightsail_bucket_access_key" "${format}" {
  bucket_name = "${buckets[format]}"
  secret {
    file {
      path   = "key.${format}"
      format = "${format}"
    }
  }
}`,
  );
  const files = { 'main.tf': stack({ more: keys.join('\n') }) };
  terraform = await Terraform.create({ env: emulator.env, files });
  await terraform.succeeds('init');
  await terraform.succeeds('apply', '-auto-approve');
  before = emulator.log.length;
});
afterAll(() => Promise.all([terraform.cleanup(), emulator.close()]));

const path = (format: string) => join(terraform.folder, `key.${format}`);

/** Lists the bucket in a process of its own that has nothing but this environment; answers the key that it found. */
async function list(format: Format, env: Record<string, string>, ...node: string[]): Promise<string> {
  const args = [...node, LISTER, emulator.url, buckets[format]];
  const { stdout } = await succeeds(process.execPath, args, {
    cwd: terraform.folder,
    env: { ...NOTHING, ...env },
  });
  return stdout.trim();
}

/** It is the key of the state, and S3 has accepted what was signed with it. */
async function expectAccepted(format: Format, accessKeyId: string): Promise<void> {
  const resource = await terraform.resource(`lightsail_bucket_access_key.${format}`);
  expect(accessKeyId).toBe(resource?.values.access_key_id);
  expect(emulator.log.slice(before)).toContainEqual(
    expect.objectContaining({ operation: 'ListObjectsV2', status: 200, accessKeyId }),
  );
}

describe('A pair in the format', () => {
  test('sdk is the configuration of a client, Region included, and signs a request that S3 accepts', async () => {
    const { accessKeyId, secretAccessKey, bucketName, region } = JSON.parse(
      readFileSync(path('sdk'), 'utf8'),
    ) as Record<'accessKeyId' | 'secretAccessKey' | 'bucketName' | 'region', string>;
    const credentials = { accessKeyId, secretAccessKey };
    const client = new S3Client({ endpoint: emulator.url, forcePathStyle: true, region, credentials });
    await client.send(new ListObjectsV2Command({ Bucket: bucketName }));
    client.destroy();
    await expectAccepted('sdk', accessKeyId);
  });

  test('env is an environment in which the SDK finds pair and Region, and signs a request that S3 accepts', async () => {
    await expectAccepted('env', await list('env', {}, `--env-file=${path('env')}`));
  });

  test('env can be read by a shell for the programs that it starts', async () => {
    const script = `set -a; . ./key.env; exec "${process.execPath}" "${LISTER}" "${emulator.url}" one`;
    const { stdout } = await succeeds('sh', ['-c', script], { cwd: terraform.folder, env: NOTHING });
    await expectAccepted('env', stdout.trim());
  });

  test("credential_process is what a profile's program prints, and signs a request that S3 accepts", async () => {
    const program = `cat "${path('credential_process')}"`;
    await terraform.write('config', `[default]\nregion = ${REGION}\ncredential_process = ${program}\n`);
    const env = { AWS_CONFIG_FILE: join(terraform.folder, 'config') };
    await expectAccepted('credential_process', await list('credential_process', env));
  });

  test('ini is a shared credentials file with its Region, and signs a request that S3 accepts', async () => {
    await expectAccepted('ini', await list('ini', { AWS_SHARED_CREDENTIALS_FILE: path('ini') }));
  });

  test('is of no use with another secret: the emulator looks at the signature', async () => {
    const forged = readFileSync(path('env'), 'utf8').replace(/(SECRET_ACCESS_KEY=).*/, `$1${'x'.repeat(40)}`);
    await terraform.write('key.forged', forged);
    await expect(list('env', {}, `--env-file=${path('forged')}`)).rejects.toThrow('SignatureDoesNotMatch');
  });
});
