import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Emulator } from '../../../src/emulator/index.js';
import { stack } from '../../support/stack.js';
import { Terraform } from '../../support/terraform.js';

const KEY = 'lightsail_bucket_access_key.key';

describe('One access key through a real Terraform', () => {
  let emulator: Emulator;
  let terraform: Terraform;

  beforeAll(async () => {
    emulator = await Emulator.start();
  });
  afterAll(() => emulator.close());

  beforeEach(async () => {
    for (const bucket of emulator.buckets) emulator.deleteBucket(bucket);
    emulator.createBucket('uploads');
    terraform = await Terraform.create({ env: emulator.env });
  });
  afterEach(() => terraform.cleanup());

  async function configure(secret: string, more = ''): Promise<void> {
    const key = `bucket_name = "uploads"\n  secret {\n    ${secret}\n  }\n  ${more}`;
    const output = 'output "id" { value = lightsail_bucket_access_key.key.access_key_id }';
    await terraform.write('main.tf', stack({ key, more: output }));
    if (!existsSync(join(terraform.folder, '.terraform'))) await terraform.succeeds('init');
  }

  function credentials(name = 'key.json'): Record<string, string> {
    return JSON.parse(readFileSync(join(terraform.folder, name), 'utf8')) as Record<string, string>;
  }

  it('delivers the pair to a file of mode 0600, keeps it out of the state, and removes both at destroy', async () => {
    await configure('file { path = "key.json" }');
    const applied = await terraform.succeeds('apply', '-auto-approve', '-no-color');

    const [key] = emulator.keys('uploads');
    expect(applied.stdout).toContain(`id = "${key?.accessKeyId}"`);
    expect(credentials()).toEqual({
      accessKeyId: key?.accessKeyId,
      secretAccessKey: key?.secretAccessKey,
      bucketName: 'uploads',
      region: 'us-east-1',
      createdAt: key?.createdAt.toISOString(),
    });
    expect(statSync(join(terraform.folder, 'key.json')).mode & 0o777).toBe(0o600);
    const state = readFileSync(join(terraform.folder, 'terraform.tfstate'), 'utf8');
    expect(state).not.toContain(key?.secretAccessKey);
    expect((await terraform.plan('-detailed-exitcode')).code).toBe(0);

    await terraform.succeeds('destroy', '-auto-approve');
    expect(emulator.keys('uploads')).toEqual([]);
    expect(readdirSync(terraform.folder).filter((name) => name.includes('key.json'))).toEqual([]);
  });

  it('delivers the secret into the state only where its author asked for that', async () => {
    await configure('terraform_output {}');
    await terraform.succeeds('apply', '-auto-approve');

    const [key] = emulator.keys('uploads');
    const resource = await terraform.resource(KEY);
    expect(resource?.values).toMatchObject({
      access_key_id: key?.accessKeyId,
      secret_access_key: key?.secretAccessKey,
      status: 'Active',
      secret_reference: null,
    });
    expect((await terraform.plan('-detailed-exitcode')).code).toBe(0);
    await terraform.succeeds('destroy', '-auto-approve');
    expect(emulator.keys('uploads')).toEqual([]);
  });

  it('plans a new key, and names the old one, when it was deleted outside of Terraform', async () => {
    await configure('file { path = "key.json" }');
    await terraform.succeeds('apply', '-auto-approve');
    const [old] = emulator.keys('uploads');
    emulator.deleteKey('uploads', old?.accessKeyId ?? '');

    const plan = await terraform.plan('-detailed-exitcode');
    expect(plan.code).toBe(2);
    expect(plan.stdout).toContain(`Key ${old?.accessKeyId} of bucket uploads does not exist any more`);
    await terraform.succeeds('apply', '-auto-approve');
    expect(credentials().accessKeyId).toBe(emulator.keys('uploads')[0]?.accessKeyId);
    expect(credentials().accessKeyId).not.toBe(old?.accessKeyId);
  });

  it('plans to create, and names key and bucket, when the bucket was deleted outside of Terraform', async () => {
    await configure('file { path = "key.json" }');
    await terraform.succeeds('apply', '-auto-approve');
    const [old] = emulator.keys('uploads');
    emulator.deleteBucket('uploads');

    const plan = await terraform.plan('-detailed-exitcode');
    expect(plan.code).toBe(2);
    expect(plan.stdout).toContain(`Bucket uploads of key ${old?.accessKeyId} does not exist any more`);
    expect(plan.stdout).toContain('1 to add');
    const applied = await terraform.apply();
    expect(applied.code).toBe(1);
    expect(applied.stderr).toContain('There is no Lightsail bucket uploads in us-east-1');
    emulator.createBucket('uploads');
    await terraform.succeeds('apply', '-auto-approve');
    expect(credentials().accessKeyId).toBe(emulator.keys('uploads')[0]?.accessKeyId);
  });

  it('replaces the key, old one first', async () => {
    await configure('file { path = "key.json" }');
    await terraform.succeeds('apply', '-auto-approve');
    const [old] = emulator.keys('uploads');
    await terraform.succeeds('apply', '-auto-approve', `-replace=${KEY}`);

    const keys = emulator.keys('uploads');
    expect(keys).toHaveLength(1);
    expect(keys[0]?.accessKeyId).not.toBe(old?.accessKeyId);
    expect(credentials().secretAccessKey).toBe(keys[0]?.secretAccessKey);
  });

  it('replaces the key, new one first, and destroying the old one leaves the new pair at its destination', async () => {
    await configure('file { path = "key.json" }', 'lifecycle { create_before_destroy = true }');
    await terraform.succeeds('apply', '-auto-approve');
    const [old] = emulator.keys('uploads');
    const replaced = await terraform.succeeds('apply', '-auto-approve', '-no-color', `-replace=${KEY}`);

    expect(replaced.stdout).toContain('+/-');
    expect(replaced.stdout).not.toContain('Warning');
    const keys = emulator.keys('uploads');
    expect(keys).toHaveLength(1);
    expect(keys[0]?.accessKeyId).not.toBe(old?.accessKeyId);
    expect(credentials().secretAccessKey).toBe(keys[0]?.secretAccessKey);
    expect((await terraform.plan('-detailed-exitcode')).code).toBe(0);
  });

  it('moves the secret to another file by a new key, and removes the old file', async () => {
    await configure('file { path = "key.json" }');
    await terraform.succeeds('apply', '-auto-approve');
    const [old] = emulator.keys('uploads');
    await configure('file {\npath = "other.env"\nformat = "env"\n}', 'rotation { overlap_hours = 0 }');
    const plan = await terraform.plan();
    expect(plan.stdout).toContain(`Key ${old?.accessKeyId} of bucket uploads will be replaced by a new one`);
    await terraform.succeeds('apply', '-auto-approve');

    const keys = emulator.keys('uploads');
    expect(keys).toHaveLength(1);
    expect(existsSync(join(terraform.folder, 'key.json'))).toBe(false);
    expect(readFileSync(join(terraform.folder, 'other.env'), 'utf8')).toContain(
      `AWS_SECRET_ACCESS_KEY=${keys[0]?.secretAccessKey}\n`,
    );
    expect((await terraform.plan('-detailed-exitcode')).code).toBe(0);
  });

  it('makes a new key when the file was deleted, because the secret cannot be had again', async () => {
    await configure('file { path = "key.json" }');
    await terraform.succeeds('apply', '-auto-approve');
    const [old] = emulator.keys('uploads');
    rmSync(join(terraform.folder, 'key.json'));

    const plan = await terraform.plan('-detailed-exitcode');
    expect(plan.code).toBe(2);
    expect(plan.stdout).toContain(
      `The secret of key ${old?.accessKeyId} of bucket uploads is no longer at file key.json`,
    );
    await terraform.succeeds('apply', '-auto-approve');
    // The old key stays for its overlap: somebody may have read its secret before.
    expect(emulator.keys('uploads').map((key) => key.accessKeyId)).toEqual([
      old?.accessKeyId,
      credentials().accessKeyId,
    ]);
  });

  it('waits until the API lists the key and S3 accepts it', async () => {
    const unknown = { kind: 'error', when: 'before', type: 'InvalidAccessKeyId', status: 403 } as const;
    emulator.faults.add({ operation: 'ListObjectsV2', ...unknown, times: 2 });
    emulator.faults.add({ operation: 'CreateBucketAccessKey', kind: 'key-not-listed', calls: 2 });
    await configure('file { path = "key.json" }');
    await terraform.succeeds('apply', '-auto-approve');
    const refused = emulator.log.filter((call) => call.operation === 'ListObjectsV2' && call.status === 403);
    expect(refused).toHaveLength(2);
    expect(emulator.keys('uploads')[0]?.lastUsed).toMatchObject({ serviceName: 's3' });
    expect((await terraform.plan('-detailed-exitcode')).code).toBe(0);
  });
});
