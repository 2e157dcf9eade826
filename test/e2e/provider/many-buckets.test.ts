import { Emulator, type FaultHandle } from '../../../src/emulator/index.js';
import { stack, unwrap } from '../../support/stack.js';
import { Terraform } from '../../support/terraform.js';

const LIST = 'GetBucketAccessKeys';
const COUNT = 40;
const BUCKETS = Array.from({ length: COUNT }, (_, number) => `bucket-${number}`);

let emulator: Emulator;
let terraform: Terraform;
afterEach(async () => {
  await terraform.cleanup();
  await emulator.close();
});

async function start(buckets: readonly string[], parts: Parameters<typeof stack>[0]): Promise<void> {
  emulator = await Emulator.start({ buckets });
  terraform = await Terraform.create({ files: { 'main.tf': stack(parts) }, env: emulator.env });
  await terraform.succeeds('init');
}

/** How often each bucket was listed meanwhile, and what Terraform said. */
async function listsDuring(
  ...args: readonly string[]
): Promise<{ total: number; buckets: number[]; said: string; code: number | null }> {
  const before = emulator.log.length;
  const outcome = await terraform.run(...args, '-no-color');
  const calls = emulator.log.slice(before).filter(({ operation }) => operation === LIST);
  const counts = new Map<string, number>();
  for (const { bucket = '' } of calls) counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
  const said = unwrap(outcome.stdout + outcome.stderr);
  return { total: calls.length, buckets: [...counts.values()], said, code: outcome.code };
}

function throttleTenth(): FaultHandle {
  return emulator.faults.add({
    operation: LIST,
    kind: 'error',
    when: 'before',
    type: 'ThrottlingException',
    status: 400,
    every: 10,
    times: 'always',
  });
}

const KEY_OF_EACH = `
  count       = ${COUNT}
  bucket_name = "bucket-\${count.index}"
  secret {
    file { path = "key-\${count.index}.json" }
  }
  verify      = false`;

test('a plan lists each bucket once, and once more for each answer that AWS throttles', async () => {
  await start(BUCKETS, { key: KEY_OF_EACH });
  const once = Array.from({ length: COUNT }, () => 1);
  expect(await listsDuring('plan')).toMatchObject({ buckets: once });
  await terraform.succeeds('apply', '-auto-approve');
  expect(await listsDuring('plan', '-detailed-exitcode')).toMatchObject({ buckets: once, code: 0 });

  const throttled = throttleTenth();
  const slowed = await listsDuring('plan', '-detailed-exitcode');
  expect(slowed).toMatchObject({ code: 0, total: COUNT + throttled.hits });
  expect(throttled.hits).toBeGreaterThanOrEqual(COUNT / 10);
  expect(slowed.said).not.toContain('Warning');
});

const SHARED = `
  count       = 2
  bucket_name = "uploads"
  secret {
    file { path = "key-\${count.index}.json" }
  }
  verify      = false`;

const READERS = (keeper: string) => `
data "lightsail_bucket_access_keys" "all" {
  bucket_name = "uploads"
}
resource "lightsail_bucket_access_key_audit" "audit" {
  bucket_name            = "uploads"
  managed_access_key_ids = lightsail_bucket_access_key.key[*].access_key_id
}
resource "terraform_data" "keeper" { input = "${keeper}" }
data "lightsail_bucket_access_keys" "after" {
  bucket_name = "uploads"
  depends_on  = [terraform_data.keeper, lightsail_bucket_access_key.key]
}
output "keys" { value = data.lightsail_bucket_access_keys.after.access_keys[*].access_key_id }
`;

test('two keys, a data source and an audit of one bucket share its list, and what is read in an apply is new', async () => {
  await start(['uploads'], { key: SHARED, more: READERS('1') });
  expect(await terraform.apply()).toMatchObject({ code: 0 });
  const ids = () => emulator.keys('uploads').map(({ accessKeyId }) => accessKeyId);
  expect((await terraform.show()).values?.outputs?.keys?.value).toEqual(ids());

  // One of the data sources may be first, when nobody can tell yet that this is a plan.
  const { total, code } = await listsDuring('plan', '-detailed-exitcode');
  expect({ isOneOrTwo: total === 1 || total === 2, code }).toEqual({ isOneOrTwo: true, code: 0 });

  // The first key is made anew: what the plan has listed is not what the apply sees.
  emulator.deleteKey('uploads', ids()[0] ?? '');
  await terraform.write('main.tf', stack({ key: SHARED, more: READERS('2') }));
  expect(await terraform.apply()).toMatchObject({ code: 0 });
  expect(ids()).toHaveLength(2);
  expect((await terraform.show()).values?.outputs?.keys?.value).toEqual(ids());
});

test('max_attempts is the limit for a throttled list, too, and the warning names the bucket', async () => {
  await start(['uploads'], {
    provider: 'max_attempts = 2',
    key: 'bucket_name = "uploads"\n  secret {\n    file { path = "key.json" }\n  }\n  verify = false',
  });
  await terraform.succeeds('apply', '-auto-approve');
  emulator.faults.add({
    operation: LIST,
    kind: 'error',
    when: 'before',
    type: 'ThrottlingException',
    status: 400,
    times: 'always',
  });
  const { total, said, code } = await listsDuring('plan');
  expect({ total, code }).toEqual({ total: 2, code: 0 });
  expect(said).toContain('The access keys of bucket uploads cannot be listed');
  expect(said).toContain('GetBucketAccessKeys failed with ThrottlingException');
});

test('a list that takes long is in Terraform’s log with its figures', async () => {
  await start(['uploads'], {
    key: 'bucket_name = "uploads"\n  secret {\n    file { path = "key.json" }\n  }\n  verify = false',
  });
  await terraform.succeeds('apply', '-auto-approve');
  emulator.faults.add({ operation: LIST, kind: 'delay', when: 'before', ms: 1500 });
  terraform.env.TF_LOG_PROVIDER = 'info';
  const { said } = await listsDuring('plan');
  expect(said).toContain('The access keys of buckets are being listed');
  expect(said).toMatch(/buckets_listed=0/);
});
