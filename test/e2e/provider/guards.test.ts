import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Emulator, TEST_CREDENTIALS } from '../../../src/emulator/index.js';
import { stack, unwrap } from '../../support/stack.js';
import { Terraform } from '../../support/terraform.js';

const KEY = 'lightsail_bucket_access_key.key';
const FILE = 'bucket_name = "uploads"\n  secret {\n    file { path = "key.json" }\n  }';

/** IDs of two accounts: 029608264753 and 052310077262. */
const OURS = {
  accessKeyId: 'AKIAQNZGKIQY56JQ7WML',
  secretAccessKey: 'of/our+account/test+only/000000000000000',
};
const THEIRS = {
  accessKeyId: 'AKIAQYLPMN5HHHFPZAM2',
  secretAccessKey: 'of/their+account/test+only/0000000000000',
};

const environmentOf = ({ accessKeyId, secretAccessKey }: typeof OURS) => ({
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
});

describe('What must not happen', () => {
  let emulator: Emulator;
  let terraform: Terraform;

  beforeAll(async () => {
    emulator = await Emulator.start({ credentials: [TEST_CREDENTIALS, OURS, THEIRS] });
    terraform = await Terraform.create({ env: emulator.env });
    await terraform.write('main.tf', stack({ key: FILE }));
    await terraform.succeeds('init');
  });
  afterAll(async () => {
    await terraform.cleanup();
    await emulator.close();
  });
  beforeEach(() => {
    emulator.createBucket('uploads');
  });
  afterEach(() => {
    emulator.faults.clear();
    for (const bucket of emulator.buckets) emulator.deleteBucket(bucket);
    for (const name of readdirSync(terraform.folder)) {
      if (name.includes('key.json') || name.startsWith('terraform.tfstate'))
        rmSync(join(terraform.folder, name), { recursive: true });
    }
  });

  async function applied(): Promise<string> {
    await terraform.write('main.tf', stack({ key: FILE }));
    await terraform.succeeds('apply', '-auto-approve');
    return emulator.keys('uploads')[0]?.accessKeyId ?? '';
  }

  function stateText(): string {
    const path = join(terraform.folder, 'terraform.tfstate');
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  }

  it.each([
    ['secret.file.path', 'bucket_name = "uploads"\n  secret {\n    file { path = var.nothing }\n  }'],
    ['bucket_name', 'bucket_name = var.nothing\n  secret {\n    terraform_output {}\n  }'],
  ])('%s that is null is refused, and no secret gets into the state', async (place, key) => {
    await terraform.write('main.tf', stack({ key, more: 'variable "nothing" { default = null }' }));
    const outcome = await terraform.apply();
    expect(outcome.code).toBe(1);
    expect(unwrap(outcome.stderr)).toContain(`${place} is null`);
    expect(emulator.keys('uploads')).toEqual([]);
  });

  it('a path that turns out null during the apply makes no key', async () => {
    await terraform.write(
      'main.tf',
      stack({
        key: 'bucket_name = "uploads"\n  secret {\n    file { path = terraform_data.path.output == "" ? "key.json" : null }\n  }',
        more: 'resource "terraform_data" "path" { input = timestamp() }',
      }),
    );
    const outcome = await terraform.apply();
    expect(outcome.code).toBe(1);
    expect(unwrap(outcome.stderr)).toContain('is null');
    expect(emulator.keys('uploads')).toEqual([]);
    expect(stateText()).not.toContain('secret_access_key": "');
  });

  it.each([
    ['a stranger has the other slot', () => void emulator.makeStrangerKey('uploads')],
    [
      'a folder has the name of the file',
      () => {
        mkdirSync(join(terraform.folder, 'key.json'));
      },
    ],
  ])(
    'a repair that cannot be is still a change of the plan, fails at apply, and blocks no destroy: %s',
    async (_, happen) => {
      const id = await applied();
      rmSync(join(terraform.folder, 'key.json'));
      happen();
      const plan = await terraform.plan('-detailed-exitcode');
      expect(plan.code).toBe(2);
      expect(unwrap(plan.stdout)).toContain(
        `Key ${id} of bucket uploads should be replaced, and cannot be now`,
      );
      expect((await terraform.apply()).code).toBe(1);
      expect((await terraform.resource(KEY))?.values.access_key_id).toBe(id);
      await terraform.succeeds('destroy', '-auto-approve');
      expect(emulator.keys('uploads').map((key) => key.accessKeyId)).not.toContain(id);
    },
  );

  it('a key is not taken for gone because the provider looks in another region', async () => {
    const id = await applied();
    terraform.env.AWS_REGION = 'eu-west-1';
    for (const command of ['plan', 'destroy']) {
      const outcome = await (command === 'plan' ? terraform.plan() : terraform.destroy());
      // The plan of a key that nobody changes warns: nothing else has to wait for it.
      expect(outcome.code).toBe(command === 'plan' ? 0 : 1);
      expect(unwrap(outcome.stdout + outcome.stderr)).toContain(
        'The key of bucket uploads was made in us-east-1, but the provider is set to eu-west-1',
      );
    }
    terraform.env.AWS_REGION = 'us-east-1';
    expect((await terraform.resource(KEY))?.values.access_key_id).toBe(id);
  });

  it('a key is not taken for gone because the credentials are of another account', async () => {
    Object.assign(terraform.env, environmentOf(OURS));
    const id = await applied();
    Object.assign(terraform.env, environmentOf(THEIRS));
    for (const command of ['plan', 'destroy', 'destroy -refresh=false']) {
      const outcome = await terraform.run(
        ...command.split(' '),
        ...(command === 'plan' ? [] : ['-auto-approve']),
      );
      expect(outcome.code).toBe(command === 'plan' ? 0 : 1);
      expect(unwrap(outcome.stdout + outcome.stderr)).toContain(
        'The key of bucket uploads was made in AWS account 029608264753, but these credentials are of account 052310077262',
      );
    }
    Object.assign(terraform.env, environmentOf(OURS));
    expect((await terraform.resource(KEY))?.values.access_key_id).toBe(id);
    expect((await terraform.plan('-detailed-exitcode')).code).toBe(0);
    Object.assign(terraform.env, environmentOf(TEST_CREDENTIALS));
  });

  it('a key that could not be deleted is not forgotten when the current one vanishes', async () => {
    const first = await applied();
    emulator.faults.add({
      operation: 'DeleteBucketAccessKey',
      kind: 'error',
      when: 'before',
      type: 'ServiceException',
      status: 500,
      times: 'always',
    });
    const env =
      'bucket_name = "uploads"\n  secret {\nfile {\npath = "key.json"\nformat = "env"\n}\n}\n  rotation { overlap_hours = 0 }';
    await terraform.write('main.tf', stack({ key: env }));
    const outcome = await terraform.apply();
    // A replaced key that lives on is a failure: whoever rotates after a compromise has to see it.
    expect(outcome.code).toBe(1);
    expect(unwrap(outcome.stderr)).toContain(`Key ${first} of bucket uploads could not be deleted`);
    expect(unwrap(outcome.stderr)).toContain('This resource keeps its ID');
    const again = await terraform.plan();
    expect(unwrap(again.stdout)).toContain(`Key ${first} of bucket uploads will be deleted`);
    expect(again.stdout).not.toContain('no resource declares');
    emulator.faults.clear();
    const second = emulator.keys('uploads').find((key) => key.accessKeyId !== first);
    emulator.deleteKey('uploads', second?.accessKeyId ?? '');
    await terraform.succeeds('apply', '-auto-approve');
    expect(emulator.keys('uploads')).toHaveLength(1);
    expect(emulator.keys('uploads')[0]?.accessKeyId).not.toBe(first);
    await terraform.succeeds('destroy', '-auto-approve');
    expect(emulator.keys('uploads')).toEqual([]);
  });

  it.each([
    ['of another bucket', 'archive'],
    ['of the same bucket', 'uploads'],
  ])("a new key %s does not take the place of another resource's living pair", async (_, bucket) => {
    await applied();
    emulator.createBucket('archive');
    const pair = readFileSync(join(terraform.folder, 'key.json'), 'utf8');
    const second = `resource "lightsail_bucket_access_key" "second" {
  bucket_name = "${bucket}"
  secret {
    file { path = "key.json" }
  }
  depends_on  = [lightsail_bucket_access_key.key]
}`;
    await terraform.write('main.tf', stack({ key: FILE, more: second }));
    const outcome = await terraform.apply();
    expect(outcome.code).toBe(1);
    expect(unwrap(outcome.stderr)).toMatch(
      /file key.json already holds key|is held by another resource of this state/,
    );
    expect(readFileSync(join(terraform.folder, 'key.json'), 'utf8')).toBe(pair);
  });

  it('a file to which somebody has added something is neither removed nor overwritten', async () => {
    const ini = 'bucket_name = "uploads"\n  secret {\nfile {\npath = "key.json"\nformat = "ini"\n}\n}';
    await terraform.write('main.tf', stack({ key: ini }));
    await terraform.succeeds('apply', '-auto-approve');
    const path = join(terraform.folder, 'key.json');
    const own = `${readFileSync(path, 'utf8')}\n[work]\naws_access_key_id = MINE\n`;
    writeFileSync(path, own);
    const outcome = await terraform.succeeds('destroy', '-auto-approve', '-no-color');
    expect(unwrap(outcome.stdout)).toContain('The value at file key.json was left there');
    expect(readFileSync(path, 'utf8')).toBe(own);
    expect(emulator.keys('uploads')).toEqual([]);
  });

  it('a destroy is not blocked by strangers who have filled the bucket since the key vanished', async () => {
    const id = await applied();
    emulator.deleteKey('uploads', id);
    const unmanaged = [emulator.makeStrangerKey('uploads'), emulator.makeStrangerKey('uploads')];
    await terraform.succeeds('destroy', '-auto-approve');
    expect(emulator.keys('uploads')).toHaveLength(unmanaged.length);
  });

  it('a data source asks nothing while the provider block is not known', async () => {
    const before = emulator.log.length;
    await terraform.write(
      'main.tf',
      stack({
        provider: 'endpoints { lightsail = terraform_data.url.output }',
        more: `resource "terraform_data" "url" { input = "${emulator.url}" }
data "lightsail_bucket_access_keys" "all" { bucket_name = "uploads" }`,
      }),
    );
    const outcome = await terraform.plan();
    expect(outcome.code).toBe(1);
    expect(unwrap(outcome.stderr)).toContain('cannot be listed yet');
    expect(emulator.log).toHaveLength(before);
  });

  it('the draft of a run that was killed does not stay', async () => {
    const draft = join(terraform.folder, '.key.json.lightsail-journal-draft-dead');
    writeFileSync(draft, '{}');
    utimesSync(draft, 0, 0);
    await applied();
    expect(existsSync(draft)).toBe(false);
    await terraform.succeeds('destroy', '-auto-approve');
  });
});
