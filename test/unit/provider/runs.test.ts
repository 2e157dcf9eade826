import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { ProcessRuns } from '../../../src/provider/runs.js';
import { temporaryFolder } from '../../support/temporary/folder.js';

const BOOT = '6f1ed002-ab5c-4a1c-9b1d-2f2c1a0f3c11';
const STARTED = '4711';

/** A /proc of which everything is as Linux has it, except what a test changes. */
interface Proc {
  readonly boot?: string | null;
  readonly namespaces?: Readonly<Record<string, string>>;
  readonly self?: string;
  readonly started?: string;
}

function procOf({
  boot = BOOT,
  namespaces = { pid: 'pid:[1]', mnt: 'mnt:[2]', time: 'time:[3]' },
  self = String(process.pid),
  started = STARTED,
}: Proc = {}): string {
  const proc = temporaryFolder('runs-');
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(proc, path)), { recursive: true });
    writeFileSync(join(proc, path), text);
  };
  if (boot !== null) write('sys/kernel/random/boot_id', `${boot}\n`);
  write(`${self}/stat`, `${self} (node (x)) S ${'0 '.repeat(18)}${started} 0`);
  mkdirSync(join(proc, self, 'ns'));
  for (const [name, link] of Object.entries(namespaces)) symlinkSync(link, join(proc, self, 'ns', name));
  symlinkSync(self, join(proc, 'self'));
  return proc;
}

function machineOf(proc: Proc = {}): string | null {
  return new ProcessRuns({ proc: procOf(proc) }).self.machine;
}

async function endedProcess(): Promise<number> {
  const child = spawn('true');
  await once(child, 'exit');
  return child.pid ?? 0;
}

const NOW = new Date('2026-01-01T00:00:00Z');

describe('The identity of a machine', () => {
  it('is its boot and the namespaces in which a process, its start and a path mean the same', () => {
    expect(machineOf()).toBe(`${BOOT} pid:[1] mnt:[2] time:[3]`);
    expect(machineOf({ namespaces: { pid: 'pid:[1]', mnt: 'mnt:[2]' } })).toBe(`${BOOT} pid:[1] mnt:[2]`);
  });

  it.each<[string, Proc]>([
    ['without a boot ID, as on macOS', { boot: null }],
    ['where it is masked by an empty file', { boot: '' }],
    ['where it is the same on all machines', { boot: '00000000-0000-0000-0000-000000000000' }],
    ['where it is something else', { boot: 'unknown' }],
    ['where /proc hides the namespace of process IDs', { namespaces: { mnt: 'mnt:[2]' } }],
    ['where /proc hides the namespace of mounts', { namespaces: { pid: 'pid:[1]' } }],
    ['where /proc shows the processes of another namespace', { self: '1000000001' }],
  ])('is unknown %s', (_, proc) => {
    expect(machineOf(proc)).toBeNull();
  });

  it('on this Linux is known, or it is none', () => {
    const { machine, host, pid } = new ProcessRuns().self;
    if (process.platform === 'linux' && machine !== null) expect(machine).toMatch(/^[\da-f-]{36} pid:/);
    expect([host, pid]).toEqual([hostname(), process.pid]);
  });
});

describe('A process that may be dead', () => {
  it('is dead where no process of this machine has its ID', async () => {
    const runs = new ProcessRuns({ proc: procOf() });
    expect(runs.isDead({ ...runs.self, pid: await endedProcess() })).toBe(true);
  });

  it('is dead where its ID is another process’s by now', () => {
    const runs = new ProcessRuns({ proc: procOf() });
    expect(runs.isDead({ ...runs.self, started: '4000' })).toBe(true);
  });

  it('is alive where its ID and start are those of a process', () => {
    const runs = new ProcessRuns({ proc: procOf() });
    expect(runs.isDead(runs.self)).toBe(false);
  });

  it('is not called dead where one of the two did not know when it started', () => {
    const runs = new ProcessRuns({ proc: procOf() });
    expect(runs.isDead({ ...runs.self, started: '' })).toBe(false);
  });

  it.each<[string, Proc]>([
    ['another boot', { boot: BOOT.replace('6', '7') }],
    [
      'another namespace of process IDs',
      { namespaces: { pid: 'pid:[9]', mnt: 'mnt:[2]', time: 'time:[3]' } },
    ],
    ['another namespace of mounts', { namespaces: { pid: 'pid:[1]', mnt: 'mnt:[9]', time: 'time:[3]' } }],
    ['another namespace of time', { namespaces: { pid: 'pid:[1]', mnt: 'mnt:[2]', time: 'time:[9]' } }],
  ])('is nobody’s to judge from %s, though the host has the same name', async (_, proc) => {
    const [here, there] = [new ProcessRuns({ proc: procOf() }), new ProcessRuns({ proc: procOf(proc) })];
    expect(here.isDead({ ...there.self, pid: await endedProcess() })).toBe(false);
  });

  it('is never called dead without an identity of the machine, not even by the same host', async () => {
    const runs = new ProcessRuns({ proc: procOf({ boot: null }) });
    expect(runs.isDead({ ...runs.self, pid: await endedProcess() })).toBe(false);
  });
});

describe('The place of a run', () => {
  const identityOf = (folder: string, env: Readonly<Record<string, string>> = {}) => {
    const { self } = new ProcessRuns({ folder, env });
    return [self.folder, self.workspace];
  };

  it('is the real path of the working folder, and the default workspace', () => {
    const folder = realpathSync(temporaryFolder('runs-'));
    symlinkSync(folder, join(folder, 'link'));
    expect(identityOf(join(folder, 'link'))).toEqual([folder, 'default']);
  });

  it('has the workspace that was selected, in the data folder that Terraform uses', () => {
    const folder = realpathSync(temporaryFolder('runs-'));
    mkdirSync(join(folder, '.terraform'));
    writeFileSync(join(folder, '.terraform/environment'), 'staging');
    mkdirSync(join(folder, 'data'));
    writeFileSync(join(folder, 'data/environment'), 'production');
    expect(identityOf(folder)[1]).toBe('staging');
    expect(identityOf(folder, { TF_DATA_DIR: 'data' })[1]).toBe('production');
    expect(identityOf(folder, { TF_DATA_DIR: join(folder, 'data') })[1]).toBe('production');
    expect(identityOf(folder, { TF_WORKSPACE: 'test' })[1]).toBe('test');
    expect(identityOf(folder, { TF_WORKSPACE: '', TF_DATA_DIR: '' })[1]).toBe('staging');
  });

  it('is unknown where the folder is gone', () => {
    expect(identityOf(join(temporaryFolder('runs-'), 'gone'))).toEqual([null, 'default']);
  });

  it('fits into a journal, and stays another one than its neighbours', () => {
    const parent = realpathSync(temporaryFolder('runs-'));
    const deep = ['a', 'b'].map((first) => join(parent, first.repeat(100), 'x'.repeat(200), 'end'));
    for (const folder of deep) mkdirSync(folder, { recursive: true });
    const [one, two] = deep.map((folder) => identityOf(folder)[0] ?? '');
    expect(Buffer.byteLength(one ?? '')).toBeLessThanOrEqual(200);
    expect(one).toMatch(/x\/end$/);
    expect(one).not.toBe(two);
  });
});

describe('A key whose answer Terraform has taken', () => {
  const KEY = 'AKIAIOSFODNN7EXAMPLE';

  function folderOf(env: Readonly<Record<string, string>> = {}) {
    const folder = temporaryFolder('runs-');
    mkdirSync(join(folder, env.TF_DATA_DIR ?? '.terraform'));
    return { folder, runs: () => new ProcessRuns({ folder, env }) };
  }

  it.each([{}, { TF_DATA_DIR: 'data' }])(
    'is known to the next run of the folder until it is forgotten (%j)',
    (env) => {
      const { folder, runs } = folderOf(env);
      expect(runs().wasTaken(KEY)).toBe(false);
      runs().noteTaken(KEY);
      runs().noteTaken('AKIAOTHER');
      expect(runs().wasTaken(KEY)).toBe(true);
      runs().forget(KEY);
      expect([runs().wasTaken(KEY), runs().wasTaken('AKIAOTHER')]).toEqual([false, true]);
      runs().forget('AKIAOTHER');
      expect(readdirSync(join(folder, env.TF_DATA_DIR ?? '.terraform', 'lightsail-access-key'))).toEqual([]);
    },
  );

  it('was left by nobody any more, unlike one that is still being made', () => {
    const { folder, runs } = folderOf();
    const purpose = { bucket: 'uploads', place: 'file' };
    runs().for(purpose).noteMade(KEY, NOW);
    expect([runs().wasLeft(KEY), runs().wasTaken(KEY)]).toEqual([true, false]);
    expect([
      folderOf().runs().wasLeft(KEY),
      new ProcessRuns({ folder, env: { TF_DATA_DIR: 'x' } }).wasLeft(KEY),
    ]).toEqual([false, false]);
    runs().noteTaken(KEY);
    expect([runs().wasLeft(KEY), runs().wasTaken(KEY)]).toEqual([false, true]);
    runs().for(purpose).noteMade(KEY, NOW);
    runs().forget(KEY);
    expect([runs().wasLeft(KEY), runs().wasTaken(KEY)]).toEqual([false, false]);
  });

  describe('as a later run of the folder reads it', () => {
    const purpose = { bucket: 'uploads', place: 'file' };
    const notesIn = (folder: string) => join(folder, '.terraform/lightsail-access-key');
    /** As if the process that has written it had ended. */
    const bury = (folder: string) => {
      for (const name of readdirSync(notesIn(folder))) {
        const path = join(notesIn(folder), name);
        const note = JSON.parse(readFileSync(path, 'utf8')) as object;
        writeFileSync(path, JSON.stringify({ ...note, pid: 2 ** 22 + 1 }));
      }
    };

    it('tells which key a dead process has made, and for what', () => {
      const { folder, runs } = folderOf();
      runs().for(purpose).noteMade(KEY, NOW);
      // This process lives.
      expect(runs().left()).toEqual([]);
      bury(folder);
      const [left] = runs().left();
      expect(left).toEqual({
        ...purpose,
        name: `${KEY}.made`,
        key: KEY,
        baseline: null,
        at: NOW,
      });
      if (left) runs().forgetLeft(left);
      expect([runs().left(), readdirSync(notesIn(folder))]).toEqual([[], []]);
    });

    it('tells beside which keys one was asked for, until there is an answer', () => {
      const { folder, runs } = folderOf();
      const work = runs().for(purpose);
      work.noteAsked(['AKIAOTHER'], NOW);
      bury(folder);
      expect(runs().left()).toMatchObject([{ bucket: 'uploads', key: null, baseline: ['AKIAOTHER'] }]);
      work.forgetAsked();
      expect(runs().left()).toEqual([]);
    });

    it('tells of a process of another boot, which nobody can ask', () => {
      const { folder, runs } = folderOf();
      runs().for(purpose).noteMade(KEY, NOW);
      const path = join(notesIn(folder), `${KEY}.made`);
      writeFileSync(path, readFileSync(path, 'utf8').replace(/"machine":[^,]*/, '"machine":"another"'));
      expect(runs().left()).toHaveLength(1);
    });

    it.each([
      '',
      '{}',
      '[]',
      'null',
      '{"bucket":"../x","place":"","at":"2026-01-01","baseline":null}',
      '{"bucket',
    ])('takes %j for no note', (text) => {
      const { folder, runs } = folderOf();
      mkdirSync(notesIn(folder));
      writeFileSync(join(notesIn(folder), `${KEY}.made`), text);
      writeFileSync(join(notesIn(folder), 'uploads.0f-1.asked'), text);
      writeFileSync(join(notesIn(folder), 'notes.txt'), text);
      expect(runs().left()).toEqual([]);
      expect(runs().wasLeft(KEY)).toBe(true);
    });
  });

  it('is known to nobody where Terraform has no folder of its own, and that is no error', () => {
    const folder = temporaryFolder('runs-');
    const runs = new ProcessRuns({ folder, env: {} });
    runs.noteTaken(KEY);
    runs.forget(KEY);
    expect([runs.wasTaken(KEY), readdirSync(folder)]).toEqual([false, []]);
  });

  it('is written through no link, and over nothing', () => {
    const { folder, runs } = folderOf();
    const [outside, place] = [join(folder, 'outside'), join(folder, '.terraform/lightsail-access-key')];
    writeFileSync(outside, 'content');
    mkdirSync(place);
    symlinkSync(outside, join(place, KEY));
    symlinkSync(join(folder, 'dangling'), join(place, 'AKIAOTHER'));
    runs().noteTaken(KEY);
    runs().noteTaken('AKIAOTHER');
    expect(readFileSync(outside, 'utf8')).toBe('content');
    expect(readdirSync(folder).sort()).toEqual(['.terraform', 'outside']);

    rmSync(place, { recursive: true });
    mkdirSync(join(folder, 'elsewhere'));
    symlinkSync(join(folder, 'elsewhere'), place);
    runs().noteTaken(KEY);
    expect(readdirSync(join(folder, 'elsewhere'))).toEqual([]);
  });

  it('is asked for by nothing but a key’s ID: a journal may have been written by somebody else', () => {
    const { folder, runs } = folderOf();
    writeFileSync(join(folder, 'main.tf'), '');
    for (const id of ['../../main.tf', '', '.', 'a/b']) {
      runs().noteTaken(id);
      expect(runs().wasTaken(id)).toBe(false);
      runs().forget(id);
    }
    expect(readdirSync(folder).sort()).toEqual(['.terraform', 'main.tf']);
  });
});
