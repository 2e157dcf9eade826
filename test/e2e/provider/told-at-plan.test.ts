import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KeyStack } from '../../support/key-stack.js';

let its: KeyStack;
beforeEach(async () => {
  its = await KeyStack.start();
});
afterEach(() => its.end());

const plan = () => its.run('plan', '-detailed-exitcode');
const apply = () => its.run('apply', '-auto-approve');

describe('A hook whose program the machine does not have', () => {
  const hook = (event: string, program: string) => `secret {
    file { path = "key.json" }
  }
  hooks {
    ${event} {
      command = ["${program}", "x"]
    }
  }`;

  test.each([
    ['hooks.after_create', hook('after_create', 'no-such-program'), 'is in no folder of PATH'],
    ['hooks.before_delete', hook('before_delete', '/no/such/program'), 'does not exist'],
  ])('of %s is told by the plan, before a key is made', async (of, key, words) => {
    await its.declare(key);
    await its.terraform.succeeds('init');
    const { code, said } = await plan();
    expect(code).toBe(2);
    expect(said).toContain(`The program of ${of} is missing, for the key of bucket uploads`);
    expect(said).toContain(words);
    expect(its.ids()).toEqual([]);
  });

  test('is told again only when the hook is changed, or another key is due', async () => {
    const program = join(its.terraform.folder, 'told');
    writeFileSync(program, '#!/bin/sh\n');
    chmodSync(program, 0o755);
    await its.declare(hook('after_create', program));
    await its.terraform.succeeds('init');
    const planned = await plan();
    expect(planned.said).not.toContain('is missing');
    expect(await apply()).toMatchObject({ code: 0 });

    // The machine of a later plan has the program no more, and it does not run then.
    chmodSync(program, 0o644);
    expect((await plan()).said).not.toContain('is missing');
    await its.declare(hook('before_delete', 'no-such-program'));
    expect((await plan()).said).toContain('The program of hooks.before_delete is missing');
  });
});

describe('An audit in HCL without a postcondition', () => {
  const AUDIT = `resource "lightsail_bucket_access_key_audit" "audit" {
  bucket_name            = "uploads"
  managed_access_key_ids = []
}`;

  test('warns at plan of what will fail its apply', async () => {
    await its.declare('secret {\n    terraform_output {}\n  }');
    await its.terraform.write(
      'audit.tf',
      AUDIT.replace('[]', '[lightsail_bucket_access_key.key.access_key_id]'),
    );
    await its.terraform.succeeds('init');
    expect(await apply()).toMatchObject({ code: 0 });
    expect((await plan()).code).toBe(0);

    const { accessKeyId } = its.emulator.makeStrangerKey('uploads');
    const planned = await plan();
    expect(planned.code).toBe(2);
    expect(planned.said).toContain(`Bucket uploads holds a key that no resource declares: ${accessKeyId}`);
    expect(planned.said).toContain('this audit fails the apply (on_unmanaged_key = "fail")');
    const applied = await apply();
    expect(applied.code).toBe(1);
    expect(applied.said).toContain(accessKeyId);
  });
});
