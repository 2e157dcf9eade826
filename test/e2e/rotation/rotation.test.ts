import { existsSync } from 'node:fs';
import type { EmulatorKey } from '../../../src/emulator/index.js';
import { KeyStack } from '../../support/key-stack.js';
import { useOnS3 } from '../../support/s3-consumer.js';
import { unwrap } from '../../support/stack.js';

const FILE = 'secret {\n    file { path = "key.json" }\n  }';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('Rotation', () => {
  let its: KeyStack;
  let strangers: string[] = [];

  beforeEach(async () => {
    its = await KeyStack.start();
    await declare('after_days = 90');
    await its.terraform.succeeds('init');
    await its.apply();
  });
  afterEach(async () => {
    try {
      await its.terraform.succeeds('destroy', '-auto-approve');
      expect(its.ids()).toEqual(strangers);
    } finally {
      strangers = [];
      await its.end();
    }
  });

  const declare = (rotation: string, more = '', secret = FILE) =>
    its.declare(`${secret}\n  rotation {\n    ${rotation}\n  }\n  ${more}`);

  const keys = () => its.emulator.keys('uploads');

  function first(): EmulatorKey {
    const [key] = keys();
    if (!key) throw new Error('The bucket has no key.');
    return key;
  }

  function stranger(): string {
    const { accessKeyId } = its.emulator.makeStrangerKey('uploads');
    strangers.push(accessKeyId);
    return accessKeyId;
  }

  /** A rotation by its author's wish; its old and its new key. */
  async function rotate(rotation: string): Promise<{ old: EmulatorKey; current: string }> {
    const old = first();
    await declare(rotation);
    await its.apply();
    return { old, current: String((await its.state()).access_key_id) };
  }

  it('keeps its key where secret is only written in other words, and takes them over', async () => {
    const key = first();
    await declare('after_days = 90', '', 'secret {\nfile {\npath = "key.json"\nformat = "sdk"\n}\n}');
    const { code, said } = await its.plan();
    expect(code).toBe(2);
    expect(said).toContain('0 to add, 1 to change, 0 to destroy');
    expect(said).not.toContain('will be replaced');
    await its.apply();
    expect(keys()).toEqual([key]);
    expect((await its.state()).secret).toMatchObject({ file: { path: 'key.json', format: 'sdk' } });
    expect((await its.plan()).code).toBe(0);
  });

  it('has nothing to do before the key is due, and says when that is', async () => {
    expect((await its.plan()).code).toBe(0);
    its.emulator.age(89 * DAY);
    expect((await its.plan()).code).toBe(0);
    const { created_at: createdAt, rotation_due_at: dueAt } = await its.state();
    expect(Date.parse(String(dueAt))).toBe(Date.parse(String(createdAt)) + 90 * DAY);
  });

  it('of a key that is due makes a new one, keeps the old one for the overlap, and then retires it', async () => {
    const old = first().accessKeyId;
    its.emulator.age(90 * DAY);
    const due = await its.plan();
    expect(due.code).toBe(2);
    expect(due.said).toContain(`Key ${old} of bucket uploads will be replaced by a new one`);
    expect(due.said).toMatch(/It has been due since .*, 90 days after it was made/);
    expect(due.said).toContain(`Key ${old} stays valid for 24 h more`);

    await its.apply();
    const [, current] = its.ids();
    expect(its.ids()).toEqual([old, current]);
    expect(its.delivered()).toMatchObject({ accessKeyId: current });
    expect(await its.state()).toMatchObject({
      access_key_id: current,
      previous_access_key_id: old,
      retire_previous_after: expect.stringMatching(/Z$/) as string,
    });
    expect((await its.plan()).code).toBe(0);

    its.emulator.age(25 * HOUR);
    const over = await its.plan();
    expect(over.code).toBe(2);
    expect(over.said).toContain(`Key ${old} of bucket uploads will be retired`);
    await its.apply();
    expect(its.ids()).toEqual([current]);
    expect(await its.state()).toMatchObject({ previous_access_key_id: null, retire_previous_after: null });
    expect(its.delivered()).toMatchObject({ accessKeyId: current });
    expect((await its.plan()).code).toBe(0);
  });

  it('follows a change of keepers, and without an overlap deletes the old key in the same apply', async () => {
    const { old, current } = await rotate('overlap_hours = 0\n    keepers = { deploy = "2" }');
    expect(its.ids()).toEqual([current]);
    expect(current).not.toBe(old.accessKeyId);
    expect(await its.state()).toMatchObject({ previous_access_key_id: null });
    expect((await its.plan()).code).toBe(0);
  });

  it('is refused during an overlap, with the name and the end of the key before', async () => {
    const { old, current } = await rotate('keepers = { deploy = "2" }');
    await declare('keepers = { deploy = "3" }');
    const { code, said } = await its.plan();
    expect(code).toBe(1);
    expect(said).toContain(
      `Key ${current} of bucket uploads cannot be replaced while key ${old.accessKeyId} is still valid`,
    );
    expect(said).toContain(String((await its.state()).retire_previous_after));
    await declare('keepers = { deploy = "2" }');
    expect((await its.plan()).code).toBe(0);
  });

  it('after a compromise replaces both own keys in one apply, also during an overlap', async () => {
    const { old, current } = await rotate('keepers = { deploy = "2" }');
    await useOnS3(its.emulator, 'uploads', old);
    await declare('overlap_hours = 0\n    keepers = { deploy = "compromised" }');
    const { code, said } = await its.plan();
    expect(code).toBe(2);
    expect(said).toContain(`Key ${old.accessKeyId} of bucket uploads will be retired`);
    expect(said).toContain(`Then ${current} is deleted, in the same apply`);
    await its.apply();
    expect(its.ids()).toHaveLength(1);
    expect(its.ids()).not.toContain(old.accessKeyId);
    expect(its.ids()).not.toContain(current);
    expect(its.delivered()).toMatchObject({ accessKeyId: its.ids()[0] });
    expect((await its.plan()).code).toBe(0);
  });

  it('never retires a key that is in use, and says when, by what and where; once it is quiet, it goes', async () => {
    const { old, current } = await rotate('keepers = { deploy = "2" }');
    its.emulator.age(30 * HOUR);
    await useOnS3(its.emulator, 'uploads', old);
    its.emulator.age(HOUR);
    const used = keys()[0]?.lastUsed;
    const blocked = await its.plan();
    expect(blocked.code).toBe(0);
    expect(blocked.said).toContain(
      `Key ${old.accessKeyId} of bucket uploads is still in use, and is not retired`,
    );
    expect(blocked.said).toContain(
      `used ${used?.date.toISOString().replace(/\.\d+Z/, 'Z') ?? ''} by ${used?.serviceName ?? ''} in ${its.emulator.region}`,
    );
    await its.apply();
    expect(its.ids()).toEqual([old.accessKeyId, current]);

    its.emulator.age(24 * HOUR);
    expect((await its.plan()).code).toBe(2);
    await its.apply();
    expect(its.ids()).toEqual([current]);
  });

  it('does not retire a key that was used after the plan was made', async () => {
    const { old, current } = await rotate('keepers = { deploy = "2" }');
    its.emulator.age(30 * HOUR);
    await its.terraform.succeeds('plan', '-out', 'saved');
    await useOnS3(its.emulator, 'uploads', old);
    // Within a quarter of an hour of the provider's own trial it would be taken for that.
    its.emulator.age(HOUR);
    const { stdout, stderr } = await its.terraform.succeeds('apply', '-no-color', 'saved');
    expect(unwrap(stdout + stderr)).toContain(`Key ${old.accessKeyId} of bucket uploads is not retired yet`);
    expect(its.ids()).toEqual([old.accessKeyId, current]);
    expect(await its.state()).toMatchObject({ previous_access_key_id: old.accessKeyId });
  });

  it('retires a key in use where its author wants that, and says who will be refused', async () => {
    const { old, current } = await rotate('on_still_used = "retire"\n    keepers = { deploy = "2" }');
    its.emulator.age(30 * HOUR);
    await useOnS3(its.emulator, 'uploads', old);
    its.emulator.age(HOUR);
    const { code, said } = await its.plan();
    expect(code).toBe(2);
    expect(said).toContain('S3 will refuse that consumer, as rotation.on_still_used = "retire" asks for');
    await its.apply();
    expect(its.ids()).toEqual([current]);
  });

  it('that is merely due waits with a warning while a stranger takes the slot, and blocks nothing', async () => {
    const other = stranger();
    its.emulator.age(91 * DAY);
    const { code, said } = await its.plan();
    expect(code).toBe(0);
    expect(said).toContain(
      `Key ${first().accessKeyId} of bucket uploads should be replaced, and cannot be now`,
    );
    expect(said).toContain(other);
    await its.apply();
    expect(its.ids()).toHaveLength(2);
  });

  it('that its author asks for is an error at plan while a stranger takes the slot', async () => {
    const other = stranger();
    await declare('keepers = { deploy = "2" }');
    const { code, said } = await its.plan();
    expect(code).toBe(1);
    expect(said).toContain('Bucket uploads has no room for another access key');
    expect(said).toContain(other);
    await declare('after_days = 90');
  });

  it('of an Inactive key has no overlap, and the key goes first where a stranger takes the other slot', async () => {
    const old = first().accessKeyId;
    const other = stranger();
    its.emulator.setStatus('uploads', old, 'Inactive');
    const { code, said } = await its.plan();
    expect(code).toBe(2);
    expect(said).toContain(`Key ${old} of bucket uploads is Inactive`);
    await its.apply();
    expect(its.ids()).toHaveLength(2);
    expect(its.ids()).toContain(other);
    expect(its.ids()).not.toContain(old);
    expect(await its.state()).toMatchObject({ status: 'Active', previous_access_key_id: null });
    expect((await its.plan()).code).toBe(0);
  });

  it('that fails before the promotion deletes the new key, leaves the old pair, and stays due', async () => {
    const old = first().accessKeyId;
    await declare('keepers = { deploy = "2" }', 'verify_timeout_seconds = 1');
    const refuses = its.emulator.faults.add({
      operation: 'CreateBucketAccessKey',
      kind: 'key-not-accepted',
      ms: 60_000,
    });
    const failed = await its.terraform.apply();
    expect(failed.code).toBe(1);
    expect(unwrap(failed.stderr)).toContain('was deleted again');
    expect(its.ids()).toEqual([old]);
    expect(its.delivered()).toMatchObject({ accessKeyId: old });
    its.emulator.faults.remove(refuses.id);
    expect((await its.plan()).code).toBe(2);
    await its.apply();
    expect(its.ids()).toHaveLength(2);
    expect((await its.plan()).code).toBe(0);
  });

  it('to another place leaves the old pair where it was until its key is retired', async () => {
    const old = first().accessKeyId;
    await declare('after_days = 90', '', 'secret {\n    file { path = "other.json" }\n  }');
    await its.apply();
    const [, current] = its.ids();
    expect(its.delivered('other.json')).toMatchObject({ accessKeyId: current });
    expect(its.delivered('key.json')).toMatchObject({ accessKeyId: old });
    its.emulator.age(25 * HOUR);
    await its.apply();
    expect(its.ids()).toEqual([current]);
    expect(existsSync(its.path())).toBe(false);
    expect(its.delivered('other.json')).toMatchObject({ accessKeyId: current });
  });

  it('leaves the key before in the state where the current one is deleted by somebody, and makes the next', async () => {
    const { old, current } = await rotate('keepers = { deploy = "2" }');
    its.emulator.deleteKey('uploads', current);
    const { code, said } = await its.plan();
    expect(code).toBe(2);
    expect(said).toContain(`Key ${current} of bucket uploads does not exist any more`);
    await its.apply();
    expect(its.ids()).toHaveLength(2);
    expect(await its.state()).toMatchObject({ previous_access_key_id: old.accessKeyId });
    expect(its.delivered()).toMatchObject({ accessKeyId: (await its.state()).access_key_id });
  });
});
