import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Emulator } from '../../../src/emulator/index.js';
import { childrenOf, signal } from '../../support/reliability/processes.js';
import { stack } from '../../support/stack.js';
import { Terraform } from '../../support/terraform.js';
import { RECIPIENT } from '../../support/destinations/identity.js';

describe('A run that died, and another configuration since', () => {
  let emulator: Emulator;
  let terraform: Terraform;

  beforeEach(async () => {
    emulator = await Emulator.start({ buckets: ['uploads'] });
    terraform = await Terraform.create({ env: emulator.env });
    await terraform.write('main.tf', key('path = "key.json"'));
    await terraform.succeeds('init');
  });
  afterEach(async () => {
    await terraform.cleanup();
    await emulator.close();
  });

  function key(file: string): string {
    return stack({
      key: `bucket_name = "uploads"\n  exclusive = true\n  secret {\n    file {\n${file}\n    }\n  }`,
    });
  }

  function text(): string {
    return readFileSync(join(terraform.folder, 'key.json'), 'utf8');
  }

  /** Applies, and kills the provider when it makes this call after it has made a key. */
  async function applyAndDie(operation: string): Promise<void> {
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
  }

  it.each([
    ['promoted', 'GetBucketAccessKeys'],
    ['pending', 'ListObjectsV2'],
  ])('a plain pair that was %s is not taken over where only ciphertext is wanted', async (_, operation) => {
    await applyAndDie(operation);
    const secrets = emulator.keys('uploads').map(({ secretAccessKey }) => secretAccessKey);
    expect(secrets).toHaveLength(1);
    await terraform.write('main.tf', key(`path = "key.json"\nage_recipients = ["${RECIPIENT}"]`));
    await terraform.succeeds('apply', '-auto-approve');
    expect(text()).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----/);
    expect(emulator.keys('uploads')).toHaveLength(1);
    expect((await terraform.plan('-detailed-exitcode')).code).toBe(0);
  });

  it('a new pair that consumers read already is adopted and not deleted', async () => {
    await terraform.succeeds('apply', '-auto-approve');
    const [first] = emulator.keys('uploads');
    await terraform.write('main.tf', key('path = "key.json"\nformat = "env"'));
    await applyAndDie('GetBucketAccessKeys');
    const second = emulator.keys('uploads').find(({ accessKeyId }) => accessKeyId !== first?.accessKeyId);
    expect(text()).toContain(second?.accessKeyId);
    await terraform.succeeds('apply', '-auto-approve');
    // The key before stays for its overlap.
    const ids = emulator.keys('uploads').map(({ accessKeyId }) => accessKeyId);
    expect(ids).toEqual([first?.accessKeyId, second?.accessKeyId]);
    expect((await terraform.resource('lightsail_bucket_access_key.key'))?.values).toMatchObject({
      access_key_id: second?.accessKeyId,
      previous_access_key_id: first?.accessKeyId,
    });
    expect(text()).toContain(second?.secretAccessKey);
    expect((await terraform.plan('-detailed-exitcode')).code).toBe(0);
  });
});
