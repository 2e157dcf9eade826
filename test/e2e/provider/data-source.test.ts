import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { Emulator } from '../../../src/emulator/index.js';
import { stack, unwrap } from '../../support/stack.js';
import { Terraform } from '../../support/terraform.js';

describe('The data source lightsail_bucket_access_keys', () => {
  let emulator: Emulator;
  let terraform: Terraform;

  beforeAll(async () => {
    emulator = await Emulator.start({ buckets: ['uploads'] });
    terraform = await Terraform.create({ env: emulator.env });
  });
  afterAll(async () => {
    await terraform.cleanup();
    await emulator.close();
  });

  it('lists every key, whoever made it, and gives no secret', async () => {
    const used = emulator.makeStrangerKey('uploads');
    const unused = emulator.makeStrangerKey('uploads');
    emulator.setStatus('uploads', unused.accessKeyId, 'Inactive');
    const s3 = new S3Client({
      region: 'us-east-1',
      endpoint: emulator.url,
      forcePathStyle: true,
      credentials: { accessKeyId: used.accessKeyId, secretAccessKey: used.secretAccessKey },
    });
    await s3.send(new ListObjectsV2Command({ Bucket: 'uploads' }));
    s3.destroy();

    await terraform.write(
      'main.tf',
      stack({
        more: `
data "lightsail_bucket_access_keys" "all" { bucket_name = "uploads" }
output "keys" { value = data.lightsail_bucket_access_keys.all.access_keys }`,
      }),
    );
    await terraform.succeeds('init');
    await terraform.succeeds('apply', '-auto-approve');
    const { values } = await terraform.show();
    const keys = values?.outputs?.keys?.value as readonly { readonly access_key_id: string }[];
    const rfc3339 = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string;
    expect([...keys].sort((a) => (a.access_key_id === used.accessKeyId ? -1 : 1))).toEqual([
      {
        access_key_id: used.accessKeyId,
        status: 'Active',
        created_at: rfc3339,
        last_used: { date: rfc3339, region: 'us-east-1', service_name: 's3' },
      },
      {
        access_key_id: unused.accessKeyId,
        status: 'Inactive',
        created_at: rfc3339,
        last_used: { date: null, region: null, service_name: null },
      },
    ]);
    expect(JSON.stringify(values)).not.toContain(used.secretAccessKey);
  });

  it('says of a key whose use AWS does not tell nothing, and not that it was never used', async () => {
    const accessKeyId = 'AKIAIOSFODNN7EXAMPLE';
    emulator.faults.add({
      operation: 'GetBucketAccessKeys',
      kind: 'body',
      body: JSON.stringify({ accessKeys: [{ accessKeyId, status: 'Active', createdAt: 1_700_000_000 }] }),
      times: 'always',
    });
    await terraform.succeeds('apply', '-auto-approve');
    emulator.faults.clear();
    const { values } = await terraform.show();
    expect(values?.outputs?.keys?.value).toMatchObject([{ access_key_id: accessKeyId, last_used: null }]);
  });

  it('fails with the name of a bucket that does not exist', async () => {
    await terraform.write(
      'main.tf',
      stack({ more: 'data "lightsail_bucket_access_keys" "all" { bucket_name = "nowhere" }' }),
    );
    const outcome = await terraform.plan();
    expect(outcome.code).toBe(1);
    expect(unwrap(outcome.stderr)).toContain('There is no Lightsail bucket nowhere in us-east-1');
  });
});
