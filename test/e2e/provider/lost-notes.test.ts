import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Emulator } from '../../../src/emulator/index.js';
import { childrenOf, signal } from '../../support/reliability/processes.js';
import { stack, toSaid } from '../../support/stack.js';
import type { Said } from '../../support/stack.js';
import { Terraform } from '../../support/terraform.js';

const key = (version: number, more = '') =>
  stack({
    key: `bucket_name = "uploads"
  secret {
    file { path = "key.json" }
  }
  rotation {
    keepers       = { version = "${version}" }
    overlap_hours = 0
  }
  ${more}`,
  });

// Terraform saves the attributes of a resource whose provider died in its update, and not what the provider had noted.
describe('A provider that was killed in an update', () => {
  let emulator: Emulator;
  let terraform: Terraform;

  beforeEach(async () => {
    emulator = await Emulator.start({ buckets: ['uploads'] });
    terraform = await Terraform.create({ env: emulator.env });
  });
  afterEach(async () => {
    await terraform.cleanup();
    await emulator.close();
  });

  const ids = () => emulator.keys('uploads').map(({ accessKeyId }) => accessKeyId);
  const run = async (...args: readonly string[]): Promise<Said> =>
    toSaid(await terraform.run(...args, '-no-color'));
  const apply = (...args: readonly string[]) => run('apply', '-auto-approve', ...args);

  async function start(configuration: string): Promise<void> {
    await terraform.write('main.tf', configuration);
    await terraform.succeeds('init');
    await terraform.succeeds('apply', '-auto-approve');
  }

  /** Applies, and kills the provider as the call arrives, which has no effect. */
  async function applyAndDie(operation: string, point: 'received' | 'effect-done'): Promise<void> {
    const { process, outcome } = terraform.start('apply', '-auto-approve');
    const stop = emulator.onCall((at, call) => {
      if (at === point && call.operation === operation) {
        for (const provider of childrenOf(process.pid ?? 0)) signal(provider, 'SIGKILL');
      }
      return Promise.resolve();
    });
    expect((await outcome).code).not.toBe(0);
    stop();
  }

  /** A rotation has made the second key, and the first one could not be deleted. Answers both IDs. */
  async function withLeftover(): Promise<readonly string[]> {
    await start(key(1));
    const deny = emulator.faults.add({
      kind: 'error',
      operation: 'DeleteBucketAccessKey',
      when: 'before',
      type: 'AccessDeniedException',
      status: 400,
      times: 'always',
    });
    await terraform.write('main.tf', key(2));
    expect((await apply()).said).toContain('could not be deleted');
    deny.remove();
    const both = ids();
    emulator.faults.add({ kind: 'drop', operation: 'DeleteBucketAccessKey', when: 'before' });
    await applyAndDie('DeleteBucketAccessKey', 'received');
    expect(ids()).toEqual(both);
    return both;
  }

  it('still has its leftover deleted by the next apply, which the plan announces', async () => {
    const [first = '', second] = await withLeftover();
    expect((await run('plan')).said).toContain(`Key ${first} on bucket uploads was left by a run`);
    expect((await apply()).code).toBe(0);
    expect(ids()).toEqual([second]);
    const { code, said } = await run('plan', '-detailed-exitcode');
    expect(code).toBe(0);
    expect(said).not.toContain('Warning');
  });

  it.each<[string, readonly string[]]>([
    ['a destroy', []],
    ['a destroy without a refresh', ['-refresh=false']],
  ])('leaves no leftover that %s does not delete or name', async (_, options) => {
    const [first = ''] = await withLeftover();
    const { code, said } = await run('destroy', '-auto-approve', ...options);
    expect(code).toBe(0);
    expect(said).toContain(first);
    expect(ids().every((id) => id === first)).toBe(true);
  });

  it.each(['apply', 'destroy'])(
    'is not taken for one whose bucket is gone where the region is another: %s',
    async (command) => {
      await start(key(1));
      await terraform.write('main.tf', key(2));
      await applyAndDie('ListObjectsV2', 'effect-done');
      const both = ids();
      const elsewhere = await Emulator.start({ region: 'eu-central-1', buckets: [] });
      const here = { ...terraform.env };
      Object.assign(terraform.env, elsewhere.env);
      const { said } = await run(command, '-auto-approve');
      expect(said).toContain('is not in eu-central-1');
      Object.assign(terraform.env, here);
      await elsewhere.close();
      expect(ids()).toEqual(both);
      expect(existsSync(join(terraform.folder, 'key.json'))).toBe(true);
      expect((await terraform.resource('lightsail_bucket_access_key.key'))?.values.access_key_id).toBe(
        both[0],
      );
      await terraform.succeeds('apply', '-auto-approve');
      expect((await run('plan', '-detailed-exitcode')).code).toBe(0);
    },
  );

  it('has its after_create hook run again, since nothing tells that it had succeeded', async () => {
    const hook = (script: string) => `hooks {
    after_create {
      command = ["sh", "-c", ${JSON.stringify(script)}]
    }
  }`;
    const log = join(terraform.folder, 'announced');
    const announce = `echo "$LIGHTSAIL_ACCESS_KEY_ID" >> ${log}`;
    await start(key(1, hook(announce)));
    await terraform.write('main.tf', key(2, hook('exit 1')));
    expect((await apply()).code).not.toBe(0);
    // The hook of the next apply kills the provider that runs it.
    await terraform.write('main.tf', key(2, hook('kill -9 $PPID')));
    expect((await apply()).code).not.toBe(0);
    await terraform.write('main.tf', key(2, hook(announce)));
    const { said } = await run('plan');
    expect(said).toContain('will be run again');
    expect((await apply()).code).toBe(0);
    const told = readFileSync(log, 'utf8').trim().split('\n');
    expect(told.length).toBe(2);
    expect((await run('plan', '-detailed-exitcode')).code).toBe(0);
  });
});
