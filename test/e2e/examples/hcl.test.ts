import { existsSync, readFileSync } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Emulator } from '../../../src/emulator/index.js';
import { providerFolder, readManifest, repository } from '../../support/provider-build.js';
import { type Pair, useOnS3 } from '../../support/s3-consumer.js';
import { Terraform, thisPlatform } from '../../support/terraform.js';

const BUCKET = 'my-uploads';

/** Lays the build out under the version of package.json, which is the one that a release has and the example names. */
async function placeAsRelease(terraform: Terraform): Promise<void> {
  const { version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
    version: string;
  };
  const folder = join(terraform.folder, 'terraform.d/plugins', readManifest().source, version);
  await mkdir(folder, { recursive: true });
  const link = join(folder, thisPlatform());
  if (!existsSync(link)) await symlink(providerFolder, link);
}

test('hcl makes a key that S3 accepts without CDKTF, lists it, and takes it away again', async () => {
  const emulator = await Emulator.start({ buckets: [BUCKET] });
  const example = readFileSync(join(repository, 'examples/hcl/main.tf'), 'utf8');
  const terraform = await Terraform.create({ env: emulator.env, files: { 'main.tf': example } });
  try {
    await placeAsRelease(terraform);
    await terraform.succeeds('init');
    await terraform.succeeds('apply', '-auto-approve');
    const { values } = await terraform.show();
    const path = join(terraform.folder, String(values?.outputs?.secret_reference?.value));
    const pair = JSON.parse(readFileSync(path, 'utf8')) as Pair;
    expect(values?.outputs?.access_key_id?.value).toBe(pair.accessKeyId);
    expect(values?.outputs?.all_access_key_ids?.value).toEqual([pair.accessKeyId]);
    await useOnS3(emulator, BUCKET, pair);
    expect(await terraform.plan('-detailed-exitcode')).toMatchObject({ code: 0 });
    await terraform.succeeds('destroy', '-auto-approve');
    expect(emulator.keys(BUCKET)).toEqual([]);
    expect(existsSync(path)).toBe(false);
  } finally {
    await Promise.all([terraform.cleanup(), emulator.close()]);
  }
});
