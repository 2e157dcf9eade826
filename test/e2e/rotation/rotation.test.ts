import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Emulator, type EmulatorKey } from '../../../src/emulator/index.js';
import { useOnS3 } from '../../support/s3-consumer.js';
import { stack, unwrap } from '../../support/stack.js';
import { Terraform } from '../../support/terraform.js';

const KEY = 'lightsail_bucket_access_key.key';
const FILE = 'secret = { file = { path = "key.json" } }';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('Rotation', () => {
  let emulator: Emulator;
  let terraform: Terraform;
  let strangers: string[] = [];

  beforeEach(async () => {
    emulator = await Emulator.start();
    emulator.createBucket('uploads');
    terraform = await Terraform.create({ env: emulator.env });
    await declare('after_days = 90');
    await terraform.succeeds('init');
    await apply();
  });
  afterEach(async () => {
    await terraform.succeeds('destroy', '-auto-approve');
    expect(ids()).toEqual(strangers);
    strangers = [];
    await terraform.cleanup();
    await emulator.close();
  });

  async function declare(rotation: string, more = '', secret = FILE): Promise<void> {
    const key = `bucket_name = "uploads"\n  ${secret}\n  rotation = { ${rotation} }\n  ${more}`;
    await terraform.write('main.tf', stack({ key }));
  }

  const keys = () => emulator.keys('uploads');
  const ids = () => keys().map(({ accessKeyId }) => accessKeyId);
  const state = async () => (await terraform.resource(KEY))?.values ?? {};
  const apply = () => terraform.succeeds('apply', '-auto-approve', '-no-color');

  function first(): EmulatorKey {
    const [key] = keys();
    if (!key) throw new Error('The bucket has no key.');
    return key;
  }

  function stranger(): string {
    const { accessKeyId } = emulator.makeStrangerKey('uploads');
    strangers.push(accessKeyId);
    return accessKeyId;
  }

  function delivered(path = 'key.json'): unknown {
    return JSON.parse(readFileSync(join(terraform.folder, path), 'utf8'));
  }

  async function plan(...args: string[]): Promise<{ code: number | null; said: string }> {
    const { code, stdout, stderr } = await terraform.plan('-detailed-exitcode', ...args);
    return { code, said: unwrap(`${stdout}${stderr}`) };
  }

  /** A rotation by its author's wish; its old and its new key. */
  async function rotate(rotation: string): Promise<{ old: EmulatorKey; current: string }> {
    const old = first();
    await declare(rotation);
    await apply();
    return { old, current: String((await state()).access_key_id) };
  }

  it('keeps its key where secret is only written in other words, and takes them over', async () => {
    const key = first();
    await declare('after_days = 90', '', 'secret = { file = { path = "key.json", format = "sdk" } }');
    const { code, said } = await plan();
    expect(code).toBe(2);
    expect(said).toContain('0 to add, 1 to change, 0 to destroy');
    expect(said).not.toContain('will be replaced');
    await apply();
    expect(keys()).toEqual([key]);
    expect((await state()).secret).toMatchObject({ file: { path: 'key.json', format: 'sdk' } });
    expect((await plan()).code).toBe(0);
  });

  it('has nothing to do before the key is due, and says when that is', async () => {
    expect((await plan()).code).toBe(0);
    emulator.clock.advance(89 * DAY);
    expect((await plan()).code).toBe(0);
    const { created_at: createdAt, rotation_due_at: dueAt } = await state();
    expect(Date.parse(String(dueAt))).toBe(Date.parse(String(createdAt)) + 90 * DAY);
  });

  it('of a key that is due makes a new one, keeps the old one for the overlap, and then retires it', async () => {
    const old = first().accessKeyId;
    emulator.clock.advance(90 * DAY);
    const due = await plan();
    expect(due.code).toBe(2);
    expect(due.said).toContain(`Key ${old} of bucket uploads will be replaced by a new one`);
    expect(due.said).toMatch(/It has been due since .*, 90 days after it was made/);
    expect(due.said).toContain(`Key ${old} stays valid for 24 h more`);

    await apply();
    const [, current] = ids();
    expect(ids()).toEqual([old, current]);
    expect(delivered()).toMatchObject({ accessKeyId: current });
    expect(await state()).toMatchObject({
      access_key_id: current,
      previous_access_key_id: old,
      retire_previous_after: expect.stringMatching(/Z$/) as string,
    });
    expect((await plan()).code).toBe(0);

    emulator.clock.advance(25 * HOUR);
    const over = await plan();
    expect(over.code).toBe(2);
    expect(over.said).toContain(`Key ${old} of bucket uploads will be retired`);
    await apply();
    expect(ids()).toEqual([current]);
    expect(await state()).toMatchObject({ previous_access_key_id: null, retire_previous_after: null });
    expect(delivered()).toMatchObject({ accessKeyId: current });
    expect((await plan()).code).toBe(0);
  });

  it('follows a change of keepers, and without an overlap deletes the old key in the same apply', async () => {
    const { old, current } = await rotate('overlap_hours = 0, keepers = { deploy = "2" }');
    expect(ids()).toEqual([current]);
    expect(current).not.toBe(old.accessKeyId);
    expect(await state()).toMatchObject({ previous_access_key_id: null });
    expect((await plan()).code).toBe(0);
  });

  it('is refused during an overlap, with the name and the end of the key before', async () => {
    const { old, current } = await rotate('keepers = { deploy = "2" }');
    await declare('keepers = { deploy = "3" }');
    const { code, said } = await plan();
    expect(code).toBe(1);
    expect(said).toContain(
      `Key ${current} of bucket uploads cannot be replaced while key ${old.accessKeyId} is still valid`,
    );
    expect(said).toContain(String((await state()).retire_previous_after));
    await declare('keepers = { deploy = "2" }');
    expect((await plan()).code).toBe(0);
  });

  it('after a compromise replaces both own keys in one apply, also during an overlap', async () => {
    const { old, current } = await rotate('keepers = { deploy = "2" }');
    await useOnS3(emulator, 'uploads', old);
    await declare('overlap_hours = 0, keepers = { deploy = "compromised" }');
    const { code, said } = await plan();
    expect(code).toBe(2);
    expect(said).toContain(`Key ${old.accessKeyId} of bucket uploads will be retired`);
    expect(said).toContain(`Then ${current} is deleted, in the same apply`);
    await apply();
    expect(ids()).toHaveLength(1);
    expect(ids()).not.toContain(old.accessKeyId);
    expect(ids()).not.toContain(current);
    expect(delivered()).toMatchObject({ accessKeyId: ids()[0] });
    expect((await plan()).code).toBe(0);
  });

  it('never retires a key that is in use, and says when, by what and where; once it is quiet, it goes', async () => {
    const { old, current } = await rotate('keepers = { deploy = "2" }');
    emulator.clock.advance(30 * HOUR);
    await useOnS3(emulator, 'uploads', old);
    emulator.clock.advance(HOUR);
    const used = keys()[0]?.lastUsed;
    const blocked = await plan();
    expect(blocked.code).toBe(0);
    expect(blocked.said).toContain(
      `Key ${old.accessKeyId} of bucket uploads is still in use, and is not retired`,
    );
    expect(blocked.said).toContain(
      `used ${used?.date.toISOString().replace(/\.\d+Z/, 'Z') ?? ''} by ${used?.serviceName ?? ''} in ${emulator.region}`,
    );
    await apply();
    expect(ids()).toEqual([old.accessKeyId, current]);

    emulator.clock.advance(24 * HOUR);
    expect((await plan()).code).toBe(2);
    await apply();
    expect(ids()).toEqual([current]);
  });

  it('does not retire a key that was used after the plan was made', async () => {
    const { old, current } = await rotate('keepers = { deploy = "2" }');
    emulator.clock.advance(30 * HOUR);
    await terraform.succeeds('plan', '-out', 'saved');
    await useOnS3(emulator, 'uploads', old);
    const { stdout, stderr } = await terraform.succeeds('apply', '-no-color', 'saved');
    expect(unwrap(stdout + stderr)).toContain(`Key ${old.accessKeyId} of bucket uploads is not retired yet`);
    expect(ids()).toEqual([old.accessKeyId, current]);
    expect(await state()).toMatchObject({ previous_access_key_id: old.accessKeyId });
  });

  it('retires a key in use where its author wants that, and says who will be refused', async () => {
    const { old, current } = await rotate('on_still_used = "retire", keepers = { deploy = "2" }');
    emulator.clock.advance(30 * HOUR);
    await useOnS3(emulator, 'uploads', old);
    const { code, said } = await plan();
    expect(code).toBe(2);
    expect(said).toContain('whoever that is will be refused, as rotation.on_still_used = "retire" wants it');
    await apply();
    expect(ids()).toEqual([current]);
  });

  it('that is merely due waits with a warning while a stranger takes the slot, and blocks nothing', async () => {
    const other = stranger();
    emulator.clock.advance(91 * DAY);
    const { code, said } = await plan();
    expect(code).toBe(0);
    expect(said).toContain(
      `Key ${first().accessKeyId} of bucket uploads should be replaced, and cannot be now`,
    );
    expect(said).toContain(other);
    await apply();
    expect(ids()).toHaveLength(2);
  });

  it('that its author asks for is an error at plan while a stranger takes the slot', async () => {
    const other = stranger();
    await declare('keepers = { deploy = "2" }');
    const { code, said } = await plan();
    expect(code).toBe(1);
    expect(said).toContain('Bucket uploads has no room for another access key');
    expect(said).toContain(other);
    await declare('after_days = 90');
  });

  it('of an Inactive key has no overlap, and the key goes first where a stranger takes the other slot', async () => {
    const old = first().accessKeyId;
    const other = stranger();
    emulator.setStatus('uploads', old, 'Inactive');
    const { code, said } = await plan();
    expect(code).toBe(2);
    expect(said).toContain(`Key ${old} of bucket uploads is Inactive`);
    await apply();
    expect(ids()).toHaveLength(2);
    expect(ids()).toContain(other);
    expect(ids()).not.toContain(old);
    expect(await state()).toMatchObject({ status: 'Active', previous_access_key_id: null });
    expect((await plan()).code).toBe(0);
  });

  it('that fails before the promotion deletes the new key, leaves the old pair, and stays due', async () => {
    const old = first().accessKeyId;
    await declare('keepers = { deploy = "2" }', 'verify_timeout_seconds = 1');
    const refuses = emulator.faults.add({
      operation: 'CreateBucketAccessKey',
      kind: 'key-not-accepted',
      ms: 60_000,
    });
    const failed = await terraform.apply();
    expect(failed.code).toBe(1);
    expect(unwrap(failed.stderr)).toContain('was deleted again');
    expect(ids()).toEqual([old]);
    expect(delivered()).toMatchObject({ accessKeyId: old });
    emulator.faults.remove(refuses.id);
    expect((await plan()).code).toBe(2);
    await apply();
    expect(ids()).toHaveLength(2);
    expect((await plan()).code).toBe(0);
  });

  it('to another place leaves the old pair where it was until its key is retired', async () => {
    const old = first().accessKeyId;
    await declare('after_days = 90', '', 'secret = { file = { path = "other.json" } }');
    await apply();
    const [, current] = ids();
    expect(delivered('other.json')).toMatchObject({ accessKeyId: current });
    expect(delivered('key.json')).toMatchObject({ accessKeyId: old });
    emulator.clock.advance(25 * HOUR);
    await apply();
    expect(ids()).toEqual([current]);
    expect(existsSync(join(terraform.folder, 'key.json'))).toBe(false);
    expect(delivered('other.json')).toMatchObject({ accessKeyId: current });
  });

  it('leaves the key before in the state where the current one is deleted by somebody, and makes the next', async () => {
    const { old, current } = await rotate('keepers = { deploy = "2" }');
    emulator.deleteKey('uploads', current);
    const { code, said } = await plan();
    expect(code).toBe(2);
    expect(said).toContain(`Key ${current} of bucket uploads does not exist any more`);
    await apply();
    expect(ids()).toHaveLength(2);
    expect(await state()).toMatchObject({ previous_access_key_id: old.accessKeyId });
    expect(delivered()).toMatchObject({ accessKeyId: (await state()).access_key_id });
  });
});
