import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EmulatorKey } from '../../../src/emulator/index.js';
import { KeyStack } from '../../support/key-stack.js';
import { stack } from '../../support/stack.js';
import { exhibitsIn, removalContexts } from '../canary/scan.js';

const KEY = 'lightsail_bucket_access_key.key';
const HOUR = 3_600_000;

describe('A key that is imported', () => {
  let its: KeyStack;
  let old: EmulatorKey;

  beforeEach(async () => {
    its = await KeyStack.start();
    old = its.emulator.makeStrangerKey('uploads');
    await declare();
    await its.terraform.succeeds('init');
  });
  afterEach(() => its.end());

  const declare = ({ id = '', secret = 'file { path = "key.json" }' } = {}) =>
    its.declare(`secret {\n    ${secret}\n  }`, id && `import {\n  to = ${KEY}\n  id = "${id}"\n}`);
  const apply = () => its.run('apply', '-auto-approve');
  /** The pair as this provider writes it, for instance from a stack whose state was lost. */
  const pair = (format = 'sdk') => {
    const { accessKeyId, secretAccessKey, createdAt } = old;
    const made = createdAt.toISOString();
    const whole = {
      accessKeyId,
      secretAccessKey,
      bucketName: 'uploads',
      region: its.emulator.region,
      createdAt: made,
    };
    return format === 'sdk'
      ? `${JSON.stringify(whole, null, 2)}\n`
      : `AWS_ACCESS_KEY_ID=${accessKeyId}\nAWS_SECRET_ACCESS_KEY=${secretAccessKey}\nAWS_REGION=${its.emulator.region}\n`;
  };

  it('is due for rotation, which the plan says, and stays valid for the overlap', async () => {
    await declare({ id: `uploads,${old.accessKeyId}` });
    const { code, said } = await its.plan();
    expect(code).toBe(2);
    expect(said).toContain('1 to import, 0 to add, 1 to change, 0 to destroy');
    expect(said).toContain(`Key ${old.accessKeyId} of bucket uploads will be replaced by a new one`);
    expect(said).toContain('This resource has never delivered its secret, and AWS does not show it again.');
    expect(said).toContain(`Key ${old.accessKeyId} stays valid for 24 h more`);

    expect((await apply()).code).toBe(0);
    const [, current] = its.ids();
    expect(its.ids()).toEqual([old.accessKeyId, current]);
    expect(await its.state()).toMatchObject({
      access_key_id: current,
      previous_access_key_id: old.accessKeyId,
      secret_reference: 'key.json',
    });
    expect(JSON.parse(readFileSync(its.path(), 'utf8'))).toMatchObject({
      accessKeyId: current,
    });
    expect((await its.plan()).code).toBe(0);
    its.emulator.age(25 * HOUR);
    expect((await apply()).code).toBe(0);
    expect(its.ids()).toEqual([current]);
    expect((await its.plan()).code).toBe(0);
  });

  it('with the command is in the state without a secret, and is not touched', async () => {
    const imported = await its.run('import', KEY, `uploads,${old.accessKeyId}`);
    expect(imported.code).toBe(0);
    expect(await its.state()).toMatchObject({
      bucket_name: 'uploads',
      access_key_id: old.accessKeyId,
      status: 'Active',
      secret: null,
      secret_reference: null,
    });
    expect(its.ids()).toEqual([old.accessKeyId]);
    expect(existsSync(its.path())).toBe(false);
    expect((await its.run('destroy', '-auto-approve')).code).toBe(0);
    expect(its.ids()).toEqual([]);
  });

  it('whose pair is at the destination already is taken over without a rotation', async () => {
    writeFileSync(its.path(), pair(), { mode: 0o600 });
    await declare({ id: `uploads,${old.accessKeyId}` });
    expect((await its.plan()).said).toContain(
      `file key.json already holds the pair of key ${old.accessKeyId} of bucket uploads`,
    );
    expect((await apply()).code).toBe(0);
    expect(its.ids()).toEqual([old.accessKeyId]);
    expect(await its.state()).toMatchObject({ access_key_id: old.accessKeyId, secret_reference: 'key.json' });
    expect((await its.plan()).code).toBe(0);
    expect(removalContexts([old.secretAccessKey], exhibitsIn(its.terraform.folder))).toEqual(['key.json']);
    expect((await its.run('destroy', '-auto-approve')).code).toBe(0);
    expect(existsSync(its.path())).toBe(false);
    expect(its.ids()).toEqual([]);
  });

  it.each([
    ['its plan', 'plan'],
    ['its apply', 'apply'],
  ])('is taken over where %s is not told when it was made', async (_, undetermined) => {
    const untell = () =>
      its.emulator.faults.add({
        operation: 'GetBucketAccessKeys',
        kind: 'body',
        body: JSON.stringify({ accessKeys: [{ accessKeyId: old.accessKeyId, status: 'Active' }] }),
        times: 'always',
      });
    writeFileSync(its.path(), pair(), { mode: 0o600 });
    await its.declare(
      'secret {\n    file { path = "key.json" }\n  }\n  rotation {\n    after_days = 90\n  }',
      `import {\n  to = ${KEY}\n  id = "uploads,${old.accessKeyId}"\n}`,
    );
    if (undetermined === 'plan') untell();
    expect((await its.run('plan', '-out=planned')).code).toBe(0);
    its.emulator.faults.clear();
    if (undetermined === 'apply') untell();
    const applied = await its.run('apply', 'planned');
    its.emulator.faults.clear();
    expect(applied).toMatchObject({ code: 0 });
    expect(its.ids()).toEqual([old.accessKeyId]);
    await its.apply();
    expect(await its.state()).toMatchObject({
      access_key_id: old.accessKeyId,
      created_at: old.createdAt.toISOString().replace(/\.\d+Z/, 'Z'),
      secret_reference: 'key.json',
    });
    expect((await its.plan()).code).toBe(0);
  });

  it.each([
    ['another format', 'file { path = "key.json" }', 'env'],
    [
      'clear where ciphertext is wanted',
      'file {\npath = "key.json"\nage_recipients = ["age1lvyvwawkr0mcnnnncaghunadrqkmuf9e6507x9y920xxpp866cnql7dp2z"]\n}',
      'sdk',
    ],
  ])('whose pair is there in %s is not taken over, and nothing is overwritten', async (_, secret, format) => {
    writeFileSync(its.path(), pair(format), { mode: 0o600 });
    await declare({ id: `uploads,${old.accessKeyId}`, secret });
    const { said } = await its.plan();
    expect(said).not.toContain('already holds the pair');
    expect(said).toContain('should be replaced, and cannot be now');
    expect((await apply()).code).toBe(1);
    expect(its.ids()).toEqual([old.accessKeyId]);
    expect(readFileSync(its.path(), 'utf8')).toBe(pair(format));
    const again = await its.plan();
    expect(again.code).toBe(2);
    expect(again.said).toContain(
      'This resource has never delivered its secret, and AWS does not show it again.',
    );
  });

  it('that is Inactive is not taken over, even where its pair is in place', async () => {
    writeFileSync(its.path(), pair(), { mode: 0o600 });
    its.emulator.setStatus('uploads', old.accessKeyId, 'Inactive');
    await declare({ id: `uploads,${old.accessKeyId}` });
    const { said } = await its.plan();
    expect(said).not.toContain('already holds the pair');
    expect(said).toContain(`Key ${old.accessKeyId} of bucket uploads should be replaced, and cannot be now`);
    expect((await apply()).code).toBe(1);

    rmSync(its.path());
    expect((await apply()).code).toBe(0);
    expect(its.ids()).toHaveLength(1);
    expect(its.ids()).not.toContain(old.accessKeyId);
    expect((await its.plan()).code).toBe(0);
  });

  it('beside another key has a pending change, and its apply fails naming the key that has to go', async () => {
    const other = its.emulator.makeStrangerKey('uploads');
    await declare({ id: `uploads,${old.accessKeyId}` });
    for (let run = 0; run < 2; run++) {
      const { code, said } = await its.plan();
      expect(code).toBe(2);
      expect(said).toContain(
        `Key ${old.accessKeyId} of bucket uploads should be replaced, and cannot be now: Bucket uploads has no room`,
      );
      expect(said).toContain('This resource has never delivered its secret, and AWS does not show it again.');
      expect(said).toContain('and apply fails as long as it is not');
      expect(said).not.toContain('no longer at');
      const applied = await apply();
      expect(applied.code).toBe(1);
      expect(applied.said).toContain(`--bucket-name uploads --access-key-id ${other.accessKeyId}`);
      expect(applied.said).not.toContain(`--access-key-id ${old.accessKeyId}`);
      expect(its.ids()).toEqual([old.accessKeyId, other.accessKeyId]);
      expect(existsSync(its.path())).toBe(false);
    }

    its.emulator.deleteKey('uploads', other.accessKeyId);
    expect((await its.plan()).code).toBe(2);
    expect((await apply()).code).toBe(0);
    expect(its.ids()).toHaveLength(2);
    expect(await its.state()).toMatchObject({ previous_access_key_id: old.accessKeyId });
    expect((await its.plan()).code).toBe(0);
  });

  describe.each([
    ['before anybody has looked at it', () => Promise.resolve()],
    [
      'after its first apply was refused',
      async () => {
        its.emulator.faults.add({
          kind: 'error',
          when: 'before',
          operation: 'CreateBucketAccessKey',
          type: 'AccessDeniedException',
          status: 403,
          times: 'always',
        });
        expect((await its.run('apply', '-auto-approve')).code).toBe(1);
        its.emulator.faults.clear();
      },
    ],
  ])('and deleted by somebody %s', (_, happens) => {
    beforeEach(async () => {
      expect((await its.run('import', KEY, `uploads,${old.accessKeyId}`)).code).toBe(0);
      await happens();
      its.emulator.deleteKey('uploads', old.accessKeyId);
    });

    it('is named as gone by the plan, and the apply makes a new one', async () => {
      const { code, said } = await its.plan();
      expect(code).toBe(2);
      expect(said).toContain(`Key ${old.accessKeyId} of bucket uploads does not exist any more`);
      expect(said).not.toContain('moved');
      expect((await apply()).code).toBe(0);
      expect(its.ids()).toHaveLength(1);
      expect(await its.state()).toMatchObject({ access_key_id: its.ids()[0], secret_reference: 'key.json' });
      expect((await its.plan()).code).toBe(0);
    });

    it.each([['with a refresh'], ['without one', '-refresh=false']])(
      'is destroyed %s',
      async (_how, ...options) => {
        const { code, said } = await its.run('destroy', '-auto-approve', ...options);
        expect(said).not.toContain('moved');
        expect(code).toBe(0);
        expect(await its.state()).toEqual({});
      },
    );

    it('goes with its block', async () => {
      await its.terraform.write('main.tf', stack({}));
      expect((await apply()).code).toBe(0);
      expect(await its.state()).toEqual({});
    });
  });

  it.each([
    ['uploads', '"uploads" is not the import ID of a bucket access key'],
    ['uploads/AKIAIOSFODNN7EXAMPLE', 'is not the import ID of a bucket access key'],
    ['UPLOADS,AKIAIOSFODNN7EXAMPLE', 'is not the import ID of a bucket access key'],
    ['downloads,AKIAIOSFODNN7EXAMPLE', 'there is no Lightsail bucket downloads in'],
    ['uploads,AKIAIOSFODNN7EXAMPLE', 'it is not on bucket uploads in'],
  ])('by the ID %s is refused, and nothing is imported', async (id, words) => {
    const { code, said } = await its.run('import', KEY, id);
    expect(code).toBe(1);
    expect(said).toContain(words);
    expect(said).toContain('Nothing was imported, and no key is affected.');
    if (words.startsWith('it is not on')) expect(said).toContain(old.accessKeyId);
    expect(await its.state()).toEqual({});
    expect(its.ids()).toEqual([old.accessKeyId]);
  });

  it('without a configuration gets one generated, in which only the destination has to be chosen', async () => {
    const id = `uploads,${old.accessKeyId}`;
    const more = `import {\n  to = ${KEY}\n  id = "${id}"\n}`;
    await its.terraform.write('main.tf', stack({ more }));
    const generated = await its.run('plan', '-generate-config-out=generated.tf');
    expect(generated.code).toBe(1);
    // An empty block is not written down, and without it the configuration is none.
    expect(generated.said).toContain('A block of type "secret" is required here.');
    const text = readFileSync(join(its.terraform.folder, 'generated.tf'), 'utf8');
    expect(text).toMatch(/bucket_name\s*= "uploads"/);
    expect(text).not.toContain('secret');
    const file = text.replace(/\n}/, '\n  secret {\n    file { path = "key.json" }\n  }\n}');
    await its.terraform.write('generated.tf', file);
    const { code, said } = await its.plan();
    expect(code).toBe(2);
    expect(said).toContain(`Key ${old.accessKeyId} of bucket uploads will be replaced by a new one`);
  });
});
