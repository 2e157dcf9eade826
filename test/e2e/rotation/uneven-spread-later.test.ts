import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Emulator } from '../../../src/emulator/index.js';
import { readManifest } from '../../support/provider-build.js';
import { until } from '../../support/until.js';
import { childrenOf } from '../../support/reliability/processes.js';
import { strike } from '../../support/reliability/strike.js';
import { type Pair, useOnS3 } from '../../support/s3-consumer.js';
import { providerHead } from '../../support/stack.js';
import { Terraform } from '../../support/terraform.js';

const KEY = 'lightsail_bucket_access_key.key';
const WATCHED = 12_000;

describe('A key whose successor is seconds old is deleted by a later run', () => {
  let emulator: Emulator;
  let terraform: Terraform;

  beforeEach(async () => {
    emulator = await Emulator.start({ buckets: ['uploads'] });
    terraform = await Terraform.create({ env: emulator.env });
    // As with AWS: nobody says that keys spread at once.
    delete terraform.env.LIGHTSAIL_S3_SPREAD_MS;
  });
  afterEach(async () => {
    await terraform.cleanup();
    await emulator.close();
  });

  const declare = (more: string) =>
    terraform.write(
      'main.tf',
      `${providerHead(readManifest().version)}
resource "lightsail_bucket_access_key" "key" {
  bucket_name = "uploads"
  secret {
    file { path = "key.json" }
  }
  ${more}
}
`,
    );
  const state = () => readFileSync(join(terraform.folder, 'terraform.tfstate'), 'utf8');
  const delivered = () => JSON.parse(readFileSync(join(terraform.folder, 'key.json'), 'utf8')) as Pair;

  /** Uses the delivered pair from the deletion of the old key on. */
  function watch(): { readonly outcomes: string[]; readonly done: Promise<void>[] } {
    const [outcomes, done]: [string[], Promise<void>[]] = [[], []];
    const consume = async () => {
      const end = Date.now() + WATCHED;
      while (Date.now() < end) {
        await sleep(250);
        outcomes.push(await useOnS3(emulator, 'uploads', delivered()).then(() => 'accepted', String));
      }
    };
    emulator.onCall((point, { operation }) => {
      if (point === 'effect-done' && operation === 'DeleteBucketAccessKey') done.push(consume());
    });
    return { outcomes, done };
  }

  async function begin(more: string): Promise<string> {
    await declare(more);
    await terraform.succeeds('init');
    await terraform.succeeds('apply', '-auto-approve');
    emulator.faults.add({ kind: 'key-not-accepted', bucket: 'uploads', ms: 10_000, everyFrontEnd: 4 });
    return delivered().accessKeyId;
  }

  async function expectWorking(old: string, { outcomes, done }: ReturnType<typeof watch>): Promise<void> {
    await Promise.all(done);
    expect(done).toHaveLength(1);
    expect(new Set(outcomes)).toEqual(new Set(['accepted']));
    const { accessKeyId } = delivered();
    expect(accessKeyId).not.toBe(old);
    const [made, gone] = ['CreateBucketAccessKey', 'DeleteBucketAccessKey'].map(
      (name) => emulator.log.findLast(({ operation }) => operation === name)?.at.getTime() ?? NaN,
    );
    expect((gone ?? 0) - (made ?? 0)).toBeGreaterThan(29_000);
    expect(emulator.keys('uploads').map(({ accessKeyId: id }) => id)).toEqual([accessKeyId]);
  }

  it('not before all of S3 knows it: after a kill under create_before_destroy', async () => {
    const old = await begin('lifecycle { create_before_destroy = true }');
    const run = terraform.start('apply', '-auto-approve', '-no-color', `-replace=${KEY}`);
    let isMade = false;
    const disarm = emulator.onCall(async (point, { operation }) => {
      if (operation === 'CreateBucketAccessKey') isMade = true;
      // The first list after the delivery: a moment later the state has the new key, and 15 s later the old one goes.
      if (!isMade || !existsSync(join(terraform.folder, 'key.json')) || delivered().accessKeyId === old)
        return;
      if (point !== 'answered' || operation !== 'GetBucketAccessKeys') return;
      disarm();
      const { accessKeyId } = delivered();
      await until(() => state().includes(accessKeyId));
      await strike('SIGKILL provider', {
        terraform: run.process,
        providers: childrenOf(run.process.pid ?? 0),
      });
    });
    expect((await run.outcome).code).toBe(1);
    const watched = watch();
    expect(emulator.keys('uploads')).toHaveLength(2);
    await terraform.succeeds('apply', '-auto-approve');
    await expectWorking(old, watched);
  });

  it('not before all of S3 knows it: after a hook that has failed', async () => {
    const marker = join(terraform.folder, 'hook-works');
    const program = join(terraform.folder, 'hook.sh');
    writeFileSync(program, `#!/bin/sh\ncat > /dev/null\ntest -e ${marker}\n`, { mode: 0o755 });
    const rotating = (version: number) => `rotation {
    overlap_hours = 0
    keepers       = { version = ${version} }
  }
  hooks {
    after_create { command = ["${program}"] }
  }`;
    writeFileSync(marker, '');
    const old = await begin(rotating(1));
    rmSync(marker);
    await declare(rotating(2));
    expect((await terraform.apply()).code).toBe(1);
    writeFileSync(marker, '');
    const watched = watch();
    await terraform.succeeds('apply', '-auto-approve');
    await expectWorking(old, watched);
  });
});
