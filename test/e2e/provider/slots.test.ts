import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Emulator } from '../../../src/emulator/index.js';
import { stack, toSaid } from '../../support/stack.js';
import type { Said } from '../../support/stack.js';
import { Terraform } from '../../support/terraform.js';

const TYPE = 'lightsail_bucket_access_key';
const DAY = 24 * 3_600_000;
const DUE = 'rotation {\n    after_days = 30\n  }';
const ASKED = 'rotation {\n    keepers = { is = "new" }\n  }';

/** A key of bucket `uploads` whose pair goes to a file of that name. */
function key(name: string, more = '', head = ''): string {
  return `resource "${TYPE}" "${name}" {
  ${head}
  bucket_name = "uploads"
  secret {
    file { path = "${name}.json" }
  }
  ${more}
}
`;
}

describe('The two slots of a bucket', () => {
  let emulator: Emulator;
  let terraform: Terraform;

  beforeAll(async () => {
    emulator = await Emulator.start();
    terraform = await Terraform.create({ env: emulator.env });
    await declare(key('one'));
    await terraform.succeeds('init');
  });
  afterAll(async () => {
    await terraform.cleanup();
    await emulator.close();
  });

  beforeEach(() => {
    emulator.createBucket('uploads');
    emulator.createBucket('archive');
  });
  afterEach(async () => {
    await declare();
    await terraform.succeeds('apply', '-auto-approve');
    expect(await terraform.succeeds('state', 'list')).toMatchObject({ stdout: '' });
    for (const bucket of emulator.buckets) {
      for (const { accessKeyId } of emulator.keys(bucket)) emulator.deleteKey(bucket, accessKeyId);
      emulator.deleteBucket(bucket);
    }
  });

  const declare = (...resources: readonly string[]) =>
    terraform.write('main.tf', stack({ more: resources.join('\n') }));
  const ids = () => emulator.keys('uploads').map(({ accessKeyId }) => accessKeyId);
  const keyOf = async (name: string) =>
    (await terraform.resource(`${TYPE}.${name}`))?.values.access_key_id as string;
  const run = async (...args: readonly string[]): Promise<Said> =>
    toSaid(await terraform.run(...args, '-no-color'));
  const plan = (...args: readonly string[]) => run('plan', '-detailed-exitcode', ...args);
  const apply = (...args: readonly string[]) => run('apply', '-auto-approve', ...args);

  /** All of these have their keys. */
  async function settled(...resources: readonly string[]): Promise<void> {
    await declare(...resources);
    await terraform.succeeds('apply', '-auto-approve');
  }

  it('take two of three new keys: the plan refuses the third, and names the others', async () => {
    await declare(key('one'), key('two'), key('three'));
    for (const outcome of [await plan(), await apply()]) {
      expect(outcome.code).toBe(1);
      const [, refused = '', first, second] =
        /no room for the key of file (\w+)\.json beside the new key of file (\w+)\.json and the new key of file (\w+)\.json/.exec(
          outcome.said,
        ) ?? [];
      expect([refused, first, second].sort()).toEqual(['one', 'three', 'two']);
      expect(outcome.said.match(/Error:/g)).toHaveLength(1);
    }
    expect(ids()).toEqual([]);
    await settled(key('one'), key('two'));
    expect(ids()).toHaveLength(2);
    expect((await plan()).code).toBe(0);
  });

  it('with two keys of this configuration leave none for a third, which is to have another bucket', async () => {
    await settled(key('one'), key('two'));
    const made = ids();
    await declare(key('one'), key('two'), key('three', `depends_on = [${TYPE}.one, ${TYPE}.two]`));
    for (const outcome of [await plan(), await plan('-refresh=false'), await apply()]) {
      expect(outcome.code).toBe(1);
      expect(outcome.said).toContain('a bucket of its own');
      expect(outcome.said).not.toContain('-replace');
    }
    // How many of the others were read before it is Terraform's choice.
    await declare(key('one'), key('two'), key('three'));
    for (const outcome of [await plan('-parallelism=1'), await plan('-refresh=false'), await apply()]) {
      expect(outcome.code).toBe(1);
      expect(outcome.said).toMatch(
        /a bucket of its own|If no state has \w+ and nothing uses it|one that no state has and no consumer uses/,
      );
      expect(outcome.said).not.toContain('-replace');
    }
    expect(ids()).toEqual(made);
  });

  it('take no three new keys whose destinations are known only at apply', async () => {
    const later = (name: string) =>
      key(name).replace(`"${name}.json"`, `"\${terraform_data.place.output}-${name}.json"`);
    const place = `resource "terraform_data" "place" {\n  input = timestamp()\n}\n`;
    await declare(place, later('one'), later('two'), later('three'));
    const { code, said } = await plan();
    expect(code).toBe(1);
    expect(said).toContain(
      'no room for the key of a destination that is known only at apply beside the new key of a destination',
    );
    expect(ids()).toEqual([]);
  });

  it('take two instances of one resource, and not three', async () => {
    const instances = (count: number) =>
      key('each', '', `count = ${count}`).replace('each.json', 'each${count.index}.json');
    await declare(instances(3));
    const refused = await plan();
    expect(refused.code).toBe(1);
    expect(refused.said).toMatch(/no room for the key of file each\d.json/);
    await settled(instances(2));
    expect(ids()).toHaveLength(2);
    expect((await plan()).code).toBe(0);
  });

  it('are of each bucket: keys of others do not count', async () => {
    const elsewhere = key('three').replace('"uploads"', '"archive"');
    await settled(key('one'), key('two'), elsewhere);
    expect(emulator.keys('archive')).toHaveLength(1);
  });

  it('of two keys that are both due leave none for a rotation: a warning, without a diff', async () => {
    await settled(key('one', DUE), key('two', DUE));
    const kept = ids();
    emulator.age(31 * DAY);
    const { code, said } = await plan();
    expect(code).toBe(0);
    expect(said).toMatch(/Key \w+ of bucket uploads should be replaced, and cannot be now/);
    expect(said).toContain('All of them are keys of this configuration: delete none by hand.');
    expect((await apply()).code).toBe(0);
    expect(ids()).toEqual(kept);
  });

  it('are too few for two keys with rotation, which the first plan warns of, and no later one', async () => {
    await declare(key('one', DUE), key('two', DUE));
    const { code, said } = await plan();
    expect(code).toBe(2);
    expect(said).toContain('Bucket uploads has no room for rotations');
    expect((await apply()).code).toBe(0);
    const later = await plan();
    expect(later.code).toBe(0);
    expect(later.said).not.toContain('Warning');
  });

  it('are too few for a rotation that is asked for and a new key: the plan refuses', async () => {
    await settled(key('one'));
    const old = await keyOf('one');
    await declare(key('one', ASKED), key('two'));
    const { code, said } = await plan();
    expect(code).toBe(1);
    expect(said).toMatch(
      new RegExp(
        `no room for the key of file (two.json beside key ${old} and its successor|one.json beside the new key of file two.json)`,
      ),
    );
    expect(said).toContain('bucket of its own');
    expect(ids()).toEqual([old]);
  });

  it('are too few for a rotation that is due and a new key: what plan announces is what apply does', async () => {
    await settled(key('one', DUE));
    const old = await keyOf('one');
    emulator.age(31 * DAY);
    await declare(key('one', DUE), key('two'));
    const { code, said } = await plan('-out=saved.plan');
    if (code === 1) {
      expect(said).toContain(`no room for the key of file two.json beside key ${old} and its successor`);
      expect(ids()).toEqual([old]);
    } else {
      expect(code).toBe(2);
      expect(said).toContain(`Key ${old} of bucket uploads should be replaced, and cannot be now`);
      expect(said).toContain('the new key of file two.json');
      expect((await run('apply', 'saved.plan')).code).toBe(0);
      expect(ids()).toEqual([old, await keyOf('two')]);
    }
  });

  it('are waited for by a rotation that is due while a stranger has the second one', async () => {
    await settled(key('one', DUE));
    const { accessKeyId } = emulator.makeStrangerKey('uploads');
    emulator.age(31 * DAY);
    const { code, said } = await plan();
    expect(code).toBe(0);
    expect(said).toContain(accessKeyId);
    expect((await apply()).code).toBe(0);
  });

  it('are both held in an overlap: a replacement that is created first is refused, and nobody is told to delete one', async () => {
    const first = 'lifecycle { create_before_destroy = true }';
    await settled(key('one', first));
    await settled(key('one', `${ASKED}\n${first}`));
    const kept = ids();
    expect(kept).toHaveLength(2);
    // Terraform shows no warning of a plan for a replacement, and does not say which of the two goes first.
    expect((await plan(`-replace=${TYPE}.one`)).code).toBe(2);
    const { code, said } = await apply(`-replace=${TYPE}.one`);
    expect(code).toBe(1);
    expect(said).toContain("All of them are this resource's own: delete none by hand.");
    expect(said).not.toContain('Delete the one');
    expect(ids()).toEqual(kept);
    // The resource has its two keys as before, and the replacement comes through once there is room.
    expect((await plan()).code).toBe(0);
    emulator.age(2 * DAY);
    expect((await apply()).code).toBe(0);
    expect(ids()).toEqual([kept[1]]);
    expect((await apply(`-replace=${TYPE}.one`)).code).toBe(0);
    expect(kept).not.toContain(ids()[0]);
    expect((await plan()).code).toBe(0);
  });

  it('are both held in an overlap: a replacement that is destroyed first has room', async () => {
    await settled(key('one'));
    await settled(key('one', ASKED));
    const kept = ids();
    expect((await apply(`-replace=${TYPE}.one`)).code).toBe(0);
    expect(ids()).toHaveLength(1);
    expect(kept).not.toContain(ids()[0]);
  });

  it('that a removal frees: the plan warns, and the removal applied first makes room', async () => {
    await settled(key('one'), key('two'));
    const gone = await keyOf('two');
    await declare(key('one'), key('three'));
    const { code, said } = await plan();
    expect(code).toBe(2);
    expect(said).toContain(`only after the deletion of key ${gone}`);
    expect(said).toContain('depends_on');
    expect((await apply(`-target=${TYPE}.two`)).code).toBe(0);
    expect((await apply()).code).toBe(0);
    expect(ids()).toEqual([await keyOf('one'), await keyOf('three')]);
    expect(existsSync(join(terraform.folder, 'two.json'))).toBe(false);
  });

  it('that a retirement frees: depends_on gives the new key its turn after it', async () => {
    await settled(key('one'));
    const rotated = key('one', 'rotation {\n    keepers = { is = "new" }\n    overlap_hours = 1\n  }');
    const old = await keyOf('one');
    await settled(rotated);
    emulator.age(DAY);
    await declare(rotated, key('two', `depends_on = [${TYPE}.one]`));
    const { code, said } = await plan();
    expect(code).toBe(2);
    expect(said).toContain(`only after the deletion of key ${old}`);
    expect((await apply()).code).toBe(0);
    expect(ids()).toEqual([await keyOf('one'), await keyOf('two')]);
  });

  it.each([1, 10])(
    'are free for a replacement beside a key that stays (-parallelism=%s)',
    async (parallelism) => {
      await settled(key('one'), key('two'));
      const kept = await keyOf('one');
      const args = [`-replace=${TYPE}.two`, `-parallelism=${parallelism}`];
      const { code, said } = await plan(...args);
      expect(code).toBe(2);
      expect(said).not.toContain('Warning');
      expect((await apply(...args)).code).toBe(0);
      expect(ids()).toContain(kept);
      expect(ids()).toHaveLength(2);
    },
  );

  it('are taken by what -target leaves out', async () => {
    await settled(key('one'), key('two'));
    await declare(key('one'), key('three'));
    const { code, said } = await plan(`-target=${TYPE}.three`);
    expect(code).toBe(1);
    expect(said).toContain('Bucket uploads has no room for another access key');
  });

  it('stop no destroy of everything', async () => {
    await settled(key('one', DUE), key('two', DUE));
    emulator.age(31 * DAY);
    expect((await run('destroy', '-auto-approve')).code).toBe(0);
    expect(ids()).toEqual([]);
  });

  it.each([['imported', (id: string) => `import {\n  to = ${TYPE}.one\n  id = "uploads,${id}"\n}`]])(
    'while the second one is taken, a key that is %s is a pending change, and others are applied',
    async (_, how) => {
      const [own, stranger] = [emulator.makeStrangerKey('uploads'), emulator.makeStrangerKey('uploads')];
      const other = key('two').replace('"uploads"', '"archive"');
      await declare(key('one'), other, how(own.accessKeyId));
      expect((await plan()).code).toBe(2);
      const { code, said } = await apply();
      expect(code).toBe(1);
      expect(said).toContain(`--access-key-id ${stranger.accessKeyId}`);
      expect(said.match(/Error:/g)).toHaveLength(1);
      expect(existsSync(join(terraform.folder, 'two.json'))).toBe(true);
      expect(ids()).toEqual([own.accessKeyId, stranger.accessKeyId]);
      expect((await plan()).code).toBe(2);
      emulator.deleteKey('uploads', stranger.accessKeyId);
      expect((await apply()).code).toBe(0);
      expect((await plan()).code).toBe(0);
    },
  );
});
