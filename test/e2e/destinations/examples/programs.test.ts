import { spawnSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CommandDestination, Written } from '../../../../src/destinations/command/store.js';
import { deleteMessage, writeMessage } from '../../../../src/destinations/command/messages.js';
import type { KeyPair } from '../../../../src/lifecycle/access-key.js';
import { formsOf } from '../../../support/secret-forms.js';
import { Secret } from '../../../../src/secret/secret.js';
import { StoreTools } from '../../../support/store-tools/store-tools.js';
import { Programs } from '../../../unit/destinations/command/programs.js';

const examples = resolve(__dirname, '../../../../examples/command/programs');
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const pair: KeyPair = {
  bucket: 'uploads',
  region: 'eu-central-1',
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: new Secret(SECRET),
  createdAt: new Date('2026-01-02T03:04:05Z'),
};

interface Example {
  readonly program: string;
  readonly tool: string;
  readonly args: readonly string[];
  readonly reference: string;
  /** The arguments with which the tool got the secret, and with which it was told to delete. */
  readonly stores: readonly string[];
  readonly deletes: readonly string[];
  /** What somebody else keeps under the same name. */
  readonly unmanaged: Readonly<Record<string, unknown>>;
}

/** A pair that a person has put there: of the same key, and without the mark of the program. */
const byHand = JSON.stringify({ accessKeyId: pair.accessKeyId, secretAccessKey: 'kept/by+hand' });

const all: readonly Example[] = [
  {
    program: 'one-password.mjs',
    tool: 'op',
    args: ['CI', 'uploads'],
    reference: 'op://CI/uploads/content',
    stores: ['item', 'create', '--vault', 'CI', '--tags', 'lightsail-access-key/uploads', '-'],
    deletes: ['item', 'delete', 'item1', '--vault', 'CI'],
    unmanaged: {
      item1: {
        id: 'item1',
        vault: 'CI',
        title: 'uploads',
        fields: [{ label: 'access-key-id', value: pair.accessKeyId }],
      },
    },
  },
  {
    program: 'doppler.mjs',
    tool: 'doppler',
    args: ['shop', 'prd', 'UPLOADS_KEY'],
    reference: 'doppler:shop/prd/UPLOADS_KEY',
    stores: [
      'secrets',
      'set',
      'UPLOADS_KEY',
      '--project',
      'shop',
      '--config',
      'prd',
      '--no-interactive',
      '--silent',
    ],
    deletes: [
      'secrets',
      'delete',
      'UPLOADS_KEY',
      '--project',
      'shop',
      '--config',
      'prd',
      '--yes',
      '--silent',
    ],
    unmanaged: { 'shop/prd/UPLOADS_KEY': byHand },
  },
  {
    program: 'github.mjs',
    tool: 'gh',
    args: ['org/repo', 'UPLOADS_KEY'],
    reference: 'github:org/repo/secrets/UPLOADS_KEY',
    stores: ['secret', 'set', 'UPLOADS_KEY', '--repo', 'org/repo'],
    deletes: ['secret', 'delete', 'UPLOADS_KEY', '--repo', 'org/repo'],
    unmanaged: { 'org/repo/secrets/UPLOADS_KEY': byHand },
  },
  {
    program: 'gitlab.mjs',
    tool: 'glab',
    args: ['group/project', 'UPLOADS_KEY'],
    reference: 'gitlab:group/project/variables/UPLOADS_KEY',
    stores: ['variable', 'set', 'UPLOADS_KEY', '--repo', 'group/project', '--masked', '--raw'],
    deletes: ['variable', 'delete', 'UPLOADS_KEY', '--repo', 'group/project'],
    unmanaged: { 'group/project/UPLOADS_KEY': Buffer.from(byHand).toString('base64') },
  },
  {
    program: 'kubernetes.mjs',
    tool: 'kubectl',
    args: ['shop', 'uploads'],
    reference: 'kubernetes:shop/secrets/uploads',
    stores: [
      'apply',
      '--server-side',
      '--field-manager',
      'lightsail-access-key',
      '--output',
      'json',
      '--filename',
      '-',
    ],
    deletes: ['delete', 'secret', 'uploads', '--namespace', 'shop', '--wait=false'],
    unmanaged: {
      'shop/uploads': {
        metadata: { name: 'uploads', namespace: 'shop' },
        fields: { 'data:PASSWORD': { owner: 'kubectl-create', value: 'a2VwdA==' } },
      },
    },
  },
];

describe.each(all)('$program', ({ program, tool, args, reference, stores, deletes, unmanaged }) => {
  const argv = [join(examples, program), ...args];
  const path = process.env.PATH;
  let tools: StoreTools;
  beforeEach(() => {
    tools = new StoreTools();
    process.env.PATH = tools.path;
  });
  afterEach(() => {
    process.env.PATH = path;
    tools.remove();
  });

  const destination = () =>
    new CommandDestination(
      { write: argv, delete: argv, format: 'sdk', bucket: 'uploads', current: null, reference: null },
      new Written(),
      { milliseconds: 30_000, graceMilliseconds: 1_000 },
    );
  const write = async (written = pair) => {
    const target = destination();
    await target.stage(written);
    return target.promote(written.accessKeyId);
  };
  const remove = (accessKeyId: string) =>
    spawnSync(argv[0] ?? '', argv.slice(1), {
      env: process.env,
      input: deleteMessage('uploads', accessKeyId),
      encoding: 'utf8',
    });
  const commands = () => tools.commands(tool);

  test('stores the pair and says where', async () => {
    await destination().check();
    expect(await write()).toEqual({ reference, secret: null });
    expect(commands()).toContainEqual(stores);
  });

  test('hands the secret to the tool on standard input alone', async () => {
    await write();
    const forms = formsOf(SECRET);
    const holds = (text: string) => forms.some((form) => text.includes(form));
    const runs = tools.runs(tool);
    expect(runs.filter(({ stdin }) => holds(stdin)).map((run) => run.argv.slice(1))).toEqual([stores]);
    for (const { argv: seen, env } of runs) {
      expect(holds(seen.join('\n'))).toBe(false);
      expect(holds(Object.values(env).join('\n'))).toBe(false);
    }
  });

  test('writes over an older pair', async () => {
    await write({ ...pair, accessKeyId: 'AKIAIOSFODNN7OLDONE1' });
    expect(await write()).toEqual({ reference, secret: null });
    expect(remove(pair.accessKeyId).status).toBe(0);
    expect(commands()).toContainEqual(deletes);
  });

  test('removes the pair of the key it is told, without any secret', async () => {
    await write();
    const outcome = remove(pair.accessKeyId);
    expect(outcome).toMatchObject({ status: 0 });
    expect(commands()).toContainEqual(deletes);
    expect(tools.kept(tool)).toEqual({});
  });

  test("neither replaces nor removes somebody else's value", async () => {
    tools.put(tool, unmanaged);
    await expect(write()).rejects.toThrow(`${reference} holds something else than a pair of this bucket`);
    expect(tools.kept(tool)).toEqual(unmanaged);
    expect(remove(pair.accessKeyId).status).toBe(0);
    expect(tools.kept(tool)).toEqual(unmanaged);
  });

  test('has nothing to do where no pair is', () => {
    expect(remove(pair.accessKeyId).status).toBe(0);
  });

  test('ends badly when it cannot find out whether the pair is there', async () => {
    await write();
    tools.programs.file(tool, '#!/bin/sh\necho "no route to host" >&2\nexit 1\n');
    expect(remove(pair.accessKeyId)).toMatchObject({
      status: 1,
      stderr: `no route to host\n${tool} ended with exit status 1.\n`,
    });
  });

  test("leaves a newer key's pair", async () => {
    await write({ ...pair, accessKeyId: 'AKIAIOSFODNN7NEWONE1' });
    const kept = tools.kept(tool);
    expect(remove(pair.accessKeyId).status).toBe(0);
    expect(tools.kept(tool)).toEqual(kept);
  });

  test('fails when the tool does, and says so', async () => {
    tools.programs.file(tool, '#!/bin/sh\necho "not signed in" >&2\nexit 6\n');
    await expect(write()).rejects.toThrow(
      new RegExp(
        `exit status 1\\. Its standard error: .*not signed in\\s+${tool} ended with exit status 6`,
        's',
      ),
    );
  });

  test('fails when the tool is not there', async () => {
    const bare = new Programs();
    symlinkSync(process.execPath, join(bare.folder, 'node'));
    process.env.PATH = bare.folder;
    await expect(write()).rejects.toThrow(`${tool} could not be started (ENOENT)`);
    bare.remove();
  });
});

describe('A program', () => {
  let tools: StoreTools;
  beforeEach(() => {
    tools = new StoreTools();
  });
  afterEach(() => {
    tools.remove();
  });
  const run = (program: string, args: readonly string[], input: string) =>
    spawnSync(join(examples, program), args, {
      env: { ...process.env, PATH: tools.path },
      input,
      encoding: 'utf8',
    });

  test('of GitLab takes a project that it may not see for no absent variable', () => {
    const answer = '{"message":"404 Project Not Found"}';
    tools.programs.file('glab', `#!/bin/sh\necho '${answer}'\nexit 1\n`);
    const input = deleteMessage('uploads', pair.accessKeyId);
    expect(run('gitlab.mjs', ['group/project', 'UPLOADS_KEY'], input).status).toBe(1);
  });

  describe('of GitHub', () => {
    const args = ['org/repo', 'UPLOADS_KEY'];
    const old = { ...pair, accessKeyId: 'AKIAIOSFODNN7OLDONE1' };
    const secret = () => tools.kept('gh')['org/repo/secrets/UPLOADS_KEY'];

    /** Replaces the old pair with a `gh` that refuses what this line of a shell script does. */
    const replace = (refusal: string) => {
      expect(run('github.mjs', args, writeMessage(old, 'sdk')).status).toBe(0);
      const refusing = new Programs();
      refusing.file('gh', `#!/bin/sh\n${refusal}\nexec "${join(tools.programs.folder, 'gh')}" "$@"\n`);
      const env = { ...process.env, PATH: `${refusing.folder}:${tools.path}` };
      const input = writeMessage(pair, 'sdk');
      expect(spawnSync(join(examples, 'github.mjs'), args, { env, input }).status).toBe(1);
      refusing.remove();
    };
    const destroy = () => run('github.mjs', args, deleteMessage('uploads', old.accessKeyId));

    test.each(['variable', 'secret'])(
      'leaves the old secret in place when to set a %s is refused, and removes it later',
      (kind) => {
        replace(`test "$1 $2" != "${kind} set" || exit 1`);
        expect(secret()).toContain(old.accessKeyId);
        expect(destroy().status).toBe(0);
        expect(tools.kept('gh')).toEqual({});
      },
    );

    test('removes the new pair with the old key when the variable was refused after the secret', () => {
      replace(
        'test "$1 $2" != "secret set" || touch "$0.set"; test "$1 $2" != "variable set" || test ! -e "$0.set" || exit 1',
      );
      expect(secret()).toContain(pair.accessKeyId);
      expect(destroy().status).toBe(0);
      expect(tools.kept('gh')).toEqual({});
    });

    test("takes no variable with another value than a key's ID for its own", () => {
      const variables = { 'org/repo/variables/UPLOADS_KEY_ACCESS_KEY_ID': 'see the wiki' };
      tools.put('gh', variables);
      expect(run('github.mjs', args, writeMessage(pair, 'sdk')).status).toBe(1);
      expect(tools.kept('gh')).toEqual(variables);
    });
  });

  test.each(all.filter(({ program }) => program !== 'github.mjs'))(
    'of $tool leaves the pair of another bucket',
    ({ program, args, tool }) => {
      const others = { ...pair, bucket: 'backups', accessKeyId: 'AKIAIOSFODNN7BACKUPS' };
      expect(run(program, args, writeMessage(others, 'sdk')).status).toBe(0);
      const kept = tools.kept(tool);
      expect(run(program, args, writeMessage(pair, 'sdk'))).toMatchObject({ status: 1, stdout: '' });
      expect(tools.kept(tool)).toEqual(kept);
    },
  );

  test.each(all.filter(({ tool }) => ['doppler', 'glab'].includes(tool)))(
    'of $tool writes no pair in a format in which it would not know it again',
    ({ program, args, tool }) => {
      const outcome = run(program, args, writeMessage(pair, 'env'));
      expect(outcome).toMatchObject({
        status: 1,
        stderr: expect.stringContaining('leave the format out') as string,
      });
      expect(tools.kept(tool)).toEqual({});
    },
  );

  describe('of Kubernetes', () => {
    const args = ['shop', 'uploads'];
    interface Kept {
      readonly metadata: object;
      readonly fields: Readonly<Record<string, { readonly owner: string; readonly value: string }>>;
    }
    const kept = () => tools.kept('kubectl')['shop/uploads'] as Kept;
    const mergeIn = (fields: Kept['fields']) => {
      tools.put('kubectl', { 'shop/uploads': { ...kept(), fields: { ...kept().fields, ...fields } } });
    };
    const password = { 'data:PASSWORD': { owner: 'kubectl-edit', value: 'a2VwdA==' } };

    test('neither replaces nor removes what somebody else has put into its Secret', () => {
      expect(run('kubernetes.mjs', args, writeMessage(pair, 'sdk')).status).toBe(0);
      mergeIn(password);
      const next = { ...pair, accessKeyId: 'AKIAIOSFODNN7NEWONE1' };
      expect(run('kubernetes.mjs', args, writeMessage(next, 'sdk')).status).toBe(0);
      expect(kept().fields).toMatchObject(password);
      expect(run('kubernetes.mjs', args, deleteMessage('uploads', next.accessKeyId)).status).toBe(0);
      expect(kept().fields).toEqual(password);
    });

    test('fails where somebody else has changed the pair itself', () => {
      expect(run('kubernetes.mjs', args, writeMessage(pair, 'sdk')).status).toBe(0);
      mergeIn({ 'data:AWS_ACCESS_KEY_ID': { owner: 'kubectl-edit', value: 'b3RoZXI=' } });
      const before = kept();
      const next = { ...pair, accessKeyId: 'AKIAIOSFODNN7NEWONE1' };
      expect(run('kubernetes.mjs', args, writeMessage(next, 'sdk'))).toMatchObject({
        status: 1,
        stderr: expect.stringContaining('conflict at data:AWS_ACCESS_KEY_ID') as string,
      });
      expect(kept()).toEqual(before);
    });
  });
});
