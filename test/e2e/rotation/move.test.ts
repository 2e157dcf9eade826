import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Emulator, type EmulatorKey } from '../../../src/emulator/index.js';
import { stack, unwrap } from '../../support/stack.js';
import { Terraform } from '../../support/terraform.js';
import { exhibitsIn, removalContexts } from '../canary/scan.js';

const KEY = 'lightsail_bucket_access_key.key';
const AWS_TYPE = 'aws_lightsail_bucket_access_key';

describe('A key that is moved from the AWS provider', () => {
  let emulator: Emulator;
  let terraform: Terraform;
  let old: EmulatorKey;

  beforeAll(async () => {
    terraform = await Terraform.create({ awsProvider: true });
  });
  beforeEach(async () => {
    emulator = await Emulator.start();
    emulator.createBucket('uploads');
    old = emulator.makeStrangerKey('uploads');
    Object.assign(terraform.env, emulator.env);
  });
  afterEach(() => emulator.close());
  afterAll(() => terraform.cleanup());

  /** What the AWS provider would have left, and the configuration that moves it. */
  async function declare(more: object = {}, type = AWS_TYPE): Promise<void> {
    const { accessKeyId, secretAccessKey, createdAt } = old;
    const attributes = {
      id: `uploads,${accessKeyId}`,
      bucket_name: 'uploads',
      access_key_id: accessKeyId,
      secret_access_key: secretAccessKey,
      created_at: createdAt.toISOString(),
      status: 'Active',
      ...more,
    };
    const instances = [{ schema_version: 0, attributes, sensitive_attributes: [] }];
    const provider = 'provider["registry.terraform.io/hashicorp/aws"]';
    const resources = [{ mode: 'managed', type, name: 'key', provider, instances }];
    const state = {
      version: 4,
      terraform_version: '1.9.0',
      serial: 1,
      lineage: 'moved',
      outputs: {},
      resources,
    };
    await terraform.write('terraform.tfstate', JSON.stringify(state));
    await terraform.write(
      'main.tf',
      stack({
        key: 'bucket_name = "uploads"\n  secret {\n    file { path = "key.json" }\n  }',
        more: `moved {\n  from = ${type}.key\n  to   = ${KEY}\n}`,
      }),
    );
    await terraform.succeeds('init');
  }

  const ids = () => emulator.keys('uploads').map(({ accessKeyId }) => accessKeyId);
  async function run(...args: string[]): Promise<{ code: number | null; said: string }> {
    const { code, stdout, stderr } = await terraform.run(...args, '-no-color');
    return { code, said: unwrap(stdout + stderr) };
  }
  const plan = () => run('plan', '-detailed-exitcode');

  it('beside another key has a pending change, and its apply fails naming the key that has to go', async () => {
    const other = emulator.makeStrangerKey('uploads');
    await declare();
    for (let round = 0; round < 2; round++) {
      const { code, said } = await plan();
      expect(code).toBe(2);
      expect(said).toContain(
        `Key ${old.accessKeyId} of bucket uploads should be replaced, and cannot be now`,
      );
      const applied = await run('apply', '-auto-approve');
      expect(applied.code).toBe(1);
      expect(applied.said).toContain(`--bucket-name uploads --access-key-id ${other.accessKeyId}`);
      expect(ids()).toEqual([old.accessKeyId, other.accessKeyId]);
    }
    expect((await run('destroy', '-auto-approve', '-refresh=false')).code).toBe(0);
    expect(ids()).toEqual([other.accessKeyId]);
  });

  it('is due for rotation, and leaves its secret behind', async () => {
    await declare();
    const { code, said } = await plan();
    expect(code).toBe(2);
    expect(said).toContain(`(moved from ${AWS_TYPE}.key)`);
    expect(said).toContain('0 to add, 1 to change, 0 to destroy');
    expect(said).toContain(`Key ${old.accessKeyId} of bucket uploads will be replaced by a new one`);
    expect(said).not.toContain(old.secretAccessKey);

    expect((await run('apply', '-auto-approve')).code).toBe(0);
    const [, current] = ids();
    expect(ids()).toEqual([old.accessKeyId, current]);
    expect((await terraform.resource(KEY))?.values).toMatchObject({
      access_key_id: current,
      previous_access_key_id: old.accessKeyId,
    });
    expect(removalContexts([old.secretAccessKey], exhibitsIn(terraform.folder))).toEqual([
      'terraform.tfstate.backup',
    ]);
    expect((await plan()).code).toBe(0);
    expect((await run('destroy', '-auto-approve')).code).toBe(0);
    expect(ids()).toEqual([]);
    expect(existsSync(join(terraform.folder, 'key.json'))).toBe(false);
  });

  it.each([
    ['that another region holds, as the old state says', { region: 'eu-west-3' }, 'was made in eu-west-3'],
    [
      'that is not where this provider looks',
      { access_key_id: 'AKIAIOSFODNN7EXAMPLE' },
      'cannot be moved here',
    ],
    [
      'of a bucket that is not where this provider looks',
      { bucket_name: 'elsewhere' },
      'cannot be moved here',
    ],
    ['without an ID', { access_key_id: null }, 'does not name a bucket and a key'],
  ])('%s is refused, and nothing changes', async (_, attributes, words) => {
    await declare(attributes);
    const before = readFileSync(join(terraform.folder, 'terraform.tfstate'), 'utf8');
    const { code, said } = await plan();
    expect(code).toBe(1);
    expect(said).toContain(words);
    expect(said).toMatch(/Nothing was changed/);
    expect((await run('apply', '-auto-approve')).code).toBe(1);
    expect(readFileSync(join(terraform.folder, 'terraform.tfstate'), 'utf8')).toBe(before);
    expect(ids()).toEqual([old.accessKeyId]);
  });

  it('of version 6 of the AWS provider has its region written down', async () => {
    await declare({ region: emulator.region });
    expect((await plan()).code).toBe(2);
  });

  it('cannot come from another type', async () => {
    await declare({}, 'aws_iam_access_key');
    const { code, said } = await plan();
    expect(code).toBe(1);
    expect(said).toMatch(
      /A aws_iam_access_key of registry\.\S+\/hashicorp\/aws cannot become a bucket access key/,
    );
    expect(said).toContain('Nothing was changed, and no key is affected.');
  });
});
