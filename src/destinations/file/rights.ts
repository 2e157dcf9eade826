import { constants } from 'node:fs';
import type { Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { isCode } from './durable-file.js';

/** Its owner may read and write a pair, and its group read it: whoever else can is a leak or a forger. */
const SAFE = 0o640;
const OWNER_ALONE = 0o600;
const OWNER_READS = 0o400;

/**
 * Gives a file the owner, group and mode of the one whose place it is to take, so far as they are safe. Until then
 * its owner alone can read it. Answers in words what could not be kept; null for nothing.
 */
export async function keepRights(path: string, { uid, gid, mode: all }: Stats): Promise<string | null> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const before = all & 0o7777;
    const owned = await own(file, uid, gid);
    const mode = ((before & SAFE) | OWNER_READS) & (owned.group ? SAFE : OWNER_ALONE);
    await file.chmod(mode);
    const changes = [
      ...(owned.owner ? [] : [`its owner is user ${(await file.stat()).uid} now and was user ${uid}`]),
      ...(owned.group ? [] : [`its group is ${(await file.stat()).gid} now and was ${gid}`]),
      ...(mode === before ? [] : [`its mode is ${octal(mode)} now and was ${octal(before)}`]),
    ];
    return changes.length > 0 ? changes.join(', ') : null;
  } finally {
    await file.close();
  }
}

/** What of both it has in the end: only root gives files away, and to a group only its members do. */
async function own(file: FileHandle, uid: number, gid: number): Promise<{ owner: boolean; group: boolean }> {
  const now = await file.stat();
  if (await isGiven(file, now, uid, gid)) return { owner: true, group: true };
  const owner = now.uid === uid;
  return { owner, group: !owner && (await isGiven(file, now, now.uid, gid)) };
}

async function isGiven(file: FileHandle, now: Stats, uid: number, gid: number): Promise<boolean> {
  if (now.uid === uid && now.gid === gid) return true;
  try {
    await file.chown(uid, gid);
    return true;
  } catch (error) {
    // Also on file systems that know no owners, or not these.
    if (isCode(error, 'EPERM', 'EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS')) return false;
    throw error;
  }
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}
