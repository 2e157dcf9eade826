import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import type { TerraformStack } from 'cdktf';
import { BucketAccessKey, SecretDestination } from 'cdktf-lightsail-access-key';
import { Emulator } from '../../../src/emulator/index.js';
import { deferred, opened } from '../../support/engine-words.js';
import { outputFolder, synthesizeInto } from '../../support/synthesis.js';
import { Terraform } from '../../support/terraform.js';
import { exhibitsIn, removalContexts } from '../canary/scan.js';

const PAIR = 'ephemeral.lightsail_bucket_access_key_secret.pair';

let outdir: string;
let emulator: Emulator;
let terraform: Terraform | undefined;

beforeEach(async () => {
  [outdir, emulator] = await Promise.all([outputFolder(), Emulator.start({ buckets: ['uploads'] })]);
});
afterEach(async () => {
  await Promise.all([terraform?.cleanup(), emulator.close()]);
  rmSync(outdir, { recursive: true });
});

/** CDKTF knows no ephemeral blocks: this is what docs/ephemeral.md writes, and a condition on what is read. */
function addPair(stack: TerraformStack, expected?: string): void {
  const key = new BucketAccessKey(stack, 'uploads', {
    bucketName: 'uploads',
    secret: SecretDestination.file({ path: 'key.json' }),
  });
  const hash = createHash('sha256')
    .update(expected ?? '')
    .digest('hex');
  const condition = '${sha256(self.secret_access_key) == "' + hash + '"}';
  stack.addOverride(PAIR, {
    secret: { file: { path: key.secretReference } },
    ...(expected !== undefined && {
      lifecycle: { postcondition: [{ condition, error_message: 'Another secret was read.' }] },
    }),
  });
}

test('a stack that adds the ephemeral block by an override reads the pair that its construct delivers', async () => {
  const folder = synthesizeInto(outdir, addPair);
  terraform = await Terraform.create({ folder, env: emulator.env });
  await terraform.succeeds('init');
  const { stdout } = await terraform.succeeds('apply', '-auto-approve', '-no-color');
  expect(stdout).toMatch(deferred(PAIR));

  const [key] = emulator.keys('uploads');
  const secret = key?.secretAccessKey ?? '';
  synthesizeInto(outdir, (stack) => {
    addPair(stack, secret);
  });
  const plan = await terraform.plan('-detailed-exitcode', '-out=same.tfplan');
  expect(plan).toMatchObject({ code: 0, stdout: expect.stringMatching(opened(PAIR)) as string });
  expect(removalContexts([secret], exhibitsIn(outdir))).toEqual(['stacks/stack/key.json']);

  synthesizeInto(outdir, (stack) => {
    addPair(stack, 'another');
  });
  const refused = await terraform.plan();
  expect(refused).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Another secret was read.') as string,
  });
});
