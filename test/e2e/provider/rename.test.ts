import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TerraformStack } from 'cdktf';
import { BucketAccessKey, SecretDestination } from 'cdktf-lightsail-access-key';
import { Emulator } from '../../../src/emulator/index.js';
import { outputFolder, synthesizeInto } from '../../support/synthesis.js';
import { stack, unwrap } from '../../support/stack.js';
import { Terraform } from '../../support/terraform.js';

const TYPE = 'lightsail_bucket_access_key';
const BODY = 'bucket_name = "uploads"\n  secret {\n    file { path = "key.json" }\n  }';
const named = (name: string, body = BODY) => `resource "${TYPE}" "${name}" {\n  ${body}\n}\n`;

let emulator: Emulator;
let terraform: Terraform;

beforeEach(async () => {
  emulator = await Emulator.start({ buckets: ['uploads'] });
});
afterEach(async () => {
  await terraform.cleanup();
  await emulator.close();
});

const keys = () => emulator.keys('uploads').map(({ accessKeyId }) => accessKeyId);
const delivered = () => JSON.parse(readFileSync(join(terraform.folder, 'key.json'), 'utf8')) as unknown;

/** What the plan advises, as it is typed: the indented lines of its message. */
function advice(stderr: string): string[] {
  return stderr
    .split('\n')
    .map((line) => line.replace(/^│ ?/, ''))
    .filter((line) => /^ {2}(moved \{| {2}(from|to) |\}|key\.resource\.)/.test(line));
}

describe('A resource under a new address', () => {
  let id: string;

  async function settle(more: string): Promise<void> {
    terraform = await Terraform.create({ env: emulator.env });
    await write(more);
    await terraform.succeeds('init');
    await terraform.succeeds('apply', '-auto-approve');
    [id = ''] = keys();
  }
  const write = (more: string) => terraform.write('main.tf', stack({ more }));

  async function isRefused(...args: string[]): Promise<string> {
    const { code, stderr } = await terraform.plan(...args);
    expect(code).toBe(1);
    expect(unwrap(stderr)).toContain(`Key ${id} of bucket uploads is held by`);
    expect(keys()).toEqual([id]);
    expect(delivered()).toMatchObject({ accessKeyId: id });
    return stderr;
  }

  it('is refused with the way to move it, and moves by that', async () => {
    await settle(named('old'));
    await write(named('new'));
    await isRefused('-refresh=false');
    const lines = advice(await isRefused()).filter((line) => !line.includes('key.resource'));
    const moved = lines.join('\n').replace('OLD', 'old').replace('NEW', 'new');
    await write(`${named('new')}${moved}\n`);
    await terraform.succeeds('apply', '-auto-approve');
    expect((await terraform.plan('-detailed-exitcode')).code).toBe(0);
    expect(keys()).toEqual([id]);
  });

  it.each([
    ['a', 'z'],
    ['z', 'a'],
  ])(
    'of which a plan was to replace the key says so, and how to move it (%s, then %s)',
    async (old, anew) => {
      await settle(named(old));
      await terraform.succeeds('plan', `-replace=${TYPE}.${old}`);
      await write(named(anew));
      const { code, stdout } = await terraform.plan('-parallelism=1', '-detailed-exitcode');
      expect(code).toBe(2);
      expect(unwrap(stdout)).toContain(
        `Key ${id} of bucket uploads is deleted with the resource that is removed`,
      );
      const lines = advice(stdout).filter((line) => !line.includes('key.resource'));
      const moved = lines.join('\n').replace('OLD', old).replace('NEW', anew);
      await write(`${named(anew)}${moved}\n`);
      await terraform.succeeds('apply', '-auto-approve');
      expect(keys()).toEqual([id]);
      expect(delivered()).toMatchObject({ accessKeyId: id });
      expect((await terraform.plan('-detailed-exitcode')).code).toBe(0);
    },
  );

  it('of which a plan was to replace the key is replaced, where it is not moved', async () => {
    await settle(named('old'));
    await terraform.succeeds('plan', `-replace=${TYPE}.old`);
    await write(named('new'));
    await terraform.succeeds('apply', '-auto-approve');
    const [next] = keys();
    expect(keys()).toHaveLength(1);
    expect(next).not.toBe(id);
    expect(delivered()).toMatchObject({ accessKeyId: next });
    expect((await terraform.plan('-detailed-exitcode')).code).toBe(0);
  });

  it.each([
    ['count gives way to for_each', `count = 1\n  ${BODY}`, `for_each = toset(["a"])\n  ${BODY}`],
    ['for_each gets other keys', `for_each = toset(["a"])\n  ${BODY}`, `for_each = toset(["b"])\n  ${BODY}`],
  ])('is refused where %s', async (_, before, after) => {
    await settle(named('key', before));
    await write(named('key', after));
    await isRefused();
  });

  it('is refused where it goes into a module', async () => {
    await settle(named('key'));
    await terraform.write(
      'module/main.tf',
      stack({ more: named('key') }).replace(/provider "lightsail" \{\s*\}/, ''),
    );
    await write('module "keys" {\n  source = "./module"\n}');
    await terraform.succeeds('init');
    await isRefused();
  });

  it('is not imported instead, and a destroy gets past it', async () => {
    await settle(named('old'));
    const block = `import {\n  to = ${TYPE}.new\n  id = "uploads,${id}"\n}`;
    await write(`${named('new')}${block}`);
    const { code, stderr } = await terraform.apply();
    expect(code).toBe(1);
    expect(unwrap(stderr)).toContain('another resource of this state');
    expect(advice(stderr)).not.toEqual([]);
    expect(keys()).toEqual([id]);
    await terraform.succeeds('destroy', '-auto-approve', '-refresh=false');
    expect(keys()).toEqual([]);
  });

  it('imported by a command beside its old address, it keeps its key, which both can be destroyed with', async () => {
    await settle(named('old'));
    await write(named('old') + named('new'));
    await terraform.succeeds('import', `${TYPE}.new`, `uploads,${id}`);
    await write(named('new'));
    await isRefused();
    expect((await terraform.apply()).code).toBe(1);
    expect(keys()).toEqual([id]);
    await write(named('old') + named('new'));
    expect(unwrap((await terraform.plan()).stdout)).toContain('is held by two resources of this state');
    await terraform.succeeds('destroy', '-auto-approve');
    expect(keys()).toEqual([]);
    expect(existsSync(join(terraform.folder, 'key.json'))).toBe(false);
  });

  it('imported by a command, it goes on as it is once the old one is out of the state', async () => {
    await settle(named('old'));
    await write(named('old') + named('new'));
    await terraform.succeeds('import', `${TYPE}.new`, `uploads,${id}`);
    await terraform.succeeds('state', 'rm', `${TYPE}.old`);
    await write(named('new'));
    await terraform.succeeds('apply', '-auto-approve');
    expect((await terraform.plan('-detailed-exitcode')).code).toBe(0);
    expect(keys()).toEqual([id]);
  });
});

test('a construct under a new path is refused with the call that moves it, and moves by that', async () => {
  const outdir = await outputFolder();
  const adding = (name: string, then: (key: BucketAccessKey) => void = () => undefined) => {
    const fill = (scope: TerraformStack) => {
      const secret = SecretDestination.file({ path: 'key.json' });
      then(new BucketAccessKey(scope, name, { bucketName: 'uploads', secret }));
    };
    return synthesizeInto(outdir, fill);
  };
  try {
    terraform = await Terraform.create({ folder: adding('old'), env: emulator.env });
    await terraform.succeeds('init');
    await terraform.succeeds('apply', '-auto-approve');
    const before = keys();
    const address = (await terraform.succeeds('state', 'list')).stdout.trim();

    adding('new');
    const { code, stderr } = await terraform.plan();
    expect(code).toBe(1);
    const call = advice(stderr).find((line) => line.includes('moveFromId'));
    expect(call?.trim()).toBe(`key.resource.moveFromId("${TYPE}.OLD");`);

    adding('new', (key) => {
      key.resource.moveFromId(address);
    });
    await terraform.succeeds('apply', '-auto-approve');
    adding('new');
    expect((await terraform.plan('-detailed-exitcode')).code).toBe(0);
    expect(keys()).toEqual(before);
  } finally {
    rmSync(outdir, { recursive: true });
  }
});
