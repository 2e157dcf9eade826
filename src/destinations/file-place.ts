import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** The one name of a file on this machine, however its path is written. Its folder may not be there yet. */
export function fileAt(path: string): string {
  const whole = resolve(path);
  return join(folderAt(dirname(whole)), basename(whole));
}

function folderAt(folder: string): string {
  try {
    return realpathSync.native(folder);
  } catch {
    const above = dirname(folder);
    return above === folder ? folder : join(folderAt(above), basename(folder));
  }
}
