import { rmSync } from 'node:fs';
import { KeyStack } from '../../support/key-stack.js';
import { useOnS3 } from '../../support/s3-consumer.js';

const KEY = 'lightsail_bucket_access_key.key';
const HOUR = 3_600_000;

/** What is broken, or could not be done, is never hidden behind "No changes" or a green apply. */
describe('A key', () => {
  let its: KeyStack;

  beforeEach(async () => {
    its = await KeyStack.start();
    await declare('keepers = { deploy = "1" }');
    await its.terraform.succeeds('init');
    await its.apply();
  });
  afterEach(() => its.end());

  const declare = (rotation: string, more = '') =>
    its.declare(`secret {\n    file { path = "key.json" }\n  }\n  rotation {\n    ${rotation}\n  }`, more);
  const apply = () => its.run('apply', '-auto-approve');

  async function rotated(rotation: string): Promise<{ old: string; current: string }> {
    const [old = ''] = its.ids();
    await declare(rotation);
    await its.apply();
    return { old, current: String((await its.state()).access_key_id) };
  }

  it('whose pair is lost during an overlap stays a change of each plan, and is repaired once there is room', async () => {
    const { old, current } = await rotated('keepers = { deploy = "2" }');
    rmSync(its.path());
    for (const attempt of [1, 2]) {
      const plan = await its.plan();
      expect([attempt, plan.code]).toEqual([attempt, 2]);
      expect(plan.said).toContain(`Key ${current} of bucket uploads should be replaced, and cannot be now`);
      expect(plan.said).toContain('apply fails as long as it is not');
      const failed = await apply();
      expect(failed.code).toBe(1);
      expect(failed.said).toContain(
        `Key ${current} of bucket uploads cannot be replaced while key ${old} is still valid`,
      );
      expect(its.ids()).toEqual([old, current]);
    }
    its.emulator.age(25 * HOUR);
    await its.apply();
    expect(its.ids()).toEqual([current, its.delivered().accessKeyId]);
    expect((await its.plan()).code).toBe(0);
  });

  it('that was replaced and could not be deleted fails the apply, and no audit takes it for a stranger', async () => {
    const [old = ''] = its.ids();
    const audit = `resource "lightsail_bucket_access_key_audit" "audit" {
  bucket_name            = "uploads"
  managed_access_key_ids = [${KEY}.access_key_id]
}`;
    await declare('keepers = { deploy = "1" }', audit);
    await its.apply();
    const refused = its.emulator.faults.add({
      operation: 'DeleteBucketAccessKey',
      kind: 'error',
      when: 'before',
      type: 'AccessDeniedException',
      status: 400,
      times: 'always',
    });
    await declare('overlap_hours = 0\n    keepers = { deploy = "2" }', audit);
    const failed = await apply();
    expect(failed.code).toBe(1);
    expect(failed.said).toContain(`Error: Key ${old} of bucket uploads could not be deleted`);
    expect(failed.said).toContain('It stays valid for everyone who has its secret');
    expect(its.ids()).toEqual([old, its.delivered().accessKeyId]);

    its.emulator.faults.remove(refused.id);
    const plan = await its.plan();
    expect(plan.code).toBe(2);
    expect(plan.said).toContain(`Key ${old} of bucket uploads will be deleted`);
    expect(plan.said).not.toContain('no resource declares');
    await its.apply();
    expect(its.ids()).toEqual([its.delivered().accessKeyId]);
    expect((await its.plan()).code).toBe(0);
  });

  it('that is retired early is said to be Inactive, or to go whether it is in use or not', async () => {
    const { old } = await rotated('keepers = { deploy = "2" }');
    const [pair] = its.emulator.keys('uploads');
    if (pair) await useOnS3(its.emulator, 'uploads', pair);
    // Within a quarter of an hour of the provider's own trial it would be taken for that.
    its.emulator.age(HOUR);
    await declare('overlap_hours = 0\n    keepers = { deploy = "2" }');
    const atOnce = await its.plan();
    expect(atOnce.said).toContain(`Key ${old} of bucket uploads will be retired`);
    expect(atOnce.said).toMatch(
      /overlap_hours = 0 gives it no time .* It was used \S+ by \S+ in \S+: S3 will refuse/,
    );
    await declare('keepers = { deploy = "2" }');
    its.emulator.setStatus('uploads', old, 'Inactive');
    const inactive = await its.plan();
    expect(inactive.said).toContain('It is Inactive, so S3 refuses it already.');
    expect(inactive.said).not.toContain('It was not used');
  });

  it('whose state was lost is imported with the pair that lies at its destination, as the refusal says', async () => {
    const [id = ''] = its.ids();
    for (const name of ['terraform.tfstate', 'terraform.tfstate.backup'])
      rmSync(its.path(name), { force: true });
    const refused = await its.plan();
    expect(refused.code).toBe(1);
    expect(refused.said).toContain('or a run of this one whose state was not saved');
    expect(refused.said).toContain('-refresh=false');
    await its.terraform.succeeds('import', KEY, `uploads,${id}`);
    expect((await its.plan()).said).toContain(`already holds the pair of key ${id}`);
    await its.apply();
    expect(its.ids()).toEqual([id]);
    expect((await its.plan()).code).toBe(0);
  });

  it('for a destination that is not known yet still names at plan what is on the bucket', async () => {
    await its.terraform.succeeds('destroy', '-auto-approve');
    const place = 'resource "terraform_data" "place" {\n  input = "key.json"\n}';
    const unknown = 'secret {\n    file { path = terraform_data.place.output }\n  }';
    await its.declare(unknown, place);
    const first = its.emulator.makeStrangerKey('uploads').accessKeyId;
    expect((await its.plan()).said).toContain(`Bucket uploads already holds key ${first}`);
    const second = its.emulator.makeStrangerKey('uploads').accessKeyId;
    const full = await its.plan();
    expect(full.code).toBe(2);
    expect(full.said).toContain(
      `Bucket uploads has no room for another access key: it holds ${first} and ${second}`,
    );
    expect(full.said).toContain('unless the destination, which is not known yet, shows');
  });
});
