import { Emulator } from '../../../src/emulator/index.js';
import { RECIPIENT } from '../../support/destinations/identity.js';
import { childrenOf, signal } from '../../support/reliability/processes.js';
import { stack, unwrap } from '../../support/stack.js';
import { Terraform } from '../../support/terraform.js';

const MINUTE = 60_000;

describe('Lists that lag', () => {
  let emulator: Emulator;
  let terraform: Terraform;

  beforeEach(async () => {
    emulator = await Emulator.start({ buckets: ['uploads'] });
    terraform = await Terraform.create({ env: emulator.env });
  });
  afterEach(async () => {
    await terraform.cleanup();
    await emulator.close();
  });

  const ids = () => emulator.keys('uploads').map(({ accessKeyId }) => accessKeyId);

  async function wants(secret: string, more = ''): Promise<void> {
    const key = `bucket_name = "uploads"\n  ${more}\n  secret {\n    ${secret}\n  }`;
    await terraform.write('main.tf', stack({ key }));
    await terraform.succeeds('init');
  }

  /** Applies, and kills the provider when it makes this call after it has made a key. */
  async function applyAndDie(operation: string): Promise<void> {
    const { process, outcome } = terraform.start('apply', '-auto-approve');
    const before = emulator.log.length;
    const hasMade = () =>
      emulator.log.slice(before).some((call) => call.operation === 'CreateBucketAccessKey');
    const stop = emulator.onCall((point, call) => {
      if (point === 'effect-done' && call.operation === operation && hasMade()) {
        for (const provider of childrenOf(process.pid ?? 0)) signal(provider, 'SIGKILL');
      }
    });
    expect((await outcome).code).not.toBe(0);
    stop();
  }

  /** From the moment at which S3 is asked about a key, lists show what is there. */
  function catchUpAt(operation: string): void {
    const stop = emulator.onCall((point, call) => {
      if (point !== 'effect-done' || call.operation !== operation) return;
      stop();
      emulator.clock.advance(2 * MINUTE);
    });
  }

  const FILE = 'file {\n      path = "key.json"\n    }';
  const SEALED = `file {\n      path = "key.json"\n      age_recipients = ["${RECIPIENT}"]\n    }`;
  const rotation = (keeper: number, overlap = 24) =>
    `rotation {\n    overlap_hours = ${overlap}\n    keepers = { version = "${keeper}" }\n  }`;

  it.each([false, true])(
    'a run killed while it waited for the list is rolled forward within the lag (exclusive: %s)',
    async (exclusive) => {
      await wants(FILE, `exclusive = ${exclusive}`);
      emulator.setLag({ newKeyMs: 2 * MINUTE });
      await applyAndDie('GetBucketAccessKeys');
      const made = ids();
      expect(made).toHaveLength(1);
      const plan = await terraform.plan();
      expect(unwrap(plan.stdout)).toContain(`Key ${made[0] ?? ''} of bucket uploads will be taken over`);
      expect(unwrap(plan.stdout)).toContain('not listed yet');
      await terraform.succeeds('apply', '-auto-approve');
      expect(ids()).toEqual(made);
      // And again within the lag: it is alive by the state.
      const again = await terraform.plan('-detailed-exitcode');
      expect(again.code).toBe(0);
      expect(unwrap(again.stdout)).toContain(`Key ${made[0] ?? ''} of bucket uploads is not listed yet`);
      expect(again.stdout).not.toContain('does not exist any more');
      emulator.clock.advance(2 * MINUTE);
      const listed = await terraform.plan('-detailed-exitcode');
      expect(listed.code).toBe(0);
      expect(listed.stdout).not.toContain('not listed yet');
    },
  );

  it('a key whose secret was pending is finished within the lag, and one that is sealed is deleted for the next', async () => {
    await wants(FILE);
    emulator.setLag({ newKeyMs: MINUTE });
    await applyAndDie('ListObjectsV2');
    const made = ids();
    catchUpAt('ListObjectsV2');
    await terraform.succeeds('apply', '-auto-approve');
    expect(ids()).toEqual(made);
    await terraform.succeeds('destroy', '-auto-approve');
    await wants(SEALED);
    await applyAndDie('ListObjectsV2');
    const [lost] = ids();
    emulator.setLag({});
    // A list shows it before it is deleted.
    emulator.clock.advance(MINUTE);
    await terraform.succeeds('apply', '-auto-approve');
    expect(ids()).toHaveLength(1);
    expect(ids()).not.toContain(lost);
  });

  it('a rotation killed while it waited for the list has one successor', async () => {
    await wants(FILE, rotation(1));
    await terraform.succeeds('apply', '-auto-approve');
    const [first] = ids();
    await wants(FILE, rotation(2));
    emulator.setLag({ newKeyMs: 2 * MINUTE });
    await applyAndDie('GetBucketAccessKeys');
    const both = ids();
    expect(both).toHaveLength(2);
    await terraform.succeeds('apply', '-auto-approve');
    expect(ids()).toEqual(both);
    expect((await terraform.resource('lightsail_bucket_access_key.key'))?.values).toMatchObject({
      access_key_id: both[1],
      previous_access_key_id: first,
    });
    expect((await terraform.plan('-detailed-exitcode')).code).toBe(0);
  });

  it('without a journal the key of a killed run is named once it is listed', async () => {
    await wants('terraform_output {}');
    emulator.setLag({ newKeyMs: 2 * MINUTE });
    await applyAndDie('GetBucketAccessKeys');
    const [lost = ''] = ids();
    catchUpAt('ListObjectsV2');
    const applied = await terraform.apply();
    expect(applied.code).toBe(0);
    expect(ids()).toHaveLength(2);
    expect(applied.stdout).toContain(lost);
  });

  it('a run that ended before the list showed its key is followed by no second one, until the key is five minutes old', async () => {
    await wants('terraform_output {}');
    emulator.setLag({ newKeyMs: 20 * MINUTE });
    const applied = await terraform.apply();
    expect(applied.code).toBe(0);
    expect(unwrap(applied.stdout)).toContain('is made, but not listed yet');
    const made = ids();
    const again = await terraform.apply();
    expect(again.code).toBe(0);
    expect(again.stdout).toContain('No changes');
    expect(unwrap(again.stdout)).toContain(`Key ${made[0] ?? ''} of bucket uploads is not listed yet`);
    expect(ids()).toEqual(made);
    emulator.clock.advance(6 * MINUTE);
    const late = await terraform.plan('-detailed-exitcode');
    expect(late.code).toBe(2);
    expect(unwrap(late.stdout)).toContain(`Key ${made[0] ?? ''} of bucket uploads does not exist any more`);
  });

  it.each([
    ['-replace', rotation(2), ['-replace=lightsail_bucket_access_key.key'], 1],
    ['overlap_hours = 0', rotation(3, 0), [], 1],
  ])('in an overlap, %s finds room beside keys that it has deleted', async (_, wanted, options, count) => {
    await wants(FILE, rotation(1));
    await terraform.succeeds('apply', '-auto-approve');
    await wants(FILE, rotation(2));
    await terraform.succeeds('apply', '-auto-approve');
    const before = ids();
    expect(before).toHaveLength(2);
    emulator.setLag({ deletedKeyMs: 5000, deletedTakesSlot: true });
    await wants(FILE, wanted);
    const applied = await terraform.apply(...options);
    expect(applied.code).toBe(0);
    expect(applied.stdout).not.toContain('has no room');
    expect(applied.stdout).not.toContain('already holds key');
    expect(ids()).toHaveLength(count);
    for (const id of before) expect(ids()).not.toContain(id);
    emulator.clock.advance(MINUTE);
    expect((await terraform.plan('-detailed-exitcode')).code).toBe(0);
  });

  it('an import of a key that is not listed yet says so', async () => {
    await wants(FILE);
    emulator.setLag({ newKeyMs: MINUTE });
    const { accessKeyId } = emulator.makeStrangerKey('uploads');
    const refused = await terraform.run(
      'import',
      '-no-color',
      'lightsail_bucket_access_key.key',
      `uploads,${accessKeyId}`,
    );
    expect(refused.code).not.toBe(0);
    expect(unwrap(refused.stderr)).toContain('it may not be listed yet: try again in a minute');
    emulator.clock.advance(MINUTE);
    await terraform.succeeds('import', 'lightsail_bucket_access_key.key', `uploads,${accessKeyId}`);
  });
});
