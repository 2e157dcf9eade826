import type { Emulator } from '../../../src/emulator/index.js';
import { temporaryFolder } from '../../support/temporary/folder.js';
import { audit, auditorOf, startAudited } from '../../support/audit.js';
import { KeyStack } from '../../support/key-stack.js';
import { stack } from '../../support/stack.js';

const FILE = 'secret {\n    file { path = "key.json" }\n  }';
const LIST = 'GetBucketAccessKeys';

/** Answers of 200 that hold no list of keys. */
const NO_ANSWER = ['', '<html>Sign in</html>', '[]', '{"accessKeys":{}}', '{"accessKeys":[{}]}'];
const NO_LIST = ['{}', '{"accessKeys":null}'];
const NOT_SAID = 'AWS does not say which access keys bucket uploads holds';

describe('Without a list of the keys', () => {
  const answer = (its: KeyStack, body: string, times: number | 'always' = 'always') =>
    its.emulator.faults.add({ operation: LIST, kind: 'body', body, times });
  const destroy = (its: KeyStack) => its.run('destroy', '-auto-approve');

  it.concurrent.each(NO_LIST)(
    '(%s) a refresh keeps the state and warns',
    KeyStack.alone(FILE, async (its, body: string) => {
      await its.apply();
      const [id] = its.ids();
      const handle = answer(its, body);
      const { code, said } = await its.plan();
      expect(code).toBe(0);
      expect(said).toContain(NOT_SAID);
      expect(said).toContain('No changes');
      expect(handle.hits).toBe(3);
      await its.apply();
      expect((await its.state()).access_key_id).toBe(id);
      its.emulator.faults.clear();
      expect((await its.plan()).code).toBe(0);
    }),
  );

  it.concurrent.each(NO_LIST)(
    '(%s) a destroy deletes the key once a list shows that it is gone',
    KeyStack.alone(FILE, async (its, body: string) => {
      await its.apply();
      // At the refresh, and at the first look after the deletion.
      answer(its, body, 4);
      expect((await destroy(its)).code).toBe(0);
      expect([its.ids(), await its.state()]).toEqual([[], {}]);
    }),
  );

  it.concurrent(
    '({}) a deletion is not called done',
    KeyStack.alone(FILE, async (its) => {
      await its.apply();
      const [id = ''] = its.ids();
      answer(its, '{}');
      const { code, said } = await destroy(its);
      expect(code).toBe(1);
      expect(said).toContain(`Key ${id} of bucket uploads could not be deleted`);
      expect(said).toContain('this provider could not verify whether the key was gone');
      expect((await its.state()).access_key_id).toBe(id);
      its.emulator.faults.clear();
      expect((await destroy(its)).code).toBe(0);
    }),
  );

  it.concurrent.each(NO_ANSWER)(
    '(%j) a plan warns, a destroy fails, and one without refresh passes once AWS answers',
    KeyStack.alone(FILE, async (its, body: string) => {
      await its.apply();
      const [id] = its.ids();
      answer(its, body);
      const { code, said } = await its.plan();
      expect(code).toBe(0);
      expect(said).toContain('The access keys of bucket uploads cannot be listed');
      expect(said).toContain('GetBucketAccessKeys was answered with');
      expect(said).not.toContain('html');
      expect((await destroy(its)).code).toBe(1);
      expect((await its.state()).access_key_id).toBe(id);
      its.emulator.faults.clear();
      expect((await its.run('destroy', '-auto-approve', '-refresh=false')).code).toBe(0);
      expect(its.ids()).toEqual([]);
    }),
  );

  it.concurrent(
    'a single answer without one changes nothing',
    KeyStack.alone(FILE, async (its) => {
      await its.apply();
      for (const body of ['', ...NO_LIST]) {
        answer(its, body, 1);
        const { code, said } = await its.plan();
        expect(code).toBe(0);
        expect(said).not.toContain('does not say');
      }
    }),
  );

  it.concurrent.each(NO_LIST)(
    '(%s) a key is made all the same, beside a key that nobody knew of',
    KeyStack.alone(FILE, async (its, body: string) => {
      await its.declare(`${FILE}\n  exclusive = true`);
      const stranger = its.emulator.makeStrangerKey('uploads').accessKeyId;
      its.emulator.age(3_600_000);
      // At both plans, and at the look before the create.
      answer(its, body, 9);
      const { code, said } = await its.run('apply', '-auto-approve');
      expect(code).toBe(0);
      expect(said).toContain(`${NOT_SAID} before one is made`);
      expect(said).toContain(`Bucket uploads already holds key ${stranger}`);
      expect(its.ids()).toContain(stranger);
      expect(its.ids()).toHaveLength(2);
      expect((await its.plan()).code).toBe(0);
    }),
  );

  it.concurrent(
    '({}) a key that came after such a list is named and not deleted, whatever exclusive says',
    KeyStack.alone(FILE, async (its) => {
      await its.declare(`${FILE}\n  exclusive = true`);
      answer(its, '{}', 9);
      its.emulator.faults.add({ operation: 'CreateBucketAccessKey', kind: 'drop', when: 'after' });
      const { code, said } = await its.run('apply', '-auto-approve');
      const [lost = ''] = its.ids();
      expect(code).toBe(1);
      expect(said).toContain(lost);
      // Nor by the next run, which reads the journal of this one.
      const next = await its.run('apply', '-auto-approve');
      expect(next.code).toBe(0);
      expect(next.said).toContain(lost);
      expect(its.ids()).toHaveLength(2);
      await its.apply();
      expect(its.ids()).toContain(lost);
    }),
  );

  it.concurrent(
    '({}) a full bucket refuses the key, and says what it holds',
    KeyStack.alone(FILE, async (its) => {
      const [one, two] = [its.emulator.makeStrangerKey('uploads'), its.emulator.makeStrangerKey('uploads')];
      answer(its, '{}', 9);
      const { code, said } = await its.run('apply', '-auto-approve');
      expect(code).toBe(1);
      expect(said).toContain('has no room for another access key');
      expect(said).toContain(one.accessKeyId);
      expect(said).toContain(two.accessKeyId);
    }),
  );

  it.concurrent.each([...NO_ANSWER, ...NO_LIST])(
    '(%j) a data source and an audit in a plan fail',
    KeyStack.alone(FILE, async (its, body: string) => {
      await its.terraform.write(
        'main.tf',
        stack({
          more: 'data "lightsail_bucket_access_keys" "all" {\n  bucket_name = "uploads"\n}',
        }),
      );
      answer(its, body);
      const { code, said } = await its.plan();
      expect(code).toBe(1);
      expect(said).toMatch(/cannot be listed|does not say which access keys/);
    }),
  );
});

describe('The audit command could not tell', () => {
  let emulator: Emulator;
  beforeEach(async () => {
    emulator = await startAudited({ buckets: ['uploads'] });
    emulator.makeStrangerKey('uploads');
  });
  afterEach(() => emulator.close());

  const told = () => audit(temporaryFolder('audit'), auditorOf(emulator));

  it.each([...NO_ANSWER, ...NO_LIST])('where GetBucketAccessKeys is answered with %j', async (body) => {
    emulator.faults.add({ operation: LIST, kind: 'body', body, times: 'always' });
    const { code, stdout } = await told();
    expect(code).toBe(1);
    expect(stdout).toContain('could not tell');
    expect(stdout).toContain('GetBucketAccessKeys was answered with');
  });

  it.each(['', '<html></html>', '[]', '{}', '{"buckets":null}', '{"buckets":{}}', '{"buckets":[{}]}'])(
    'where GetBuckets is answered with %j',
    async (body) => {
      emulator.faults.add({ operation: 'GetBuckets', kind: 'body', body, times: 'always' });
      const { code, stdout } = await told();
      expect(code).toBe(1);
      expect(stdout).toContain('could not tell');
      expect(stdout).toContain('GetBuckets was answered with');
    },
  );

  it('where only a later page of GetBuckets has no list', async () => {
    for (let number = 0; number < 150; number += 1) emulator.createBucket(`bucket-${String(number)}`);
    emulator.faults.add({ operation: 'GetBuckets', kind: 'body', body: '{}', nth: 2, times: 'always' });
    const { code, stdout } = await told();
    expect(code).toBe(1);
    expect(stdout).toContain('could not tell: the buckets of us-east-1 are not all known');
  });
});
