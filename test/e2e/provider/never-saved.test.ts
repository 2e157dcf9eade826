import { Emulator } from '../../../src/emulator/index.js';
import { childrenOf, signal } from '../../support/reliability/processes.js';
import { stack, toSaid } from '../../support/stack.js';
import type { Said } from '../../support/stack.js';
import { Terraform } from '../../support/terraform.js';

/** A key of bucket `uploads`, and the instances of it. */
const keys = (count: number, version = 1, place = '') =>
  stack({
    key: `count = ${count}
  bucket_name = "uploads"
  secret {
    file { path = "${place}\${count.index}.json" }
  }
  rotation {
    keepers = { version = "${version}" }
  }`,
  });

describe('A key that no state was saved with, because its run was killed', () => {
  let emulator: Emulator;
  let terraform: Terraform;

  beforeEach(async () => {
    emulator = await Emulator.start({ buckets: ['uploads', 'archive'] });
    terraform = await Terraform.create({ env: emulator.env, files: { 'main.tf': keys(1) } });
    await terraform.succeeds('init');
    await terraform.succeeds('apply', '-auto-approve');
  });
  afterEach(async () => {
    await terraform.cleanup();
    await emulator.close();
  });

  const ids = (bucket = 'uploads') => emulator.keys(bucket).map(({ accessKeyId }) => accessKeyId);
  const run = async (...args: readonly string[]): Promise<Said> =>
    toSaid(await terraform.run(...args, '-no-color'));
  const apply = (...args: readonly string[]) => run('apply', '-auto-approve', ...args);

  /** Applies, and kills the provider at this call once it has made a key. Answers that key's ID. */
  async function applyAndDie(operation = 'GetBucketAccessKeys'): Promise<string> {
    const before = [...ids(), ...ids('archive')];
    const { process, outcome } = terraform.start('apply', '-auto-approve');
    const from = emulator.log.length;
    const hasMade = () => emulator.log.slice(from).some((call) => call.operation === 'CreateBucketAccessKey');
    const stop = emulator.onCall((point, call) => {
      if (point === 'effect-done' && call.operation === operation && hasMade()) {
        for (const provider of childrenOf(process.pid ?? 0)) signal(provider, 'SIGKILL');
      }
      return Promise.resolve();
    });
    expect((await outcome).code).not.toBe(0);
    stop();
    return [...ids(), ...ids('archive')].find((id) => !before.includes(id)) ?? 'no second key';
  }

  it('is named by the other keys of its bucket where its resource is declared no more', async () => {
    await terraform.write('main.tf', keys(2));
    const left = await applyAndDie();
    const named = `Key ${left} on bucket uploads was made by a run of this folder that has not ended in order`;
    await terraform.write('main.tf', keys(1));
    for (const { code, said } of [await run('plan', '-detailed-exitcode'), await apply()]) {
      expect(code).toBe(0);
      expect(said).toContain(named);
      expect(said).toContain(`--access-key-id ${left}`);
    }
    const destroyed = await run('destroy', '-auto-approve');
    expect([destroyed.code, ids()]).toEqual([0, [left]]);
    expect(destroyed.said).toContain(left);
  });

  it('is taken over where its resource is declared still, and is nobody’s leftover then', async () => {
    await terraform.write('main.tf', keys(2));
    const left = await applyAndDie();
    const { code, said } = await apply();
    expect(code).toBe(0);
    expect(said).toContain(`Key ${left} of bucket uploads was taken over from a run that died`);
    const clean = await run('plan', '-detailed-exitcode');
    expect(clean.code).toBe(0);
    expect(clean.said).not.toContain('Warning');
  });

  const MADE = /was made by a run of this folder|may have been made by a run of this folder/;
  const second = `resource "lightsail_bucket_access_key" "second" {
  bucket_name = "archive"
  secret {
    file { path = "second.json" }
  }
}`;

  describe.each(['GetBucketAccessKeys', 'CreateBucketAccessKey'])('on another bucket, at %s', (operation) => {
    it.each<[string, () => Promise<Said>]>([
      ['a destroy', () => run('destroy', '-auto-approve')],
      ['a destroy without a refresh', () => run('destroy', '-auto-approve', '-refresh=false')],
      [
        'an apply without it',
        async () => {
          await terraform.write('second.tf', '');
          return apply();
        },
      ],
    ])('is named by %s', async (_, remove) => {
      await terraform.write('second.tf', second);
      const left = await applyAndDie(operation);
      const { code, said } = await remove();
      expect([code, ids('archive')]).toEqual([0, [left]]);
      expect(said).toMatch(MADE);
      expect(said).toContain(`--bucket-name archive --access-key-id ${left}`);
    });
  });

  it('is named where its place is given up again, until it is deleted', async () => {
    await terraform.write('main.tf', keys(1, 1, 'other-'));
    const left = await applyAndDie();
    await terraform.write('main.tf', keys(1));
    for (const { code, said } of [await apply(), await run('plan', '-detailed-exitcode')]) {
      expect(code).toBe(0);
      expect(said).toContain(`--access-key-id ${left}`);
    }
    emulator.deleteKey('uploads', left);
    expect((await run('plan', '-detailed-exitcode')).said).not.toContain('Warning');
  });
});
