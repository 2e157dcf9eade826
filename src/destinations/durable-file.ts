import { constants } from 'node:fs';
import { copyFile, link, open, rename, stat, unlink } from 'node:fs/promises';
import { readRegular, UnfitFile } from '../files/regular-file.js';
import { isCode } from './refused.js';

export { isCode } from './refused.js';

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
