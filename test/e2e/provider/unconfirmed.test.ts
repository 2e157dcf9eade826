import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Emulator } from '../../../src/emulator/index.js';
import { childrenOf } from '../../support/reliability/processes.js';
import { strike } from '../../support/reliability/strike.js';
import { stack, toSaid } from '../../support/stack.js';
import type { Said } from '../../support/stack.js';
import { Terraform } from '../../support/terraform.js';

const KEY = 'lightsail_bucket_access_key.key';

describe('A key that was delivered and is in no state, since its run was killed', () => {
  let emulator: Emulator;
  let first: Terraform;
  const opened: Terraform[] = [];
  let file: string;

  beforeEach(async () => {
    emulator = await Emulator.start({ buckets: ['uploads'] });
    first = await open();
    file = join(dirname(first.folder), 'shared.json');
    await declare(first);
    await applyAndDie();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((terraform) => terraform.cleanup()));
    await emulator.close();
  });

  async function open(folder?: string): Promise<Terraform> {
    const terraform = await Terraform.create({ env: emulator.env, ...(folder && { folder }) });
    opened.push(terraform);
    return terraform;
  }

  async function declare(terraform: Terraform, more = ''): Promise<void> {
    const key = `bucket_name = "uploads"\n  ${more}\n  secret {\n    file { path = "${file}" }\n  }`;
    await terraform.write('main.tf', stack({ key }));
    await terraform.succeeds('init');
  }

  /** Terraform and its provider are gone before anybody hears of the key, whose pair is at its destination. */
  async function applyAndDie(): Promise<void> {
    const { process: terraform, outcome } = first.start('apply', '-auto-approve', '-no-color');
    const stop = emulator.onCall(async (point, { operation }) => {
      const isMade = emulator.log.some((call) => call.operation === 'CreateBucketAccessKey' && call.effect);
      if (point !== 'received' || operation !== 'GetBucketAccessKeys' || !isMade) return;
      const providers = childrenOf(terraform.pid ?? 0);
      await strike('SIGKILL provider, then Terraform', { terraform, providers });
    });
    await outcome;
    stop();
    expect(JSON.parse(text())).toMatchObject({ accessKeyId: id() });
    expect(await first.resource(KEY)).toBeUndefined();
  }

  const id = () => emulator.keys('uploads')[0]?.accessKeyId;
  const text = () => readFileSync(file, 'utf8');
  const plan = async (terraform: Terraform): Promise<Said> =>
    toSaid(await terraform.plan('-detailed-exitcode'));

  /** As it was, and nothing else. */
  function expectUntouched(before: string): void {
    expect(text()).toBe(before);
    expect(emulator.keys('uploads')).toHaveLength(1);
    expect(emulator.log.filter(({ operation }) => operation === 'DeleteBucketAccessKey')).toEqual([]);
  }

  it('is adopted by the next run in the same folder, and the plan says so', async () => {
    const before = text();
    expect((await plan(first)).said).toContain(`Key ${id() ?? ''} of bucket uploads will be taken over`);
    await first.succeeds('apply', '-auto-approve');
    expectUntouched(before);
    expect((await first.resource(KEY))?.values).toMatchObject({ access_key_id: id() });
    expect((await plan(first)).code).toBe(0);
  });

  it('is not adopted in another workspace of the same folder', async () => {
    const before = text();
    await first.succeeds('workspace', 'new', 'staging');
    const refused = await plan(first);
    expect([refused.code, refused.said]).toEqual([1, expect.stringContaining('already holds key')]);
    first.env.TF_WORKSPACE = 'default';
    expect((await plan(first)).said).toContain('will be taken over');
    expectUntouched(before);
  });

  it('is refused by plan and apply from a copy of the folder, and the import that they name ends without a rotation', async () => {
    const before = text();
    const copy = join(dirname(first.folder), 'copy');
    cpSync(first.folder, copy, { recursive: true, verbatimSymlinks: true });
    const moved = await open(copy);
    for (const command of ['plan', 'apply'] as const) {
      const outcome = await moved[command]();
      const { code, said } = toSaid(outcome);
      expect(code).toBe(1);
      expect(said).toContain(`already holds key ${id() ?? ''} of bucket uploads`);
      expect(said).toContain(`in folder ${first.folder} delivered it at 20`);
      expect(outcome.stderr).toMatch(new RegExp(`\\n[│ ]*terraform import ADDRESS uploads,${id() ?? ''}\\n`));
    }
    await moved.succeeds('import', KEY, `uploads,${id() ?? ''}`);
    const taking = await plan(moved);
    expect(taking.said).toContain(`already holds the pair of key ${id() ?? ''}`);
    expect(taking.said).not.toContain('will be replaced');
    await moved.succeeds('apply', '-auto-approve');
    expect((await moved.resource(KEY))?.values).toMatchObject({
      access_key_id: id(),
      secret_reference: file,
    });
    expect((await plan(moved)).code).toBe(0);
    expectUntouched(before);
    // From then on it is that state's, and the first folder is refused.
    expect((await plan(first)).said).toContain('Another stack owns this destination');
  });

  it('is adopted from elsewhere with exclusive once the lease is over, and not before', async () => {
    const before = text();
    const other = await open();
    await declare(other, 'exclusive = true');
    expect((await plan(other)).code).toBe(1);
    emulator.clock.advance(10 * 60_000);
    expect((await plan(other)).said).toContain(`Key ${id() ?? ''} of bucket uploads will be taken over`);
    await other.succeeds('apply', '-auto-approve');
    expect((await other.resource(KEY))?.values).toMatchObject({ access_key_id: id() });
    expectUntouched(before);
  });

  const alter = () => {
    const pair = JSON.parse(text()) as { secretAccessKey: string };
    writeFileSync(
      file,
      text().replace(pair.secretAccessKey, pair.secretAccessKey.split('').reverse().join('')),
    );
  };

  it.each(['', 'verify = false'])(
    'is not adopted once its secret was altered (%s), and its key goes for another',
    async (more) => {
      const old = id() ?? '';
      alter();
      await declare(first, more);
      expect((await plan(first)).said).toContain(`Key ${old} of bucket uploads will be deleted: its pair at`);
      await first.succeeds('apply', '-auto-approve');
      const [key, ...others] = emulator.keys('uploads');
      expect(others).toEqual([]);
      expect(key?.accessKeyId).not.toBe(old);
      const { accessKeyId, secretAccessKey } = key ?? {};
      expect(JSON.parse(text())).toMatchObject({ accessKeyId, secretAccessKey });
      expect((await plan(first)).code).toBe(0);
    },
  );

  it('is not adopted while S3 does not accept it: apply changes nothing, and says who answered what', async () => {
    const before = text();
    await declare(first, 'verify_timeout_seconds = 1');
    emulator.faults.add({
      service: 's3',
      kind: 'error',
      type: 'AccountProblem',
      status: 403,
      times: 'always',
      when: 'before',
    });
    const { code, said } = toSaid(await first.apply());
    expect(code).toBe(1);
    expect(said).toContain(
      `Key ${id() ?? ''} of bucket uploads was not taken over: S3 did not accept the key`,
    );
    expect(said).toContain('AccountProblem');
    expectUntouched(before);
    emulator.faults.clear();
    await first.succeeds('apply', '-auto-approve');
    expectUntouched(before);
    expect((await plan(first)).code).toBe(0);
  });

  it('is not taken over by an import either once its secret was altered: another key is made beside it', async () => {
    const old = id();
    alter();
    const other = await open();
    await declare(other);
    await other.succeeds('import', KEY, `uploads,${old ?? ''}`);
    await other.succeeds('apply', '-auto-approve');
    const [kept, made] = emulator.keys('uploads');
    expect(kept?.accessKeyId).toBe(old);
    const { accessKeyId, secretAccessKey } = made ?? {};
    expect(JSON.parse(text())).toMatchObject({ accessKeyId, secretAccessKey });
  });
});
