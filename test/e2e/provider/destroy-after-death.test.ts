import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Emulator } from '../../../src/emulator/index.js';
import { childrenOf, signal } from '../../support/reliability/processes.js';
import { stack } from '../../support/stack.js';
import { Terraform } from '../../support/terraform.js';

const FILE = 'file {\n      path = "key.json"\n    }';
const OUTPUT = 'terraform_output {}';

describe('A destroy after a rotation that was killed', () => {
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

  function key(secret: string, version: number): string {
    return stack({
      key: `bucket_name = "uploads"\n  secret {\n    ${secret}\n  }\n  rotation {\n    keepers = { version = "${version}" }\n  }`,
    });
  }

  /** Rotates, and kills the provider at this call once it has made a key. Answers the new key's ID. */
  async function rotateAndDie(secret: string, operation: string): Promise<string> {
    await terraform.write('main.tf', key(secret, 1));
    await terraform.succeeds('init');
    await terraform.succeeds('apply', '-auto-approve');
    const [first] = emulator.keys('uploads');
    await terraform.write('main.tf', key(secret, 2));
    const { process, outcome } = terraform.start('apply', '-auto-approve');
    const before = emulator.log.length;
    const hasMade = () =>
      emulator.log.slice(before).some((call) => call.operation === 'CreateBucketAccessKey');
    const stop = emulator.onCall((point, call) => {
      if (point === 'effect-done' && call.operation === operation && hasMade()) {
        for (const provider of childrenOf(process.pid ?? 0)) signal(provider, 'SIGKILL');
      }
      return Promise.resolve();
    });
    expect((await outcome).code).not.toBe(0);
    stop();
    const second = emulator.keys('uploads').find(({ accessKeyId }) => accessKeyId !== first?.accessKeyId);
    return second?.accessKeyId ?? 'no second key';
  }

  const destroy = (...options: string[]) => terraform.destroy(...options);

  it.each<[string, () => ReturnType<typeof destroy>]>([
    ['a destroy', () => destroy()],
    ['a destroy without a refresh', () => destroy('-refresh=false')],
    [
      'a removed block',
      async () => {
        await terraform.write('main.tf', stack({}));
        return terraform.apply();
      },
    ],
  ])('%s takes the key along whose pair was promoted, and says so', async (_, remove) => {
    const second = await rotateAndDie(FILE, 'GetBucketAccessKeys');
    const { code, stdout } = await remove();
    expect([code, emulator.keys('uploads')]).toEqual([0, []]);
    expect(stdout).toContain(`Key ${second} of bucket uploads is deleted with`);
    expect(existsSync(join(terraform.folder, 'key.json'))).toBe(false);
  });

  it.each([FILE, OUTPUT])('names a key that nothing proves: %s', async (secret) => {
    const second = await rotateAndDie(secret, 'CreateBucketAccessKey');
    const { code, stdout } = await destroy('-refresh=false');
    expect(code).toBe(0);
    expect(emulator.keys('uploads').map(({ accessKeyId }) => accessKeyId)).toEqual([second]);
    expect(stdout).toContain(`Key ${second} of bucket uploads is not deleted with this resource`);
  });
});
