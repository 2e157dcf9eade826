import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Emulator, type EmulatorKey } from '../../../src/emulator/index.js';
import { stack, unwrap } from '../../support/stack.js';
import { childrenOf } from '../../support/reliability/processes.js';
import { strike } from '../../support/reliability/strike.js';
import { Terraform } from '../../support/terraform.js';

const KEY = 'lightsail_bucket_access_key.key';
const CREATE_FIRST = 'lifecycle { create_before_destroy = true }';
const FILE = 'secret {\n    file { path = "key.json" }\n  }';

describe('Replacing a key', () => {
  let emulator: Emulator;
  let terraform: Terraform;

  beforeAll(async () => {
    emulator = await Emulator.start();
    terraform = await Terraform.create({ env: emulator.env });
    await terraform.write('main.tf', stack({ key: `bucket_name = "uploads"\n  ${FILE}` }));
    await terraform.succeeds('init');
  });
  afterAll(async () => {
    await terraform.cleanup();
    await emulator.close();
  });

  beforeEach(() => {
    emulator.createBucket('uploads');
    emulator.createBucket('archive');
  });
  afterEach(async () => {
    await terraform.succeeds('destroy', '-auto-approve');
    expect([...emulator.keys('uploads'), ...emulator.keys('archive')]).toEqual([]);
    expect(readdirSync(terraform.folder).filter((name) => name.includes('key.json'))).toEqual([]);
    for (const bucket of emulator.buckets) emulator.deleteBucket(bucket);
  });

  async function apply(key: string, ...args: string[]): Promise<void> {
    await terraform.write('main.tf', stack({ key }));
    await terraform.succeeds('apply', '-auto-approve', ...args);
  }

  function delivered(): unknown {
    return JSON.parse(readFileSync(join(terraform.folder, 'key.json'), 'utf8'));
  }

  /** The next apply makes another key in its place, and nothing is left to do. */
  async function expectMadeAnew(old: EmulatorKey | undefined): Promise<void> {
    await terraform.succeeds('apply', '-auto-approve');
    const keys = emulator.keys('uploads').map(({ accessKeyId }) => accessKeyId);
    expect(keys).toHaveLength(1);
    expect(keys).not.toContain(old?.accessKeyId);
    expect(delivered()).toMatchObject({ accessKeyId: keys[0] });
    expect((await terraform.plan('-detailed-exitcode')).code).toBe(0);
  }

  it.each([
    ['destroyed first', ''],
    ['created first', CREATE_FIRST],
  ])('by a key of another bucket, %s, leaves one pair at the same file', async (_, lifecycle) => {
    await apply(`bucket_name = "uploads"\n  ${FILE}\n  ${lifecycle}`);
    await apply(`bucket_name = "archive"\n  ${FILE}\n  ${lifecycle}`);
    expect(emulator.keys('uploads')).toEqual([]);
    const [key] = emulator.keys('archive');
    expect(delivered()).toMatchObject({ bucketName: 'archive', accessKeyId: key?.accessKeyId });
    expect((await terraform.plan('-detailed-exitcode')).code).toBe(0);
  });

  it('by a saved plan, created first, finds its own predecessor at the file', async () => {
    await apply(`bucket_name = "uploads"\n  ${FILE}\n  ${CREATE_FIRST}`);
    await terraform.succeeds('plan', `-replace=${KEY}`, '-out=saved.plan');
    await terraform.succeeds('apply', 'saved.plan');
    expect(emulator.keys('uploads')).toHaveLength(1);
    expect(delivered()).toMatchObject({ accessKeyId: emulator.keys('uploads')[0]?.accessKeyId });
  });

  it('of a tainted one deletes it and makes another', async () => {
    await apply(`bucket_name = "uploads"\n  ${FILE}`);
    const [old] = emulator.keys('uploads');
    await terraform.succeeds('taint', KEY);
    await terraform.succeeds('apply', '-auto-approve');
    expect(emulator.keys('uploads').map((key) => key.accessKeyId)).not.toContain(old?.accessKeyId);
    expect(delivered()).toMatchObject({ accessKeyId: emulator.keys('uploads')[0]?.accessKeyId });
  });

  it('created first, when the secret is in the state, keeps the new secret there', async () => {
    const key = `bucket_name = "uploads"\n  secret {\n    terraform_output {}\n  }\n  ${CREATE_FIRST}`;
    await apply(key);
    await apply(key, `-replace=${KEY}`);
    const [current] = emulator.keys('uploads');
    expect((await terraform.resource(KEY))?.values).toMatchObject({
      access_key_id: current?.accessKeyId,
      secret_access_key: current?.secretAccessKey,
    });
  });

  it("created first, when a stranger has the bucket's other slot, is refused and leaves the old pair working", async () => {
    await apply(`bucket_name = "uploads"\n  ${FILE}\n  ${CREATE_FIRST}`);
    const stranger = emulator.makeStrangerKey('uploads');
    const before = delivered();
    const outcome = await terraform.apply(`-replace=${KEY}`);
    expect(outcome.code).toBe(1);
    expect(unwrap(outcome.stderr)).toContain(stranger.accessKeyId);
    expect(delivered()).toEqual(before);
    expect(emulator.keys('uploads')).toHaveLength(2);
    emulator.deleteKey('uploads', stranger.accessKeyId);
  });

  it('created first and refused, is made by the next apply, once the slot is free', async () => {
    await apply(`bucket_name = "uploads"\n  ${FILE}\n  ${CREATE_FIRST}`);
    const [old] = emulator.keys('uploads');
    const stranger = emulator.makeStrangerKey('uploads');
    const before = delivered();
    expect((await terraform.apply(`-replace=${KEY}`)).code).toBe(1);
    // The old pair stays as long as there is no room for its successor.
    const again = await terraform.apply();
    expect(again.code).toBe(1);
    expect(unwrap(again.stderr)).toContain(stranger.accessKeyId);
    expect(delivered()).toEqual(before);
    expect(emulator.keys('uploads').map(({ accessKeyId }) => accessKeyId)).toContain(old?.accessKeyId);
    emulator.deleteKey('uploads', stranger.accessKeyId);
    await expectMadeAnew(old);
  });

  it.each([
    ['alone', false],
    ["with a stranger's key since", true],
  ])(
    'created first, whose apply dies in its plan, is made by the next apply (%s)',
    async (_, hasStranger) => {
      await apply(`bucket_name = "uploads"\n  ${FILE}\n  ${CREATE_FIRST}`);
      const [old] = emulator.keys('uploads');
      const { process: child, outcome } = terraform.start(
        'apply',
        '-auto-approve',
        '-no-color',
        `-replace=${KEY}`,
      );
      let lists = 0;
      const disarm = emulator.onCall(async (point, { operation }) => {
        if (point !== 'effect-done' || operation !== 'GetBucketAccessKeys') return;
        lists += 1;
        // The first is the plan's, the second that of the plan which the apply makes in a process of its own.
        if (lists !== 2) return;
        await strike('SIGKILL provider', { terraform: child, providers: childrenOf(child.pid ?? 0) });
      });
      expect((await outcome).code).toBe(1);
      disarm();
      expect(readFileSync(join(terraform.folder, 'terraform.tfstate'), 'utf8')).toContain('"deposed"');
      if (hasStranger) {
        const stranger = emulator.makeStrangerKey('uploads');
        const refused = await terraform.apply();
        expect(refused.code).toBe(1);
        expect(unwrap(refused.stderr)).toContain(stranger.accessKeyId);
        emulator.deleteKey('uploads', stranger.accessKeyId);
      }
      await expectMadeAnew(old);
    },
  );
});
