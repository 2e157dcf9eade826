import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KeyStack } from '../../support/key-stack.js';
import { stack } from '../../support/stack.js';

const OTHER = 'resource "terraform_data" "other" {\n  input = "made"\n}';
const asRoot = process.geteuid?.() === 0 ? it : it.skip;

describe('Where what an earlier run wrote down cannot be relied on', () => {
  let its: KeyStack;

  beforeEach(async () => {
    its = await KeyStack.start();
    mkdirSync(its.path('keys'), { mode: 0o755 });
    await declare();
    await its.terraform.succeeds('init');
  });
  afterEach(() => its.end());

  const declare = (keepers = 'first', more = '') =>
    its.declare(
      `secret {\n    file { path = "keys/key.json" }\n  }\n  rotation {\n    keepers = { is = "${keepers}" }\n  }`,
      more,
    );
  const files = () => readdirSync(its.path('keys')).sort();
  const journal = () => join(its.path('keys'), files().find((name) => name.includes('-journal-')) ?? '');

  const HARMS: readonly [string, () => void, string, () => void][] = [
    [
      'an empty object in the place of the journal',
      () => {
        writeFileSync(journal(), '{}');
      },
      'is damaged: it has no version',
      () => {
        rmSync(journal());
      },
    ],
    [
      'a journal that was cut off',
      () => {
        writeFileSync(journal(), '{"version":1,"phase":"conf');
      },
      'is damaged: it is not JSON',
      () => {
        rmSync(journal());
      },
    ],
    [
      'a folder that everybody can write',
      () => {
        chmodSync(its.path('keys'), 0o777);
      },
      'Every user of this machine can write the folder',
      () => {
        chmodSync(its.path('keys'), 0o755);
      },
    ],
  ];

  const REMOVALS: readonly [string, string[]][] = [
    ['destroyed without a refresh', ['destroy', '-auto-approve', '-refresh=false']],
    ['destroyed', ['destroy', '-auto-approve']],
    ['taken out of the configuration', ['apply', '-auto-approve']],
  ];

  describe.each(HARMS)('%s', (_, harm, words, mend) => {
    let id: string;
    beforeEach(async () => {
      await its.apply();
      [id = ''] = its.ids();
      harm();
    });

    it('is a warning for a living key that stands in nobody’s way, and an error for what changes it', async () => {
      await declare('first', OTHER);
      const unchanged = await its.run('apply', '-auto-approve');
      expect(unchanged).toMatchObject({ code: 0 });
      expect(unchanged.said).toContain(
        `The journal of file keys/key.json, where key ${id} of bucket uploads was sent, cannot be relied on`,
      );
      expect(unchanged.said).toContain(words);
      expect(unchanged.said).toContain('1 added, 0 changed, 0 destroyed');
      expect(unchanged.said).not.toContain('did not write');

      await declare('second', OTHER);
      const changed = await its.plan();
      expect(changed.code).toBe(1);
      expect(changed.said).toContain('cannot be relied on, so no key of bucket uploads can go there');
      expect(changed.said).toContain('gets past it with -refresh=false');
      expect(its.ids()).toEqual([id]);

      mend();
      expect((await its.run('apply', '-auto-approve')).code).toBe(0);
      expect(its.ids()).toHaveLength(2);
      expect(its.delivered('keys/key.json').accessKeyId).toBe(its.ids()[1]);
      expect((await its.plan()).code).toBe(0);
    });

    it.each(words.endsWith('version') ? REMOVALS : REMOVALS.slice(0, 1))(
      'does not stop a key from being %s, which names what it cannot know',
      async (how, command) => {
        if (!how.startsWith('destroyed')) await its.terraform.write('main.tf', stack({}));
        const { code, said } = await its.run(...command);
        expect(said).toContain(
          `Key ${id} of bucket uploads is deleted, and the journal of file keys/key.json is left as it is`,
        );
        expect(said).toContain(words);
        expect(said).toContain('aws lightsail get-bucket-access-keys --region');
        expect(code).toBe(0);
        expect(its.ids()).toEqual([]);
        expect(files()).toEqual([expect.stringContaining('-journal-')]);
      },
    );
  });

  it('stops a destroy whose plan meets a change, and -refresh=false passes it as that says', async () => {
    await its.apply();
    writeFileSync(journal(), '{}');
    await declare('second');
    const { code, said } = await its.run('destroy', '-auto-approve');
    expect(code).toBe(1);
    expect(said).toContain('A destroy that this stops gets past it with -refresh=false.');
    expect((await its.run('destroy', '-auto-approve', '-refresh=false')).code).toBe(0);
    expect(its.ids()).toEqual([]);
  });

  asRoot('a journal that another user has planted deletes no key of any bucket', async () => {
    its.emulator.createBucket('theirs');
    const { accessKeyId } = its.emulator.makeStrangerKey('theirs');
    const entry = {
      version: 1,
      package: '0.1.0',
      phase: 'intent',
      nonce: 'n',
      bucket: 'theirs',
      baseline: [],
      holder: { machine: 'm', pid: 1, started: 's', host: 'h', folder: '/f', workspace: 'default' },
      begunAt: '2020-01-01T00:00:00Z',
      expiresAt: '2020-01-01T00:05:00Z',
      made: accessKeyId,
      withdrawn: true,
    };
    const planted = join(its.path('keys'), '.key.json.lightsail-journal-1');
    writeFileSync(planted, JSON.stringify(entry), { mode: 0o600 });
    chownSync(planted, 65534, 65534);
    const { code, said } = await its.run('apply', '-auto-approve');
    expect(code).toBe(1);
    expect(said).toContain('belongs to user 65534, and this run is user 0');
    chmodSync(its.path('keys'), 0o1777);
    expect((await its.run('apply', '-auto-approve')).code).toBe(1);

    // Written by this very user it is believed, and no more than that a run was at work on that bucket.
    chmodSync(its.path('keys'), 0o755);
    chownSync(planted, 0, 0);
    const believed = await its.run('apply', '-auto-approve');
    expect(believed.code).toBe(0);
    expect(believed.said).toContain(`Key ${accessKeyId} on bucket theirs was left alone`);
    expect(its.emulator.keys('theirs')).toMatchObject([{ accessKeyId }]);
    expect(its.ids()).toHaveLength(1);
  });

  it('damaged private data are a warning for a living key, an error for a change, and pass at a destroy', async () => {
    await its.apply();
    const [id = ''] = its.ids();
    const { stdout } = await its.terraform.succeeds('state', 'pull');
    const state = JSON.parse(stdout) as {
      serial: number;
      resources: { instances: { private?: string }[] }[];
    };
    for (const { instances } of state.resources) {
      for (const instance of instances) instance.private = Buffer.from('{"hush').toString('base64');
    }
    state.serial += 1;
    await its.terraform.write('damaged.tfstate', JSON.stringify(state));
    await its.terraform.succeeds('state', 'push', 'damaged.tfstate');

    await declare('first', OTHER);
    const unchanged = await its.run('apply', '-auto-approve');
    expect(unchanged.said).toContain(
      `What this resource remembers of key ${id} of bucket uploads cannot be read`,
    );
    expect(unchanged.code).toBe(0);
    expect(existsSync(its.path('keys/key.json'))).toBe(true);

    await declare('second', OTHER);
    const changed = await its.plan();
    expect(changed.code).toBe(1);
    expect(changed.said).toContain('gets past it with -refresh=false');
    expect(its.ids()).toEqual([id]);

    const destroyed = await its.run('destroy', '-auto-approve', '-refresh=false');
    expect(destroyed.code).toBe(0);
    expect(destroyed.said).toContain(
      `Key ${id} of bucket uploads is deleted without what its resource remembers of it`,
    );
    expect(its.ids()).toEqual([]);
    expect(files()).toEqual([]);
  });
});
