import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { KeyStack } from '../../support/key-stack.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Plans whose end is open: something is known only at apply, waits for room, or is somebody else's decision. */
describe('A plan', () => {
  let its: KeyStack;

  beforeEach(async () => {
    its = await KeyStack.start();
    await declare('rotation { after_days = 90 }');
    await its.terraform.succeeds('init');
    await its.apply();
  });
  afterEach(() => its.end());

  const declare = (key: string, more = '', path = 'key.json') =>
    its.declare(`secret {\n    file { path = "${path}" }\n  }\n  ${key}`, more);
  const daysFrom = (days: number) => ({
    key: 'rotation { after_days = terraform_data.days.output }',
    more: `resource "terraform_data" "days" {\n  input = ${days}\n}`,
  });

  it('leaves open what an unknown after_days decides, and apply rotates only where it calls for that', async () => {
    const [old = ''] = its.ids();
    its.emulator.age(70 * DAY);
    const later = daysFrom(120);
    await declare(later.key, later.more);
    const { code, said } = await its.plan();
    expect(code).toBe(2);
    expect(said).toContain(`Key ${old} of bucket uploads may be replaced by a new one`);
    expect(said).toContain('A part of its rotation is known only at apply');
    await its.apply();
    expect(its.ids()).toEqual([old]);
    const { created_at: createdAt, rotation_due_at: dueAt } = await its.state();
    expect(Date.parse(String(dueAt))).toBe(Date.parse(String(createdAt)) + 120 * DAY);
    expect((await its.plan()).code).toBe(0);

    const sooner = daysFrom(60);
    await declare(sooner.key, sooner.more);
    await its.apply();
    expect(its.ids()).toHaveLength(2);
    expect(await its.state()).toMatchObject({
      previous_access_key_id: old,
      access_key_id: its.delivered().accessKeyId,
    });
    expect((await its.plan()).code).toBe(0);
  });

  it('leaves open during an overlap what unknown keepers decide, and keeps both keys where they are the same', async () => {
    const keepers = (value: string) => `rotation { keepers = { image = ${value} } }`;
    await declare(keepers('"1"'));
    await its.apply();
    const both = its.ids();
    expect(both).toHaveLength(2);
    await declare(
      keepers('terraform_data.image.output'),
      'resource "terraform_data" "image" {\n  input = "1"\n}',
    );
    const { code, said } = await its.plan();
    expect(code).toBe(2);
    expect(said).toContain('may have to be replaced, and cannot be now');
    await its.apply();
    expect(its.ids()).toEqual(both);
    expect((await its.plan()).code).toBe(0);
  });

  it.each([
    ['still waits', false],
    ['has room by then', true],
  ])('of a due rotation without room beside another change comes to an end that %s', async (_, hasRoom) => {
    const [old = ''] = its.ids();
    const other = its.emulator.makeStrangerKey('uploads').accessKeyId;
    its.emulator.age(91 * DAY);
    await declare('rotation { after_days = 90 }\n  verify_timeout_seconds = 50');
    const { code, said } = await its.plan('-out=plan');
    expect(code).toBe(2);
    expect(said).toContain(`Key ${old} of bucket uploads should be replaced, and cannot be now`);
    if (hasRoom) its.emulator.deleteKey('uploads', other);
    expect((await its.run('apply', 'plan')).code).toBe(0);
    expect(await its.state()).toMatchObject({
      verify_timeout_seconds: 50,
      access_key_id: its.delivered().accessKeyId,
    });
    if (hasRoom) {
      expect(await its.state()).toMatchObject({ previous_access_key_id: old });
      expect(its.ids()).toHaveLength(2);
    } else {
      expect(its.ids()).toEqual([old, other]);
      expect(its.delivered().accessKeyId).toBe(old);
    }
    expect((await its.plan()).code).toBe(0);
  });

  it('never retires a key whose pair somebody has put back for its consumers', async () => {
    const [old = ''] = its.ids();
    const before = readFileSync(its.path());
    await declare('rotation { keepers = { deploy = "2" } }');
    await its.apply();
    const [, current = ''] = its.ids();
    const after = readFileSync(its.path());

    writeFileSync(its.path(), before, { mode: 0o600 });
    its.emulator.age(25 * HOUR);
    const { said } = await its.plan();
    expect(said).toContain(`Key ${old}, which ${current} has replaced, is what consumers read again`);
    expect(said).not.toContain('will be retired');
    await its.apply();
    expect(its.ids()).toEqual([old, current]);
    expect(its.delivered().accessKeyId).toBe(old);

    writeFileSync(its.path(), after, { mode: 0o600 });
    await its.apply();
    if (its.ids().length > 1) await its.apply();
    expect(its.ids()).toEqual([current]);
    expect(its.delivered().accessKeyId).toBe(current);
    expect((await its.plan()).code).toBe(0);
  });

  it('takes a key back to the place of the one that is retired in the same apply', async () => {
    await declare('', '', 'other.json');
    await its.apply();
    const [old = '', current = ''] = its.ids();
    expect(its.delivered().accessKeyId).toBe(old);
    expect(its.delivered('other.json').accessKeyId).toBe(current);
    its.emulator.age(25 * HOUR);
    await declare('');
    const { code, said } = await its.plan();
    expect(code).toBe(2);
    expect(said).toContain(`Key ${old} of bucket uploads will be retired`);
    await its.apply();
    expect(its.ids()).toEqual([current, its.delivered().accessKeyId]);
    expect(await its.state()).toMatchObject({
      previous_access_key_id: current,
      access_key_id: its.delivered().accessKeyId,
    });
    its.emulator.age(25 * HOUR);
    await its.apply();
    expect(its.ids()).toEqual([its.delivered().accessKeyId]);
    expect(existsSync(its.path('other.json'))).toBe(false);
    expect((await its.plan()).code).toBe(0);
  });

  it('refuses a second key on a bucket that one of them claims with exclusive, and deletes nothing', async () => {
    const before = its.ids();
    const second = `resource "lightsail_bucket_access_key" "second" {
  bucket_name = "uploads"
  secret {
    file { path = "second.json" }
  }
}`;
    await declare('exclusive = true', second);
    const { code, said } = await its.plan();
    expect(code).toBe(1);
    expect(said).toContain(
      'Bucket uploads has 2 access keys in this configuration, and one of them claims it with exclusive = true',
    );
    expect(its.ids()).toEqual(before);
  });
});
