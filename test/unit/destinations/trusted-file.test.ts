import type * as FsPromises from 'node:fs/promises';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileDestination } from '../../../src/destinations/file/store.js';
import { FileJournal } from '../../../src/destinations/file/journal.js';
import { quoted } from '../../../src/destinations/file/trusted-file.js';
import { toStoredEntry } from '../../../src/lifecycle/journal/record.js';
import type { Mark } from '../../../src/lifecycle/journal/entry.js';
import { UnreadableRecord, UntrustedRecord } from '../../../src/lifecycle/journal/stored-record.js';
import { newPair } from './contract.js';

/** What the machine says of its users and groups; null: as it is. */
const machine: { passwd: string | null; group: string | null } = { passwd: null, group: null };
jest.mock('node:fs/promises', () => {
  const actual = jest.requireActual<typeof FsPromises>('node:fs/promises');
  return {
    ...actual,
    readFile: (path: string, encoding: 'utf8') => {
      const played = { '/etc/passwd': machine.passwd, '/etc/group': machine.group }[path] ?? null;
      return played === null ? actual.readFile(path, encoding) : Promise.resolve(played);
    },
  };
});

const STRANGER = 65534;
const ALICE = 1000;
const isRoot = process.geteuid?.() === 0;
const asRoot = isRoot ? test : test.skip;

let scratch: string;
let folder: string;
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'trusted-'));
  folder = join(scratch, 'keys');
  mkdirSync(folder, { mode: 0o755 });
});
afterEach(() => {
  jest.restoreAllMocks();
  Object.assign(machine, { passwd: null, group: null });
  rmSync(scratch, { recursive: true, force: true });
});

const MARK: Mark = {
  phase: 'confirmed',
  bucket: 'uploads',
  accessKeyId: 'AKIAONE',
  holder: { machine: 'm', pid: 1, started: 's', host: 'h', folder: '/stack', workspace: 'default' },
  at: '2026-01-01T00:00:00Z',
  expiresAt: '2026-01-01T00:00:00Z',
};
const journalPath = () => join(folder, '.key.json.lightsail-journal-1');
const journal = () => new FileJournal(join(folder, 'key.json'));
const read = () => journal().read();
const refusal = () =>
  read().then(
    () => null,
    (error: unknown) => error as UnreadableRecord,
  );

function plant(mode = 0o600): void {
  writeFileSync(journalPath(), JSON.stringify(toStoredEntry(MARK)));
  chmodSync(journalPath(), mode);
}

describe('A journal in a folder that others can write', () => {
  test.each([
    ['everybody', 0o777, 'Every user of this machine can write the folder'],
    ['everybody, each for himself', 0o1777, 'Every user of this machine can write the folder'],
    ['everybody, without looking', 0o733, 'Every user of this machine can write the folder'],
    ['a group', 0o775, /^Group \d+ can write the folder/],
  ])('is refused by name, whether it is there or not: %s', async (_, mode, words) => {
    chmodSync(folder, mode);
    for (const isThere of [false, true]) {
      if (isThere) plant();
      const error = await refusal();
      expect(error).toBeInstanceOf(UntrustedRecord);
      expect(error?.message).toMatch(words);
      expect(error?.message).toContain(folder);
    }
  });

  test('is not written either, and nothing is left there', async () => {
    chmodSync(folder, 0o777);
    await expect(journal().write(MARK, '0')).rejects.toBeInstanceOf(UntrustedRecord);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('is told how to go on: to close the folder, or with the sticky bit another one', async () => {
    chmodSync(folder, 0o777);
    expect(await refusal()).toMatchObject({ commands: [`chmod go-w ${folder}`] });
    execFileSync('chmod', ['go-w', folder]);
    expect(await read()).toEqual({ entry: null, revision: '0' });
    chmodSync(folder, 0o1777);
    expect(await refusal()).toMatchObject({
      commands: [],
      remedy: 'Choose a path in a folder that only you can write.',
    });
  });

  test('is refused behind a link, too, and one in a folder that only its user can write is not', async () => {
    const link = join(scratch, 'link');
    symlinkSync(folder, link);
    const behind = new FileJournal(join(link, 'key.json'));
    expect((await behind.write(MARK, '0'))?.entry).toEqual(MARK);
    expect((await behind.read()).entry).toEqual(MARK);
    chmodSync(folder, 0o777);
    await expect(behind.read()).rejects.toBeInstanceOf(UntrustedRecord);
  });

  asRoot(
    'is refused where the folder is another user’s, unless the working folder is his as well',
    async () => {
      chownSync(folder, STRANGER, STRANGER);
      expect(await refusal()).toMatchObject({
        message: expect.stringContaining(`User ${STRANGER} can write the folder`) as string,
        commands: [`chown 0 ${folder}`],
      });
      const before = process.cwd();
      try {
        process.chdir(folder);
        expect(await read()).toEqual({ entry: null, revision: '0' });
        plant();
        chownSync(journalPath(), STRANGER, STRANGER);
        expect(await refusal()).toBeInstanceOf(UntrustedRecord);
      } finally {
        process.chdir(before);
      }
    },
  );
});

describe('A folder that a group can write', () => {
  const asAlice = ({ passwd = '', group = '' } = {}) => {
    machine.passwd = `root:x:0:0::/root:/bin/sh\nalice:x:${ALICE}:${ALICE}::/home/alice:/bin/sh\n${passwd}`;
    machine.group = `root:x:0:\nalice:x:${ALICE}:${group}\nstaff:x:50:alice,bob\n`;
    jest.spyOn(process, 'geteuid').mockReturnValue(ALICE);
    chmodSync(folder, 0o775);
    chownSync(folder, ALICE, ALICE);
  };

  asRoot('is its user’s alone where the group has nobody else, as under a umask of 002', async () => {
    asAlice();
    expect(await read()).toEqual({ entry: null, revision: '0' });
    asAlice({ group: 'alice' });
    expect(await read()).toEqual({ entry: null, revision: '0' });
  });

  asRoot.each([
    ['another member', { group: 'bob' }],
    ['another user whose own group it is', { passwd: `bob:x:1001:${ALICE}::/home/bob:/bin/sh\n` }],
  ])('is refused where the group has %s', async (_, given) => {
    asAlice(given);
    expect(await refusal()).toMatchObject({
      message: expect.stringContaining(`Group ${ALICE} can write the folder`) as string,
      commands: [`chmod go-w ${folder}`],
    });
  });

  asRoot('is refused where the group is another one, or one that the machine does not know', async () => {
    asAlice();
    chownSync(folder, ALICE, 50);
    expect(await refusal()).toBeInstanceOf(UntrustedRecord);
    machine.group = 'root:x:0:\n';
    chownSync(folder, ALICE, ALICE);
    expect(await refusal()).toBeInstanceOf(UntrustedRecord);
  });
});

describe('A journal that somebody else may have written is refused by name', () => {
  test.each([0o606, 0o660, 0o666, 0o622])('with the mode %o', async (mode) => {
    plant(mode);
    const error = await refusal();
    expect(error).toBeInstanceOf(UntrustedRecord);
    expect(error?.message).toContain(`The journal ${journalPath()} can be written by others.`);
    expect(error?.commands).toEqual([`chmod 600 ${journalPath()}`]);
  });

  asRoot('of another user', async () => {
    plant();
    chownSync(journalPath(), STRANGER, STRANGER);
    const error = await refusal();
    expect(error).toBeInstanceOf(UntrustedRecord);
    expect(error?.message).toContain(`belongs to user ${STRANGER}, and this run is user 0`);
    expect(error?.commands).toEqual([`chown 0 ${journalPath()}`]);
  });

  test('its user’s own, which nobody else can write, is read', async () => {
    plant();
    expect((await read()).entry).toEqual(MARK);
  });
});

describe('What lies at the journal’s place and is none', () => {
  test.each<[string, () => void, RegExp]>([
    [
      'an empty object',
      () => {
        writeFileSync(journalPath(), '{}', { mode: 0o600 });
      },
      /it has no version/,
    ],
    [
      'a list',
      () => {
        writeFileSync(journalPath(), '[]', { mode: 0o600 });
      },
      /it is not an object/,
    ],
    [
      'a text',
      () => {
        writeFileSync(journalPath(), '"x"', { mode: 0o600 });
      },
      /it is not an object/,
    ],
    [
      'nothing',
      () => {
        writeFileSync(journalPath(), '', { mode: 0o600 });
      },
      /it is not JSON/,
    ],
    [
      'half of one',
      () => {
        writeFileSync(journalPath(), '{"phase":', { mode: 0o600 });
      },
      /it is not JSON/,
    ],
    [
      'bytes',
      () => {
        writeFileSync(journalPath(), Buffer.alloc(64, 0xff), { mode: 0o600 });
      },
      /it is not JSON/,
    ],
    [
      'too much',
      () => {
        writeFileSync(journalPath(), ' '.repeat(100_000), { mode: 0o600 });
      },
      /it has 100000 bytes/,
    ],
    [
      'a folder',
      () => {
        mkdirSync(journalPath());
      },
      /it is not a regular file/,
    ],
    [
      'a link',
      () => {
        symlinkSync('/dev/zero', journalPath());
      },
      /it is a link/,
    ],
    [
      'a link to nothing',
      () => {
        symlinkSync('nowhere', journalPath());
      },
      /it is a link/,
    ],
    ['a pipe', () => execFileSync('mkfifo', ['-m', '600', journalPath()]), /it is not a regular file/],
  ])('is damaged, and told by its path with what to do: %s', async (_, put, words) => {
    put();
    const error = await refusal();
    expect(error).toBeInstanceOf(UnreadableRecord);
    expect(error).not.toBeInstanceOf(UntrustedRecord);
    expect(error?.message).toMatch(words);
    expect(error).toMatchObject({
      message: expect.stringContaining(`The journal ${journalPath()} is damaged: `) as string,
      commands: [`rm ${journalPath()}`],
    });
  });

  test('a number that no run ever reached is no journal', async () => {
    writeFileSync(join(folder, '.key.json.lightsail-journal-99999999999999999999'), '{}');
    expect(await read()).toEqual({ entry: null, revision: '0' });
  });
});

describe('The removal of a pair beside a journal that cannot be relied on', () => {
  test.each<[string, () => void]>([
    [
      'damaged',
      () => {
        writeFileSync(journalPath(), '{}', { mode: 0o600 });
      },
    ],
    [
      'in a folder that others can write',
      () => {
        plant();
        chmodSync(folder, 0o777);
      },
    ],
  ])('takes the pair away, and leaves the journal: %s', async (_, harm) => {
    const destination = new FileDestination(join(folder, 'key.json'), 'sdk');
    const pair = newPair();
    await destination.stage(pair);
    await destination.promote(pair.accessKeyId);
    harm();
    expect(await destination.remove(pair.accessKeyId)).toBe('removed');
    expect(readdirSync(folder)).toEqual(['.key.json.lightsail-journal-1']);
  });
});

test.each<[string, () => void]>([
  ['a pipe', () => execFileSync('mkfifo', [join(folder, 'key.json')])],
  [
    'an endless device',
    () => {
      symlinkSync('/dev/zero', join(folder, 'key.json'));
    },
  ],
  [
    'a folder',
    () => {
      mkdirSync(join(folder, 'key.json'));
    },
  ],
])('%s in the place of the pair is another value, and nobody waits for its end', async (_, put) => {
  put();
  const destination = new FileDestination(join(folder, 'key.json'), 'sdk');
  expect(await destination.read()).toEqual({ current: { accessKeyId: null } });
  expect(existsSync(join(folder, 'key.json'))).toBe(true);
});

test('a path is one word for a shell', () => {
  expect(quoted('/srv/keys/a.json')).toBe('/srv/keys/a.json');
  expect(quoted("/srv/my keys/it's")).toBe("'/srv/my keys/it'\\''s'");
});
