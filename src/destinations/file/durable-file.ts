import { constants } from 'node:fs';
import { copyFile, link, open, rename, stat, unlink } from 'node:fs/promises';
import { isNativeError } from 'node:util/types';
import { readRegular, UnfitFile } from '../../files/regular-file.js';
import { DestinationError } from '../../lifecycle/destination.js';
import { ErrorWithRemedy } from '../../lifecycle/lifecycle-error.js';

/** A file that is there after a power cut, readable by its owner alone, and that did not exist before. */
export async function writeNewFile(path: string, content: string): Promise<void> {
  const { O_CREAT, O_EXCL, O_WRONLY, O_NOFOLLOW } = constants;
  const file = await open(path, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, 0o600);
  try {
    // The umask may only take bits away; a folder's default ACL may add some.
    await file.chmod(0o600);
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Null for anything but a regular file of that size at most; of a pipe or a device nobody waits for the end. */
export async function readRegularFile(path: string, largest: number): Promise<string | null> {
  try {
    return await readRegular(path, largest);
  } catch (error) {
    if (error instanceof UnfitFile && error.isOther) return null;
    throw error;
  }
}

/** A rename, link or removal lasts only once its folder is on the disk. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

export async function unlinkIfThere(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (!isCode(error, 'ENOENT', 'ENOTDIR')) throw error;
  }
}

/** Gives a file another name, the first that is free; one that has such a name already keeps it. */
export async function linkAside(path: string, prefix: string): Promise<void> {
  const { ino } = await stat(path);
  for (let number = 1; ; number++) {
    const name = `${prefix}${number}`;
    try {
      await link(path, name).catch((error: unknown) => {
        // Not every file system has hard links.
        if (!isCode(error, 'EPERM', 'ENOTSUP', 'EMLINK')) throw error;
        return copyFile(path, name, constants.COPYFILE_EXCL);
      });
      return;
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw error;
      if ((await stat(name)).ino === ino) return;
    }
  }
}

/** One step for whoever reads; without `replace` it fails with EEXIST where there is a file already. */
export async function moveOver(from: string, to: string, { replace }: { replace: boolean }): Promise<void> {
  if (replace) return rename(from, to);
  try {
    await link(from, to);
  } catch (error) {
    // Not every file system has hard links.
    if (!isCode(error, 'EPERM', 'ENOTSUP', 'EMLINK')) throw error;
    return rename(from, to);
  }
  await unlink(from);
}

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
