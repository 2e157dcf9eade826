import { Emulator } from '../../../src/emulator/index.js';
import { childrenOf, signal } from '../../support/reliability/processes.js';
import { stack, toSaid } from '../../support/stack.js';
import type { Said } from '../../support/stack.js';
import { Terraform } from '../../support/terraform.js';

/** A key of bucket `uploads`, and the instances of it. */
const keys = (count: number, version = 1) =>
  stack({
    key: `count = ${count}
  bucket_name = "uploads"
  secret {
    file { path = "\${count.index}.json" }
  }
  rotation {
    keepers = { version = "${version}" }
  }`,
  });

describe('A key that no state was saved with, because its run was killed', () => {
  let emulator: Emulator;
  let terraform: Terraform;

  beforeEach(async () => {
    emulator = await Emulator.start({ buckets: ['uploads'] });
    terraform = await Terraform.create({ env: emulator.env, files: { 'main.tf': keys(1) } });
    await terraform.succeeds('init');
    await terraform.succeeds('apply', '-auto-approve');
  });
  afterEach(async () => {
    await terraform.cleanup();
    await emulator.close();
  });

  const ids = () => emulator.keys('uploads').map(({ accessKeyId }) => accessKeyId);
  const run = async (...args: readonly string[]): Promise<Said> =>
    toSaid(await terraform.run(...args, '-no-color'));
  const apply = (...args: readonly string[]) => run('apply', '-auto-approve', ...args);

  /** Applies, and kills the provider as it looks whether its new key is listed. Answers that key's ID. */
  async function applyAndDie(): Promise<string> {
    const [first] = ids();
    const { process, outcome } = terraform.start('apply', '-auto-approve');
    const before = emulator.log.length;
    const hasMade = () =>
      emulator.log.slice(before).some((call) => call.operation === 'CreateBucketAccessKey');
    const stop = emulator.onCall((point, call) => {
      if (point === 'effect-done' && call.operation === 'GetBucketAccessKeys' && hasMade()) {
        for (const provider of childrenOf(process.pid ?? 0)) signal(provider, 'SIGKILL');
      }
      return Promise.resolve();
    });
    expect((await outcome).code).not.toBe(0);
    stop();
    return ids().find((id) => id !== first) ?? 'no second key';
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

  it('is not taken from the key that it follows by another state of the folder', async () => {
    const [first] = ids();
    await terraform.write('main.tf', keys(1, 2));
    const second = await applyAndDie();
    const other = await apply('-state=other.tfstate');
    expect(other.code).toBe(1);
    expect(other.said).toContain(`0.json already holds key ${second} of bucket uploads`);
    expect(ids()).toEqual([first, second]);
    expect((await apply()).code).toBe(0);
    expect((await run('plan', '-detailed-exitcode')).code).toBe(0);
    expect(ids()).toEqual([first, second]);
  });
});
