import type * as FsPromises from 'node:fs/promises';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DestinationError } from '../../../src/lifecycle/destination.js';
import { FileJournal } from '../../../src/destinations/file/journal.js';

let refusal: string;
jest.mock('node:fs/promises', () => ({
  ...jest.requireActual<typeof FsPromises>('node:fs/promises'),
  link: () => Promise.reject(Object.assign(new Error(refusal), { code: refusal })),
}));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function written(): Promise<unknown> {
  const journal = new FileJournal(join(folder, 'key.json'));
  const { revision } = await journal.read();
  return journal.write(null, revision).catch((error: unknown) => error);
}

test.each(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'])(
  'a file system that answers a link with %s is said to have none, and nothing is left there',
  async (code) => {
    refusal = code;
    const error = await written();
    expect(error).toBeInstanceOf(DestinationError);
    expect(error).toMatchObject({
      message: expect.stringMatching(/is on a file system without hard links/) as string,
      remedy: expect.stringMatching(/another file system/) as string,
    });
    expect(readdirSync(folder)).toEqual([]);
  },
);

test('another refusal is told as it is', async () => {
  refusal = 'ENOSPC';
  expect(await written()).toMatchObject({ message: expect.stringMatching(/disk that is full/) as string });
});
