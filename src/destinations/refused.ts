import { isNativeError } from 'node:util/types';
import { DestinationError } from '../lifecycle/destination.js';
import { ErrorWithRemedy } from '../lifecycle/lifecycle-error.js';

export function isCode(error: unknown, ...codes: string[]): boolean {
  return isNativeError(error) && codes.includes((error as NodeJS.ErrnoException).code ?? '');
}

/** The operating system's word, without what was being written. */
export function refused(error: unknown, path: string): ErrorWithRemedy {
  if (error instanceof ErrorWithRemedy) return error;
  const code = isNativeError(error) ? ((error as NodeJS.ErrnoException).code ?? error.name) : 'unknown';
  const said = REFUSALS[code];
  return said
    ? new DestinationError(`${path} ${said[0]} (${code}).`, said[1])
    : new DestinationError(
        `${path} cannot be used (${code}).`,
        'See that the path can be written by the user who runs Terraform.',
      );
}

const NOT_PERMITTED = [
  'is not permitted to this user',
  'Run Terraform as a user who may write there, or choose another path.',
] as const;

const REFUSALS: Readonly<Record<string, readonly [string, string]>> = {
  ENOENT: ['does not exist', 'Make the folder first: it is not made by this provider.'],
  ENOTDIR: ['is not in a folder', 'Give the path of a file in a folder that exists.'],
  EACCES: NOT_PERMITTED,
  EPERM: NOT_PERMITTED,
  EROFS: ['is on a read-only file system', 'Choose a path that can be written.'],
  ENOSPC: ['is on a disk that is full', 'Free some space.'],
  EDQUOT: ['is on a disk that is full for this user', 'Free some space.'],
  EISDIR: ['is a folder', 'Give the path of a file.'],
  ENAMETOOLONG: ['has too long a name', 'Choose a shorter one.'],
};
