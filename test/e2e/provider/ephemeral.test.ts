import { createHash } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Emulator } from '../../../src/emulator/index.js';
import { deferred, opened } from '../../support/engine-words.js';
import { stack, unwrap } from '../../support/stack.js';
import { Terraform } from '../../support/terraform.js';
import { exhibitsIn, removalContexts } from '../canary/scan.js';

const PAIR = 'ephemeral.lightsail_bucket_access_key_secret.pair';
const KEY = 'bucket_name = "uploads"\n  secret {\n    file { path = "key.json" }\n  }';
const REFERENCE = 'file { path = lightsail_bucket_access_key.key.secret_reference }';

/** A postcondition, since what Terraform opens is shown to nobody: it holds for this secret alone. */
function ephemeral(secret: string, expected?: string): string {
  const hash = createHash('sha256')
    .update(expected ?? '')
    .digest('hex');
  const lifecycle = `lifecycle {
    postcondition {
      condition     = sha256(self.secret_access_key) == "${hash}"
      error_message = "Another secret was read."
    }
  }`;
  return `ephemeral "lightsail_bucket_access_key_secret" "pair" {
  secret {
    ${secret}
  }
  ${expected === undefined ? '' : lifecycle}
}`;
}

describe('The ephemeral resource lightsail_bucket_access_key_secret', () => {
  let emulator: Emulator;
  let terraform: Terraform;

  beforeAll(async () => {
    emulator = await Emulator.start({ buckets: ['uploads'] });
    terraform = await Terraform.create({ env: emulator.env });
    await terraform.write('main.tf', stack({ key: KEY }));
    await terraform.succeeds('init');
  });
  afterAll(async () => {
    await terraform.cleanup();
    await emulator.close();
  });

  const secretOfKey = () => emulator.keys('uploads')[0]?.secretAccessKey ?? '';

  it.each([
    ['terraform_output {}', 'terraform_output', 'secret.terraform_output holds no pair that could be read'],
    ['command { write = ["put"] }', 'command', 'secret.command holds no pair that could be read'],
    [
      'file {\npath = "k"\nage_recipients = ["age1x"]\n}',
      'age_recipients',
      'secret.file.age_recipients leaves nothing that could be read',
    ],
  ])('refuses what cannot be read, at its line: %s', async (member, name, summary) => {
    await terraform.write('main.tf', stack({ more: ephemeral(member) }));
    const { code, stderr } = await terraform.run('validate', '-no-color');
    expect(code).toBe(1);
    expect(unwrap(stderr)).toContain(summary);
    expect(unwrap(stderr)).toMatch(/on main\.tf line \d+, in ephemeral /);
    expect(stderr).toMatch(new RegExp(`\\d+: +${name}`));
  });

  it('where no key was applied yet, says so, says how to wait for it, and makes none', async () => {
    const place = 'file { path = "key.json" }';
    await terraform.write('main.tf', stack({ key: KEY, more: ephemeral(place) }));
    const plan = await terraform.plan();
    expect(plan.code).toBe(1);
    const said = unwrap(plan.stderr);
    expect(said).toContain('There is no pair in file key.json');
    expect(said).toContain('path = lightsail_bucket_access_key.NAME.secret_reference');
    expect(emulator.keys('uploads')).toEqual([]);
  });

  it('waits for the key that it refers to, then reads it in each plan, and the secret is written down nowhere', async () => {
    Object.assign(terraform.env, { TF_LOG: 'TRACE', TF_LOG_PATH: join(terraform.folder, 'trace.log') });
    await terraform.write('main.tf', stack({ key: KEY, more: ephemeral(REFERENCE) }));
    const apply = await terraform.succeeds('apply', '-auto-approve', '-no-color');
    expect(apply.stdout).toMatch(deferred(PAIR));

    await terraform.write('main.tf', stack({ key: KEY, more: ephemeral(REFERENCE, secretOfKey()) }));
    const plan = await terraform.plan('-detailed-exitcode', '-out=same.tfplan');
    expect(plan).toMatchObject({ code: 0, stdout: expect.stringMatching(opened(PAIR)) as string });
    expect(emulator.keys('uploads')).toHaveLength(1);
    delete terraform.env.TF_LOG;

    const exhibits = exhibitsIn(terraform.folder);
    exhibits.set('printed', Buffer.from(apply.stdout + apply.stderr + plan.stdout + plan.stderr));
    expect([...exhibits.keys()]).toEqual(
      expect.arrayContaining(['terraform.tfstate', 'same.tfplan!tfplan', 'trace.log']),
    );
    expect(exhibits.get('trace.log')?.includes('OpenEphemeralResource')).toBe(true);
    expect(removalContexts([secretOfKey()], exhibits)).toEqual(['key.json']);
  });

  it('is not taken in by another secret', async () => {
    await terraform.write('main.tf', stack({ key: KEY, more: ephemeral(REFERENCE, 'another') }));
    const plan = await terraform.plan();
    expect(plan.code).toBe(1);
    expect(unwrap(plan.stderr)).toContain('Another secret was read.');
    expect(plan.stdout + plan.stderr).not.toContain(secretOfKey());
  });

  it('does not stand in the way of a repair, nor of a destroy that follows it', async () => {
    await terraform.write('main.tf', stack({ key: KEY, more: ephemeral(REFERENCE) }));
    const before = (await terraform.resource('lightsail_bucket_access_key.key'))?.values.access_key_id;
    rmSync(join(terraform.folder, 'key.json'));
    const repair = await terraform.succeeds('apply', '-auto-approve', '-no-color');
    expect(repair.stdout).toMatch(deferred(PAIR));
    const after = (await terraform.resource('lightsail_bucket_access_key.key'))?.values.access_key_id;
    expect(after).not.toBe(before);
    await terraform.succeeds('destroy', '-auto-approve', '-no-color');
    expect(emulator.keys('uploads')).toEqual([]);
  });

  it('waits where a pair is lost and cannot be repaired: the apply fails, a destroy does not', async () => {
    await terraform.write('main.tf', stack({ key: KEY, more: ephemeral(REFERENCE) }));
    await terraform.succeeds('apply', '-auto-approve', '-no-color');
    const stranger = emulator.makeStrangerKey('uploads');
    rmSync(join(terraform.folder, 'key.json'));
    const { code, stdout, stderr } = await terraform.apply();
    expect(code).toBe(1);
    expect(stdout).toMatch(deferred(PAIR));
    expect(unwrap(stderr)).toContain('Bucket uploads has no room for another access key');
    await terraform.succeeds('destroy', '-auto-approve', '-no-color');
    expect(emulator.keys('uploads').map(({ accessKeyId }) => accessKeyId)).toEqual([stranger.accessKeyId]);
  });

  it("says that there is somebody else's value, and not which", async () => {
    writeFileSync(join(terraform.folder, 'theirs'), 'a/strangers+secret');
    await terraform.write('main.tf', stack({ more: ephemeral('file { path = "theirs" }') }));
    const plan = await terraform.plan();
    expect(unwrap(plan.stderr)).toContain('The pair in file theirs cannot be read');
    expect(plan.stdout + plan.stderr).not.toContain('strangers');
  });
});
