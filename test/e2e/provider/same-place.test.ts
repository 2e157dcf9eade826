import { chmodSync, chownSync, mkdirSync, statSync, symlinkSync } from 'node:fs';
import { KeyStack } from '../../support/key-stack.js';

/** The same destination in other words is the same destination: its key stays, and so does its pair. */
describe('A key', () => {
  let its: KeyStack;

  beforeEach(async () => {
    its = await KeyStack.start();
    mkdirSync(its.path('keys'));
    symlinkSync('keys', its.path('linked'));
    await inFile('"keys/key.json"');
    await its.terraform.succeeds('init');
    await its.apply();
  });
  afterEach(() => its.end());

  const inFile = (path: string, more = '') =>
    its.declare(`secret {\n    file { path = ${path} }\n  }${more}`);
  const reference = async () => (await its.state()).secret_reference;

  it('stays, whatever words its path is written in, and the reference follows them', async () => {
    const [key] = its.ids();
    for (const path of [
      '${path.module}/keys/key.json',
      './/keys/key.json',
      '${path.root}/linked/key.json',
      '${abspath(path.module)}/keys/key.json',
      '${path.cwd}/linked/../keys/key.json',
      'keys/key.json',
    ]) {
      await inFile(`"${path}"`);
      const plan = await its.plan();
      expect([path, plan.code]).toEqual([path, 2]);
      expect(plan.said).toContain('0 to add, 1 to change, 0 to destroy');
      expect(plan.said).not.toMatch(/replaced|known after apply|Warning/);
      await its.apply();
      expect((await its.plan()).code).toBe(0);
      expect([path, its.ids(), its.delivered('keys/key.json').accessKeyId]).toEqual([path, [key], key]);
    }
    expect(await reference()).toBe('keys/key.json');
    // Under other words it can still be rotated, and be destroyed.
    await inFile(
      '"./linked/key.json"',
      '\n  rotation {\n    overlap_hours = 0\n    keepers = { is = "other" }\n  }',
    );
    await its.apply();
    expect(its.ids()).toEqual([its.delivered('keys/key.json').accessKeyId]);
    expect(its.ids()).not.toEqual([key]);
    expect((await its.plan()).code).toBe(0);
    await its.terraform.succeeds('destroy', '-auto-approve');
    expect(its.ids()).toEqual([]);
  });

  it('is replaced where another path is meant, even one that looks alike', async () => {
    mkdirSync(its.path('keys/keys'));
    await inFile('"./keys/keys/key.json"');
    const { code, said } = await its.plan();
    expect(code).toBe(2);
    expect(said).toContain(`Key ${its.ids()[0] ?? ''} of bucket uploads will be replaced`);
  });

  it('is refused a path that leads there and is no file of its own', async () => {
    symlinkSync('keys/key.json', its.path('other.json'));
    await inFile('"other.json"');
    const { code, said } = await its.plan();
    expect(code).toBe(1);
    expect(said).toContain('other.json is not a regular file.');
  });

  const asRoot = process.geteuid?.() === 0 ? it : it.skip;

  asRoot(
    'that is rotated leaves its file to the group that reads it, and takes it from all others',
    async () => {
      const rights = () => {
        const { mode, uid, gid } = statSync(its.path('keys/key.json'));
        return [(mode & 0o7777).toString(8), uid, gid];
      };
      const rotate = async (is: string) => {
        await inFile(
          '"keys/key.json"',
          `\n  rotation {\n    overlap_hours = 0\n    keepers = { is = "${is}" }\n  }`,
        );
        const { code, said } = await its.run('apply', '-auto-approve');
        expect(code).toBe(0);
        return said;
      };
      expect(rights()).toEqual(['600', 0, 0]);
      chownSync(its.path('keys/key.json'), 0, 65_533);
      chmodSync(its.path('keys/key.json'), 0o640);
      expect(await rotate('first')).not.toContain('is not quite as it was');
      expect(rights()).toEqual(['640', 0, 65_533]);
      chmodSync(its.path('keys/key.json'), 0o664);
      expect(await rotate('second')).toContain('There, its mode is 0640 now and was 0664.');
      expect(rights()).toEqual(['640', 0, 65_533]);
    },
  );
});
