import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made: string[] = [];

// Registered by the import, so that a test or a hook may ask for a folder, too.
afterAll(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
});

/** A new folder, which is removed after the last test of the file. */
export function temporaryFolder(name: string): string {
  // realpath: macOS's temporary folder is a symbolic link, and messages name the real one.
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `${name}-`)));
  made.push(folder);
  return folder;
}
