import { KeyStack } from '../../support/key-stack.js';
import { childrenOf, signal } from '../../support/reliability/processes.js';
import { stack } from '../../support/stack.js';

const TYPE = 'lightsail_bucket_access_key';
const CREATE_FIRST = 'lifecycle {\n    create_before_destroy = true\n  }';

describe('A destination that another key of the configuration has', () => {
  let its: KeyStack;
  beforeEach(async () => {
    its = await KeyStack.start();
    its.emulator.createBucket('archive');
  });
  afterEach(() => its.end());

  const write = (...keys: readonly string[]) =>
    its.terraform.write('main.tf', stack({ more: keys.join('') }));
  const key = (name: string, bucket: string, path: string, more = '') =>
    `resource "${TYPE}" "${name}" {\n  bucket_name = "${bucket}"\n  secret {\n    file { path = "${path}" }\n  }\n  ${more}\n}\n`;
  const on = (bucket: string) => its.emulator.keys(bucket).map(({ accessKeyId }) => accessKeyId);

  it.each([[[]], [['-parallelism=1']]])(
    'is not taken by a rotation: two that exchange their places are refused by the plan (%j)',
    async (args: readonly string[]) => {
      await write(key('a', 'uploads', 'a.json'), key('b', 'archive', 'b.json'));
      await its.terraform.succeeds('init');
      await its.apply();
      const pairs = ['a.json', 'b.json'].map((path) => its.delivered(path));
      await write(key('a', 'uploads', 'b.json'), key('b', 'archive', 'a.json'));
      const { code, said } = await its.plan(...args);
      expect(code).toBe(1);
      expect(said).toMatch(new RegExp(`key ${pairs[1]?.accessKeyId ?? ''} of bucket archive`, 'i'));
      expect((await its.run('apply', '-auto-approve', ...args)).code).toBe(1);
      expect(['a.json', 'b.json'].map((path) => its.delivered(path))).toEqual(pairs);
      expect([on('uploads'), on('archive')]).toEqual(pairs.map(({ accessKeyId }) => [accessKeyId]));
    },
  );

  describe('after a run that died while it moved the resource to another bucket', () => {
    /** The ID of the key that it has made there. */
    async function moveAndDie(): Promise<string> {
      await write(key('key', 'uploads', 'key.json', CREATE_FIRST));
      await its.terraform.succeeds('init');
      await its.apply();
      await write(key('key', 'archive', 'key.json', CREATE_FIRST));
      const { process, outcome } = its.terraform.start('apply', '-auto-approve');
      const stop = its.emulator.onCall((point, { operation }) => {
        if (point === 'effect-done' && operation === 'CreateBucketAccessKey') {
          for (const provider of childrenOf(process.pid ?? 0)) signal(provider, 'SIGKILL');
        }
        return Promise.resolve();
      });
      expect((await outcome).code).not.toBe(0);
      stop();
      expect(on('archive')).toHaveLength(1);
      return on('archive')[0] ?? '';
    }

    it('names the key that it has made, where the bucket is taken back', async () => {
      const made = await moveAndDie();
      await write(key('key', 'uploads', 'key.json', CREATE_FIRST));
      expect((await its.plan()).said).toContain(made);
      const { code, said } = await its.run('apply', '-auto-approve');
      expect([code, said]).toEqual([0, expect.stringContaining(made)]);
    });

    it.each([[[]], [['-refresh=false']]])('names it at a destroy (%j)', async (args: readonly string[]) => {
      const made = await moveAndDie();
      const { code, said } = await its.run('destroy', '-auto-approve', ...args);
      expect([code, said]).toEqual([0, expect.stringContaining(made)]);
      expect([on('uploads'), on('archive')]).toEqual([[], [made]]);
    });
  });
});
