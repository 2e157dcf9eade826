import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Emulator, type Fault, type RecordedCall } from '../../../src/emulator/index.js';
import { run } from '../../support/command.js';
import { stack, unwrap } from '../../support/stack.js';
import { type Outcome, Terraform } from '../../support/terraform.js';

const KEY = 'lightsail_bucket_access_key.key';
const CREATE = 'CreateBucketAccessKey';

export type Route = 'file' | 'terraform_output';

export interface Story {
  readonly what: string;
  readonly route: Route;
  readonly exclusive: boolean;
  readonly arguments?: string;
  readonly faults?: readonly Fault[];
  /** Runs at the moments of each call, to break something or to press Ctrl-C. */
  readonly meddle?: (point: string, call: RecordedCall, hands: Hands) => Promise<void> | void;
}

export interface Hands {
  readonly folder: string;
  readonly calls: number;
  readonly interrupt: () => void;
}

/** What became of one story; `key` in a text stands for the ID of the key that the first apply left or lost. */
export interface Row {
  readonly story: Story;
  readonly apply: Outcome;
  readonly creates: number;
  readonly keysLeft: number;
  readonly named: boolean;
  readonly tainted: boolean;
  readonly plan: Outcome;
  readonly planNames: boolean;
  readonly next: Outcome;
  readonly keysInTheEnd: number;
  readonly inUse: boolean;
  readonly said: string;
}

/** One apply under a fault, and then a plan and an apply without it. */
export async function tell(story: Story, template: string): Promise<Row> {
  const emulator = await Emulator.start({ buckets: ['uploads'] });
  const terraform = await Terraform.create({ env: emulator.env });
  try {
    // The provider is in place already; this is what init adds.
    for (const name of ['.terraform', '.terraform.lock.hcl']) {
      await run('cp', ['-R', join(template, name), terraform.folder], { cwd: template });
    }
    const secret = story.route === 'file' ? 'file { path = "keys/key.json" }' : 'terraform_output {}';
    await mkdir(join(terraform.folder, 'keys'));
    const key = `bucket_name = "uploads"\n  secret {\n    ${secret}\n  }\n  exclusive = ${story.exclusive}\n  ${story.arguments ?? ''}`;
    await terraform.write('main.tf', stack({ provider: 'max_attempts = 2', key }));
    for (const fault of story.faults ?? []) emulator.faults.add(fault);

    const made: string[] = [];
    const running = terraform.start('apply', '-auto-approve', '-no-color');
    const stop = emulator.onCall(async (point, call) => {
      if (point === 'effect-done' && call.operation === CREATE && call.accessKeyId)
        made.push(call.accessKeyId);
      const calls = emulator.log.filter(({ operation }) => operation === call.operation).length;
      await story.meddle?.(point, call, {
        folder: terraform.folder,
        calls,
        interrupt: () => running.process.kill('SIGINT'),
      });
    });
    const apply = await running.outcome;
    stop();
    const creates = emulator.log.filter(({ operation }) => operation === CREATE).length;
    const left = emulator.keys('uploads').map(({ accessKeyId }) => accessKeyId);
    const said = unwrap(apply.stdout + apply.stderr);
    const tainted = (await terraform.resource(KEY))?.tainted ?? false;

    emulator.faults.clear();
    await mkdir(join(terraform.folder, 'keys'), { recursive: true });
    const plan = await terraform.plan('-detailed-exitcode');
    const next = await terraform.apply();
    const keys = emulator.keys('uploads');
    const current = (await terraform.resource(KEY))?.values.access_key_id;
    return {
      story,
      apply,
      creates,
      keysLeft: left.length,
      named: said.includes('uploads') && made.every((id) => apply.code === 0 || said.includes(id)),
      tainted,
      plan,
      planNames: left.every((id) => (plan.stdout + plan.stderr).includes(id)),
      next,
      keysInTheEnd: keys.length,
      inUse: keys.some(({ accessKeyId }) => accessKeyId === current),
      said,
    };
  } finally {
    await terraform.cleanup();
    await emulator.close();
  }
}

/** A working folder that was initialized once, to be copied. */
export async function initialized(): Promise<Terraform> {
  const terraform = await Terraform.create();
  await terraform.write(
    'main.tf',
    stack({ key: 'bucket_name = "uploads"\n secret {\n    terraform_output {}\n  }' }),
  );
  await terraform.succeeds('init');
  return terraform;
}

export async function withoutFolder(folder: string): Promise<void> {
  await rm(join(folder, 'keys'), { recursive: true });
}
