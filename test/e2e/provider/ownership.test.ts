import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Emulator } from '../../../src/emulator/index.js';
import { stack, unwrap } from '../../support/stack.js';
import { Terraform } from '../../support/terraform.js';

describe('One destination, several owners', () => {
  let emulator: Emulator;
  let first: Terraform;
  let second: Terraform;
  let file: string;

  beforeEach(async () => {
    emulator = await Emulator.start({ buckets: ['uploads'] });
    [first, second] = await Promise.all([
      Terraform.create({ env: emulator.env }),
      Terraform.create({ env: emulator.env }),
    ]);
    file = join(first.folder, 'shared.json');
    const key = `bucket_name = "uploads"\n  secret {\n    file { path = "${file}" }\n  }`;
    for (const terraform of [first, second]) {
      await terraform.write('main.tf', stack({ key }));
      await terraform.succeeds('init');
    }
  });
  afterEach(async () => {
    await Promise.all([first.cleanup(), second.cleanup()]);
    await emulator.close();
  });

  it('a second stack is refused at plan as soon as the first has ended, and the pair stays', async () => {
    await first.succeeds('apply', '-auto-approve');
    const pair = readFileSync(file, 'utf8');
    const [key] = emulator.keys('uploads');
    const outcome = await second.plan();
    expect(outcome.code).toBe(1);
    expect(unwrap(outcome.stderr)).toContain(`already holds key ${key?.accessKeyId} of bucket uploads`);
    expect(readFileSync(file, 'utf8')).toBe(pair);
    expect(emulator.keys('uploads')).toHaveLength(1);
  });

  it('a plan of the second that is older than the key of the first is refused at apply', async () => {
    await second.succeeds('plan', '-out=old.plan');
    await first.succeeds('apply', '-auto-approve');
    const pair = readFileSync(file, 'utf8');
    const outcome = await second.run('apply', '-no-color', 'old.plan');
    expect(outcome.code).toBe(1);
    expect(unwrap(outcome.stderr)).toContain('Another stack');
    expect(readFileSync(file, 'utf8')).toBe(pair);
    expect(emulator.keys('uploads')).toHaveLength(1);
  });

  it('two resources of one stack are not given the same file', async () => {
    await first.write(
      'main.tf',
      stack({
        key: `count = 2\n  bucket_name = "uploads"\n  secret {\n    file { path = "${file}" }\n  }`,
      }),
    );
    const outcome = await first.apply();
    expect(outcome.code).toBe(1);
    expect(emulator.keys('uploads')).toHaveLength(1);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      accessKeyId: emulator.keys('uploads')[0]?.accessKeyId,
    });
  });
});
