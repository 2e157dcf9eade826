import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Emulator } from '../../../src/emulator/index.js';
import { stack, unwrap } from '../../support/stack.js';
import { Terraform } from '../../support/terraform.js';

const KEY = 'lightsail_bucket_access_key.key';
const FILE = 'secret = { file = { path = "key.json" } }';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('Rotation', () => {
  let emulator: Emulator;
  let terraform: Terraform;

  beforeEach(async () => {
    emulator = await Emulator.start();
    emulator.createBucket('uploads');
    terraform = await Terraform.create({ env: emulator.env });
    await declare('after_days = 90');
    await terraform.succeeds('init');
    await terraform.succeeds('apply', '-auto-approve');
  });
  afterEach(async () => {
    await terraform.succeeds('destroy', '-auto-approve');
    expect(emulator.keys('uploads').filter(({ accessKeyId }) => !strangers.includes(accessKeyId))).toEqual(
      [],
    );
    strangers = [];
    await terraform.cleanup();
    await emulator.close();
  });

  let strangers: string[] = [];

  async function declare(rotation: string, secret = FILE, more = ''): Promise<void> {
    const key = `bucket_name = "uploads"\n  ${secret}\n  ${rotation && `rotation = { ${rotation} }`}\n${more}`;
    await terraform.write('main.tf', stack({ key }));
  }

  const ids = () => emulator.keys('uploads').map(({ accessKeyId }) => accessKeyId);
  const first = () => ids()[0] ?? '';
  const state = async () => (await terraform.resource(KEY))?.values ?? {};

  function delivered(path = 'key.json'): unknown {
    return JSON.parse(readFileSync(join(terraform.folder, path), 'utf8'));
  }

  async function plan(): Promise<{ code: number | null; said: string }> {
    const { code, stdout, stderr } = await terraform.plan('-detailed-exitcode');
    return { code, said: unwrap(`${stdout}${stderr}`) };
  }

  it('has nothing to do before the key is due, and says when that is', async () => {
    expect((await plan()).code).toBe(0);
    emulator.clock.advance(89 * DAY);
    expect((await plan()).code).toBe(0);
    expect((await state()).rotation_due_at).toBe(
      new Date(Date.parse(String((await state()).created_at)) + 90 * DAY).toISOString().replace('.000', ''),
    );
  });

  it('of a key that is due makes a new one, keeps the old one for the overlap, and then retires it', async () => {
    const old = first();
    emulator.clock.advance(90 * DAY);
    const due = await plan();
    expect(due.code).toBe(2);
    expect(due.said).toContain(`Key ${old} of bucket uploads will be replaced by a new one`);
    expect(due.said).toMatch(/It has been due since .*, 90 days after it was made/);
    expect(due.said).toContain(`Key ${old} stays valid for 24 h more`);

    await terraform.succeeds('apply', '-auto-approve');
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
    await terraform.succeeds('apply', '-auto-approve');
    expect(ids()).toEqual([current]);
    expect(await state()).toMatchObject({ previous_access_key_id: null, retire_previous_after: null });
    expect(delivered()).toMatchObject({ accessKeyId: current });
    expect((await plan()).code).toBe(0);
  });
});
