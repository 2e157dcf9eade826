import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Emulator } from '../../../src/emulator/index.js';
import { stack, unwrap } from '../../support/stack.js';
import { Terraform } from '../../support/terraform.js';

const KEY = 'lightsail_bucket_access_key.key';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Plans whose end is open: something is known only at apply, waits for room, or is somebody else's decision. */
describe('A plan', () => {
  let emulator: Emulator;
  let terraform: Terraform;

  beforeEach(async () => {
    emulator = await Emulator.start();
    emulator.createBucket('uploads');
    terraform = await Terraform.create({ env: emulator.env });
    await declare('rotation = { after_days = 90 }');
    await terraform.succeeds('init');
    await apply();
  });
  afterEach(async () => {
    await terraform.cleanup();
    await emulator.close();
  });

  async function declare(key: string, more = '', path = 'key.json'): Promise<void> {
    const whole = `bucket_name = "uploads"\n  secret = { file = { path = "${path}" } }\n  ${key}`;
    await terraform.write('main.tf', stack({ key: whole, more }));
  }

  const ids = () => emulator.keys('uploads').map(({ accessKeyId }) => accessKeyId);
  const state = async () => (await terraform.resource(KEY))?.values ?? {};
  const file = (path = 'key.json') => join(terraform.folder, path);
  const delivered = (path?: string) =>
    (JSON.parse(readFileSync(file(path), 'utf8')) as { accessKeyId: string }).accessKeyId;
  async function run(...args: string[]): Promise<{ code: number | null; said: string }> {
    const { code, stdout, stderr } = await terraform.run(...args, '-no-color');
    return { code, said: unwrap(stdout + stderr) };
  }
  const plan = (...args: string[]) => run('plan', '-detailed-exitcode', ...args);
  const apply = () => terraform.succeeds('apply', '-auto-approve', '-no-color');
  const daysFrom = (days: number) => ({
    key: 'rotation = { after_days = terraform_data.days.output }',
    more: `resource "terraform_data" "days" {\n  input = ${days}\n}`,
  });

  it('leaves open what an unknown after_days decides, and apply rotates only where it calls for that', async () => {
    const [old = ''] = ids();
    emulator.clock.advance(70 * DAY);
    const later = daysFrom(120);
    await declare(later.key, later.more);
    const { code, said } = await plan();
    expect(code).toBe(2);
    expect(said).toContain(`Key ${old} of bucket uploads may be replaced by a new one`);
    expect(said).toContain('A part of its rotation is known only at apply');
    await apply();
    expect(ids()).toEqual([old]);
    const { created_at: createdAt, rotation_due_at: dueAt } = await state();
    expect(Date.parse(String(dueAt))).toBe(Date.parse(String(createdAt)) + 120 * DAY);
    expect((await plan()).code).toBe(0);

    const sooner = daysFrom(60);
    await declare(sooner.key, sooner.more);
    await apply();
    expect(ids()).toHaveLength(2);
    expect(await state()).toMatchObject({ previous_access_key_id: old, access_key_id: delivered() });
    expect((await plan()).code).toBe(0);
  });

  it('leaves open during an overlap what unknown keepers decide, and keeps both keys where they are the same', async () => {
    const keepers = (value: string) => `rotation = { keepers = { image = ${value} } }`;
    await declare(keepers('"1"'));
    await apply();
    const both = ids();
    expect(both).toHaveLength(2);
    await declare(
      keepers('terraform_data.image.output'),
      'resource "terraform_data" "image" {\n  input = "1"\n}',
    );
    const { code, said } = await plan();
    expect(code).toBe(2);
    expect(said).toContain('may have to be replaced, and cannot be now');
    await apply();
    expect(ids()).toEqual(both);
    expect((await plan()).code).toBe(0);
  });

  it.each([
    ['still waits', false],
    ['has room by then', true],
  ])('of a due rotation without room beside another change comes to an end that %s', async (_, hasRoom) => {
    const [old = ''] = ids();
    const other = emulator.makeStrangerKey('uploads').accessKeyId;
    emulator.clock.advance(91 * DAY);
    await declare('rotation = { after_days = 90 }\n  verify_timeout_seconds = 50');
    const { code, said } = await plan('-out=plan');
    expect(code).toBe(2);
    expect(said).toContain(`Key ${old} of bucket uploads should be replaced, and cannot be now`);
    if (hasRoom) emulator.deleteKey('uploads', other);
    expect((await run('apply', 'plan')).code).toBe(0);
    expect(await state()).toMatchObject({ verify_timeout_seconds: 50, access_key_id: delivered() });
    if (hasRoom) {
      expect(await state()).toMatchObject({ previous_access_key_id: old });
      expect(ids()).toHaveLength(2);
    } else {
      expect(ids()).toEqual([old, other]);
      expect(delivered()).toBe(old);
    }
    expect((await plan()).code).toBe(0);
  });

  it('never retires a key whose pair somebody has put back for its consumers', async () => {
    const [old = ''] = ids();
    const before = readFileSync(file());
    await declare('rotation = { keepers = { deploy = "2" } }');
    await apply();
    const [, current = ''] = ids();
    const after = readFileSync(file());

    writeFileSync(file(), before, { mode: 0o600 });
    emulator.clock.advance(25 * HOUR);
    const { said } = await plan();
    expect(said).toContain(`Key ${old}, which ${current} has replaced, is what consumers read again`);
    expect(said).not.toContain('will be retired');
    await apply();
    expect(ids()).toEqual([old, current]);
    expect(delivered()).toBe(old);

    writeFileSync(file(), after, { mode: 0o600 });
    await apply();
    if (ids().length > 1) await apply();
    expect(ids()).toEqual([current]);
    expect(delivered()).toBe(current);
    expect((await plan()).code).toBe(0);
  });

  it('takes a key back to the place of the one that is retired in the same apply', async () => {
    await declare('', '', 'other.json');
    await apply();
    const [old = '', current = ''] = ids();
    expect(delivered()).toBe(old);
    expect(delivered('other.json')).toBe(current);
    emulator.clock.advance(25 * HOUR);
    await declare('');
    const { code, said } = await plan();
    expect(code).toBe(2);
    expect(said).toContain(`Key ${old} of bucket uploads will be retired`);
    await apply();
    expect(ids()).toEqual([current, delivered()]);
    expect(await state()).toMatchObject({ previous_access_key_id: current, access_key_id: delivered() });
    emulator.clock.advance(25 * HOUR);
    await apply();
    expect(ids()).toEqual([delivered()]);
    expect(existsSync(file('other.json'))).toBe(false);
    expect((await plan()).code).toBe(0);
  });

  it('refuses a second key on a bucket that one of them claims with exclusive, and deletes nothing', async () => {
    const before = ids();
    const second = `resource "lightsail_bucket_access_key" "second" {
  bucket_name = "uploads"
  secret = { file = { path = "second.json" } }
}`;
    await declare('exclusive = true', second);
    const { code, said } = await plan();
    expect(code).toBe(1);
    expect(said).toContain(
      'Bucket uploads has 2 access keys in this configuration, and one of them claims it with exclusive = true',
    );
    expect(ids()).toEqual(before);
  });
});
