import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  mkdirSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromIni, fromProcess } from '@aws-sdk/credential-providers';
import { FileDestination } from '../../../src/destinations/file/store.js';
import { FORMATS } from '../../../src/contract/limits.js';
import type { Format } from '../../../src/destinations/format.js';
import { keepsTheContract, newPair } from './contract.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'destination-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const path = () => join(folder, 'key.json');
const open = (format: Format = 'sdk') => new FileDestination(path(), format);

describe.each(FORMATS)('in the format %s', (format) => {
  keepsTheContract('A file', () =>
    Promise.resolve({
      open: () => open(format),
      consumed: () => {
        const text = existsSync(path()) ? readFileSync(path(), 'utf8') : null;
        return Promise.resolve(text && (/(secret\/of[^"\s]+)/.exec(text)?.[1] ?? null));
      },
      putForeign: () => {
        writeFileSync(path(), 'not=ours\n');
        return Promise.resolve();
      },
      vanish: () => {
        rmSync(folder, { recursive: true });
        return Promise.resolve();
      },
      cleanUp: () => {
        rmSync(folder, { recursive: true, force: true });
        mkdirSync(folder);
        return Promise.resolve();
      },
    }),
  );

  it('leaves nothing behind, and a pair of another format is not taken for one of this', async () => {
    const pair = newPair();
    await open(format).stage(pair);
    for (const other of FORMATS) {
      const secret = await open(other).staged(pair.accessKeyId);
      expect(secret?.reveal() ?? null).toBe(other === format ? pair.secretAccessKey.reveal() : null);
    }
    await open(format).promote(pair.accessKeyId);
    await open(format).remove(pair.accessKeyId);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('does not take a pending file that was cut off anywhere for a pair', async () => {
    const pair = newPair();
    await open(format).stage(pair);
    const pending = join(folder, readdirSync(folder)[0] ?? '');
    for (let size = statSync(pending).size - 1; size >= 0; size--) {
      truncateSync(pending, size);
      expect(await open(format).staged(pair.accessKeyId)).toBeNull();
    }
    expect((await open(format).read()).current).toBeNull();
  });

  it.each([0, 0o022, 0o777])('is for its owner alone under the umask %i', async (mask) => {
    const before = process.umask(mask);
    try {
      const pair = newPair();
      await open(format).stage(pair);
      expect(readdirSync(folder).map((name) => statSync(join(folder, name)).mode & 0o777)).toEqual([0o600]);
      await open(format).promote(pair.accessKeyId);
      expect(statSync(path()).mode & 0o777).toBe(0o600);
    } finally {
      process.umask(before);
    }
  });
});

describe('What consumes a file reads the pair back', () => {
  const pair = newPair();
  const expected = { accessKeyId: pair.accessKeyId, secretAccessKey: pair.secretAccessKey.reveal() };
  async function delivered(format: Format): Promise<void> {
    await open(format).stage(pair);
    await open(format).promote(pair.accessKeyId);
  }

  it('sdk: as the configuration of a client', async () => {
    await delivered('sdk');
    expect(JSON.parse(readFileSync(path(), 'utf8'))).toMatchObject({ ...expected, bucketName: 'uploads' });
  });

  it('ini: as the shared credentials file', async () => {
    await delivered('ini');
    expect(await fromIni({ filepath: path(), configFilepath: join(folder, 'none') })()).toMatchObject(
      expected,
    );
  });

  it('credential_process: as what the process prints', async () => {
    await delivered('credential_process');
    writeFileSync(join(folder, 'config'), `[profile p]\ncredential_process = cat ${path()}\n`);
    const credentials = fromProcess({
      profile: 'p',
      configFilepath: join(folder, 'config'),
      filepath: join(folder, 'none'),
    });
    expect(await credentials()).toMatchObject(expected);
  });

  it('env: in a shell, and where Node itself reads it', async () => {
    await delivered('env');
    const print =
      'console.log(JSON.stringify([process.env.AWS_ACCESS_KEY_ID, process.env.AWS_SECRET_ACCESS_KEY]))';
    const sourced = spawnSync('sh', ['-c', `set -a; . "${path()}"; "${process.execPath}" -e '${print}'`]);
    const read = spawnSync(process.execPath, [`--env-file=${path()}`, '-e', print], { env: {} });
    for (const { stdout } of [sourced, read])
      expect(JSON.parse(stdout.toString())).toEqual(Object.values(expected));
  });
});

describe('A path that cannot be', () => {
  it.each<[string, () => string, string]>([
    ['in a folder that is missing', () => join(folder, 'none/key.json'), 'does not exist'],
    ['through a regular file', () => join(folder, 'file/key.json'), 'is not a folder'],
    ['of a folder', () => join(folder, 'sub'), 'is not a regular file'],
    ['of a link', () => join(folder, 'link'), 'is not a regular file'],
    ['whose name is too long', () => join(folder, 'k'.repeat(230)), 'has too long a name'],
  ])('%s is refused with a remedy, before anything is written', async (_name, pathOf, words) => {
    writeFileSync(join(folder, 'file'), '');
    mkdirSync(join(folder, 'sub'));
    symlinkSync('file', join(folder, 'link'));
    const destination = new FileDestination(pathOf(), 'sdk');
    const refusal: unknown = await destination.check().catch((error: unknown) => error);
    expect(String(refusal)).toMatch(new RegExp(words));
    expect(refusal).toHaveProperty('remedy');
  });
});

it('a journal that is damaged is named, with what to do', async () => {
  writeFileSync(join(folder, '.key.json.lightsail-journal-3'), '{"phase"');
  await expect(open().journal.read()).rejects.toThrow('.key.json.lightsail-journal-3');
  await expect(open().journal.read()).rejects.toHaveProperty('remedy');
});

it('a consumer that reads all the time never meets half of a pair', async () => {
  chmodSync(folder, 0o700);
  const secrets = new Set<string>();
  const state: { running: boolean } = { running: true };
  const reader = (async () => {
    while (state.running) {
      if (existsSync(path()))
        secrets.add(
          (JSON.parse(readFileSync(path(), 'utf8')) as { secretAccessKey: string }).secretAccessKey,
        );
      await new Promise(setImmediate);
    }
  })();
  const pairs = Array.from({ length: 20 }, newPair);
  for (const pair of pairs) {
    await open().stage(pair);
    await open().promote(pair.accessKeyId);
  }
  state.running = false;
  await reader;
  for (const secret of secrets) expect(pairs.map((pair) => pair.secretAccessKey.reveal())).toContain(secret);
});
