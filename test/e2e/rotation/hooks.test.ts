import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { KeyStack } from '../../support/key-stack.js';
import { toSaid } from '../../support/stack.js';
import type { Said } from '../../support/stack.js';
import { Programs } from '../../unit/destinations/command/programs.js';
import { exhibitsIn, removalContexts } from '../canary/scan.js';

const KEY = 'lightsail_bucket_access_key.key';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Fails as long as the file `broken` lies beside it, and then says what it could read. */
const BREAKABLE = `
const { existsSync } = require('node:fs');
if (existsSync(process.argv[1] + '.broken')) {
  console.error('no session');
  if (existsSync('key.json')) console.log(readFileSync('key.json', 'utf8'));
  process.exitCode = 7;
}
`;

describe('Hooks', () => {
  let its: KeyStack;
  let programs: Programs;
  let printed: string;

  beforeEach(async () => {
    its = await KeyStack.start();
    programs = new Programs();
    printed = '';
    programs.recorder('told', BREAKABLE);
    programs.recorder('going', BREAKABLE);
    await declare();
    await its.terraform.succeeds('init');
  });
  afterEach(async () => {
    programs.remove();
    await its.end();
  });

  interface Declared {
    readonly rotation?: string;
    /** Further arguments of the two hooks. */
    readonly told?: string;
    readonly going?: string;
    readonly more?: string;
  }

  async function declare({ rotation = '', told = '', going = '', more = '' }: Declared = {}): Promise<void> {
    const hook = (name: string, args: string) =>
      `{
      command = ["${join(programs.folder, name)}", "$HOME; exit 1", "*"]
      ${args}
    }`;
    await its.declare(`secret {
    file { path = "key.json" }
  }
  rotation {
    after_days = 90
    ${rotation}
  }
  hooks {
    after_create ${hook('told', told)}
    before_delete ${hook('going', going)}
  }
  ${more}`);
  }

  async function run(...args: string[]): Promise<Said> {
    const outcome = await its.run(...args);
    printed += outcome.said;
    return outcome;
  }
  const plan = () => run('plan', '-detailed-exitcode');
  const apply = () => run('apply', '-auto-approve');
  const destroy = () => run('destroy', '-auto-approve');

  /** Event and key of each run, in the order in which they came. */
  const events = (name: 'told' | 'going') =>
    programs.runs(name).map(({ env }) => [env.LIGHTSAIL_EVENT, env.LIGHTSAIL_ACCESS_KEY_ID]);

  const breakProgram = (name: string) => {
    writeFileSync(join(programs.folder, `${name}.broken`), '');
  };
  const mend = (name: string) => {
    rmSync(join(programs.folder, `${name}.broken`));
  };

  it('are run for every key made or removed, with the facts in their environment and never the secret', async () => {
    await apply();
    const [old = ''] = its.ids();
    const secrets = its.emulator.keys('uploads').map(({ secretAccessKey }) => secretAccessKey);
    const [run] = programs.runs('told');
    expect(run?.argv).toEqual([join(programs.folder, 'told'), '$HOME; exit 1', '*']);
    expect(run?.stdin).toBe('');
    expect(run?.env).toMatchObject({
      LIGHTSAIL_EVENT: 'after_create',
      LIGHTSAIL_BUCKET: 'uploads',
      LIGHTSAIL_ACCESS_KEY_ID: old,
      LIGHTSAIL_SECRET_REFERENCE: 'key.json',
      HOME: its.terraform.env.HOME,
    });
    expect(Object.keys(run?.env ?? {}).filter((name) => name.includes('PLUGIN'))).toEqual([]);

    its.emulator.age(90 * DAY);
    expect((await apply()).code).toBe(0);
    const [, current = ''] = its.ids();
    secrets.push(...its.emulator.keys('uploads').map(({ secretAccessKey }) => secretAccessKey));
    expect(events('told')).toEqual([
      ['after_create', old],
      ['after_create', current],
    ]);
    expect(events('going')).toEqual([]);

    its.emulator.age(25 * HOUR);
    expect((await apply()).code).toBe(0);
    expect(events('going')).toEqual([['before_delete', old]]);
    // The new pair lies where the old one was.
    expect(programs.runs('going')[0]?.env.LIGHTSAIL_SECRET_REFERENCE).toBe('');
    expect((await plan()).code).toBe(0);

    expect((await destroy()).code).toBe(0);
    expect(events('going')).toEqual([
      ['before_delete', old],
      ['before_delete', current],
    ]);
    expect(programs.runs('going')[1]?.env.LIGHTSAIL_SECRET_REFERENCE).toBe('key.json');
    expect(its.ids()).toEqual([]);
    const everywhere = new Map([
      ...exhibitsIn(its.terraform.folder),
      ...exhibitsIn(programs.folder),
      ['printed', Buffer.from(printed)] as const,
    ]);
    expect(removalContexts(secrets, everywhere)).toEqual([]);
  });

  it('after_create that fails under create_before_destroy keeps the key that consumers still use', async () => {
    const more = 'lifecycle {\n    create_before_destroy = true\n  }';
    await declare({ more });
    await apply();
    const [old = ''] = its.ids();
    breakProgram('told');
    const replaced = await run('apply', '-auto-approve', `-replace=${KEY}`);
    const [, next = ''] = its.ids();
    expect(replaced.code).toBe(1);
    expect(replaced.said).toContain(`Key ${old} of bucket uploads was not deleted`);
    expect(replaced.said).toContain(`the after_create hook of key ${next} has failed`);
    expect(its.ids()).toEqual([old, next]);

    mend('told');
    expect((await apply()).code).toBe(0);
    expect(events('told').at(-1)).toEqual(['after_create', next]);
    expect(its.ids()).toEqual([next]);
    expect((await plan()).code).toBe(0);
  });

  it('after_create that fails keeps the previous key through a repair that nobody has asked for', async () => {
    const rotation = (is: string) => `overlap_hours = 0\n    keepers = { is = "${is}" }`;
    await declare({ rotation: rotation('one') });
    await apply();
    const [old = ''] = its.ids();
    breakProgram('told');
    await declare({ rotation: rotation('two') });
    expect((await apply()).code).toBe(1);
    rmSync(its.path());
    expect((await plan()).said).toContain('the after_create hook of its successor has not succeeded');
    expect((await apply()).code).toBe(1);
    expect(its.ids()).toContain(old);

    mend('told');
    // The hook first, which frees the previous key; then the repair.
    expect((await apply()).code).toBe(0);
    expect(its.ids()).not.toContain(old);
    expect((await apply()).code).toBe(0);
    expect(its.ids()).toEqual([its.delivered().accessKeyId]);
    expect((await plan()).code).toBe(0);
  });

  it('after_create that fails leaves a good key untainted, and is run again by the next apply', async () => {
    breakProgram('told');
    const first = await apply();
    const [key] = its.ids();
    expect(first.code).toBe(0);
    expect(first.said).toContain(`Warning: The after_create hook of key ${key} of bucket uploads failed`);
    expect(first.said).toMatch(
      /told ended with exit status 7\. Its standard error: no session Its standard output: .*The key is good/,
    );
    expect(first.said).toContain('********');
    expect((await its.terraform.resource(KEY))?.tainted).toBeUndefined();

    const again = await plan();
    expect(again.code).toBe(2);
    expect(again.said).toContain(`The after_create hook of key ${key} of bucket uploads will be run again`);
    const failed = await apply();
    expect(failed.code).toBe(1);
    expect(failed.said).toContain(`Error: The after_create hook of key ${key} of bucket uploads failed`);
    expect((await plan()).code).toBe(2);

    mend('told');
    expect((await apply()).code).toBe(0);
    expect(its.ids()).toEqual([key]);
    expect(events('told')).toEqual(Array.from({ length: 3 }, () => ['after_create', key]));
    expect((await plan()).code).toBe(0);
    const { secretAccessKey } = its.emulator.keys('uploads')[0] ?? {};
    expect(removalContexts([secretAccessKey ?? ''], new Map([['printed', Buffer.from(printed)]]))).toEqual(
      [],
    );
  });

  it('after_create that fails in a rotation keeps the old key until it has done its work', async () => {
    await declare({ rotation: 'overlap_hours = 0' });
    await apply();
    const [old] = its.ids();
    its.emulator.age(90 * DAY);
    breakProgram('told');
    const failed = await apply();
    const [, current] = its.ids();
    expect(failed.code).toBe(1);
    expect(failed.said).toContain(`Error: The after_create hook of key ${current} of bucket uploads failed`);
    expect(await its.state()).toMatchObject({ access_key_id: current, previous_access_key_id: old });

    its.emulator.age(HOUR);
    expect((await apply()).code).toBe(1);
    expect(its.ids()).toEqual([old, current]);
    expect(events('going')).toEqual([]);

    mend('told');
    expect((await apply()).code).toBe(0);
    expect(its.ids()).toEqual([current]);
    expect(events('going')).toEqual([['before_delete', old]]);
    expect((await plan()).code).toBe(0);
  });

  it('before_delete that fails keeps the key that was to be retired, and its place in the state', async () => {
    await apply();
    const [old] = its.ids();
    its.emulator.age(90 * DAY);
    await apply();
    const [, current] = its.ids();
    its.emulator.age(25 * HOUR);
    breakProgram('going');
    const failed = await apply();
    expect(failed.code).toBe(1);
    expect(failed.said).toContain(
      `Error: Key ${old} of bucket uploads was not deleted: its before_delete hook failed`,
    );
    expect(failed.said).toContain('The key is alive and stays in the state.');
    expect(its.ids()).toEqual([old, current]);
    expect(await its.state()).toMatchObject({ access_key_id: current, previous_access_key_id: old });
    mend('going');
    expect((await apply()).code).toBe(0);
    expect(its.ids()).toEqual([current]);
    expect((await plan()).code).toBe(0);
  });

  it('before_delete that fails without an overlap keeps the replaced key for the next apply', async () => {
    await declare({ rotation: 'overlap_hours = 0' });
    await apply();
    const [old] = its.ids();
    its.emulator.age(90 * DAY);
    breakProgram('going');
    const failed = await apply();
    const [, current] = its.ids();
    expect(failed.code).toBe(1);
    expect(failed.said).toContain(`Key ${old} of bucket uploads was not deleted`);
    expect(its.ids()).toEqual([old, current]);
    expect(await its.state()).toMatchObject({ access_key_id: current });
    mend('going');
    expect((await plan()).said).toContain(`Key ${old} of bucket uploads will be deleted`);
    expect((await apply()).code).toBe(0);
    expect(its.ids()).toEqual([current]);
    expect((await plan()).code).toBe(0);
  });

  it('before_delete that fails stops a destroy; a hook that is mended in the configuration is applied first', async () => {
    await apply();
    const [key] = its.ids();
    breakProgram('going');
    const failed = await destroy();
    expect(failed.code).toBe(1);
    expect(failed.said).toContain(`Key ${key} of bucket uploads was not deleted`);
    expect(its.ids()).toEqual([key]);
    expect(existsSync(its.path())).toBe(true);
    expect(await its.state()).toMatchObject({ access_key_id: key });

    await declare({ going: 'on_failure = "continue"' });
    expect((await apply()).code).toBe(0);
    expect(its.ids()).toEqual([key]);
    const destroyed = await destroy();
    expect(destroyed.code).toBe(0);
    expect(destroyed.said).toContain(
      `Warning: The before_delete hook of key ${key} of bucket uploads failed`,
    );
    expect(its.ids()).toEqual([]);
  });

  it('with on_failure = "continue" only warn, and are not run again', async () => {
    await declare({ told: 'on_failure = "continue"', going: 'on_failure = "continue"' });
    breakProgram('told');
    breakProgram('going');
    const made = await apply();
    const [old] = its.ids();
    expect(made.code).toBe(0);
    expect(made.said).toContain(`Warning: The after_create hook of key ${old} of bucket uploads failed`);
    expect((await plan()).code).toBe(0);
    its.emulator.age(90 * DAY);
    expect((await apply()).code).toBe(0);
    its.emulator.age(25 * HOUR);
    const retired = await apply();
    expect(retired.code).toBe(0);
    expect(retired.said).toContain(`Warning: The before_delete hook of key ${old} of bucket uploads failed`);
    expect(its.ids()).not.toContain(old);
    expect((await plan()).code).toBe(0);
    expect(events('told')).toHaveLength(2);
    expect(events('going')).toHaveLength(1);
  });

  it('that take longer than their time are ended with all that they have started', async () => {
    programs.file('told', `#!/bin/sh\necho waiting\n${programs.survivor()}\nwait\n`);
    await declare({ told: 'timeout_seconds = 3' });
    const { code, said } = await apply();
    expect(code).toBe(0);
    expect(said).toMatch(/told did not end within 3 s and was stopped\. Its standard output: waiting/);
    expect(await programs.survives()).toBe(false);
    expect((await plan()).said).toContain('will be run again');
  });

  it('that cannot be started say why, and are treated as failed', async () => {
    rmSync(join(programs.folder, 'told'));
    const { code, said } = await apply();
    expect(code).toBe(0);
    expect(said).toMatch(/The program ".*told" does not exist/);
    expect((await plan()).code).toBe(2);
  });

  it('are not run for a key that was withdrawn before it was delivered', async () => {
    await declare({ more: 'verify_timeout_seconds = 1' });
    its.emulator.faults.add({ operation: 'CreateBucketAccessKey', kind: 'key-not-accepted', ms: 60_000 });
    const { code, said } = await apply();
    expect(code).toBe(1);
    expect(said).toContain('was deleted again');
    expect(its.ids()).toEqual([]);
    expect([events('told'), events('going')]).toEqual([[], []]);
  });

  describe('under Ctrl-C', () => {
    /** Interrupts Terraform once the program runs, which writes its process ID down. */
    async function interrupted(name: string, ...args: string[]) {
      const pid = join(programs.folder, `${name}.pid`);
      rmSync(pid, { force: true });
      const { process: child, outcome } = its.terraform.start(...args, '-no-color');
      while (!existsSync(pid) && child.exitCode === null) await setTimeout(20);
      child.kill('SIGINT');
      const runs = () => {
        try {
          return process.kill(Number(readFileSync(pid, 'utf8')), 0);
        } catch {
          return false;
        }
      };
      return { ...toSaid(await outcome), runs };
    }
    const slow = (name: string) =>
      programs.file(name, `#!/bin/sh\necho $$ > "$0.new" && mv "$0.new" "$0.pid"\nexec sleep 300\n`);

    it('after_create is stopped and run again by the next apply, whatever on_failure says', async () => {
      slow('told');
      await declare({ told: 'on_failure = "continue"' });
      const stopped = await interrupted('told', 'apply', '-auto-approve');
      expect(stopped.said).toContain('was stopped, as Terraform was interrupted');
      expect(stopped.runs()).toBe(false);
      const [key] = its.ids();
      expect(await its.state()).toMatchObject({ access_key_id: key });
      programs.recorder('told', BREAKABLE);
      expect((await apply()).code).toBe(0);
      expect(events('told')).toEqual([['after_create', key]]);
      expect(its.ids()).toEqual([key]);
      expect((await plan()).code).toBe(0);
    });

    it('before_delete is stopped and the key stays, whatever on_failure says', async () => {
      slow('going');
      await declare({ going: 'on_failure = "continue"' });
      await apply();
      const [key] = its.ids();
      const stopped = await interrupted('going', 'destroy', '-auto-approve');
      expect(stopped.code).toBe(1);
      expect(stopped.said).toContain(`Key ${key} of bucket uploads was not deleted`);
      expect(stopped.runs()).toBe(false);
      expect(its.ids()).toEqual([key]);
      programs.recorder('going', BREAKABLE);
      expect((await destroy()).code).toBe(0);
      expect(events('going')).toEqual([['before_delete', key]]);
      expect(its.ids()).toEqual([]);
    });
  });
});
