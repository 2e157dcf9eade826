import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inTime, readRegular, readRegularSync, whyUnfit } from '../../../src/files/regular-file.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'files-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const READERS = [
  ['', readRegular],
  [
    ', at once',
    (path: string, largest?: number) => Promise.resolve().then(() => readRegularSync(path, largest)),
  ],
] as const;

describe.each(READERS)('A file that is read%s', (_, read) => {
  it('is read whole, up to its limit', async () => {
    const path = join(folder, 'file');
    for (const size of [0, 1, 4095, 4096, 5000]) {
      writeFileSync(path, 'ä'.repeat(size));
      expect(await read(path, 10_000)).toBe('ä'.repeat(size));
    }
    await expect(read(path, 9999)).rejects.toMatchObject({
      code: expect.stringContaining('larger') as string,
    });
  });

  it('is bounded too where the system tells no size', async () => {
    expect(await read('/proc/self/status')).toContain('Pid:');
    await expect(read('/proc/self/status', 8)).rejects.toMatchObject({
      code: expect.stringContaining('larger') as string,
    });
  });

  it('is no pipe, device, socket or folder; no file at all may be named as Unix has it', async () => {
    const [pipe, socket] = [join(folder, 'pipe'), join(folder, 'socket')];
    execFileSync('mkfifo', [pipe]);
    const server = createServer().listen(socket);
    for (const path of [pipe, '/dev/zero', folder]) {
      await expect(read(path)).rejects.toMatchObject({ code: 'not a regular file' });
    }
    await expect(read(socket)).rejects.toMatchObject({ code: 'ENXIO' });
    server.close();
    expect(await read('/dev/null')).toBe('');
    await expect(read(join(folder, 'missing'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

it('What somebody else would open is looked at before: a pipe is unfit, a folder or nothing is theirs to tell', async () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  mkdirSync(join(folder, 'more'));
  expect(await whyUnfit(pipe)).toBe('not a regular file');
  expect(await whyUnfit('/dev/zero')).toBe('not a regular file');
  for (const path of ['more', 'missing', 'pipe/within'])
    expect(await whyUnfit(join(folder, path))).toBeNull();
  expect(await whyUnfit('/dev/null')).toBeNull();
});

it('A file system that does not answer is not waited for', async () => {
  const never = new Promise<string>(() => undefined);
  await expect(inTime(() => never, 50)).rejects.toMatchObject({ code: 'no answer in 0.05 s' });
});
