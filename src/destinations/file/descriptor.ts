import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { AGE_RECIPIENTS, FORMAT } from '../descriptor.js';
import type { Descriptor } from '../descriptor.js';

const ARGUMENTS = {
  path: {
    type: 'text',
    isRequired: true,
    description: 'Path of the file; its folder has to exist.',
  },
  format: FORMAT,
  age_recipients: AGE_RECIPIENTS,
} as const;
export type FileArguments = typeof ARGUMENTS;

export const file: Descriptor<FileArguments> = {
  name: 'file',
  description: 'Into a file of mode 0600, written atomically.',
  arguments: ARGUMENTS,
  reading: { isPossible: true },
  resolve: ({ path }) => ({ path: fileAt(path) }),
  load: () => import('./store.js'),
};

/** The one name of a file on this machine, however its path is written. Its folder may not be there yet. */
function fileAt(path: string): string {
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
