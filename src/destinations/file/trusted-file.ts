import { constants } from 'node:fs';
import type { Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open, readFile, stat } from 'node:fs/promises';
import { boundedText, inTime, UnfitFile } from '../../files/regular-file.js';
import { damagedRecord, UntrustedRecord } from '../../lifecycle/journal/stored-record.js';
import type { RecordTitle } from '../../lifecycle/journal/stored-record.js';
import { isCode, refused } from './durable-file.js';

const GROUP_WRITES = 0o020;
const OTHERS_WRITE = 0o002;
const STICKY = 0o1000;
const ROOT = 0;

/** Throws {@link UntrustedRecord} where somebody else could put a file into the folder, or take one away. */
export async function assertOthersCannotWrite(folder: string): Promise<void> {
  const uid = ownUid();
  if (uid === null) return;
  const found = await stat(folder);
  const writers = await writersOf(found, uid);
  if (writers === null) return;
  const mode = (found.mode & 0o7777).toString(8).padStart(4, '0');
  throw new UntrustedRecord(
    `${writers} can write the folder ${folder} (mode ${mode}, owner ${found.uid}, group ${found.gid}). ` +
      `A writer of that folder may put a journal there that leads this provider to the wrong key.`,
    ...remedyFor(folder, found, uid),
  );
}

/** Null: nobody but this user, root, and who decides what runs here anyway. */
async function writersOf(found: Stats, uid: number): Promise<string | null> {
  if (found.mode & OTHERS_WRITE) return 'Every user of this machine';
  if (found.mode & GROUP_WRITES && !(await isPrivateGroup(found.gid, uid))) return `Group ${found.gid}`;
  // Whoever owns the working folder writes the configuration that runs here.
  const isTrusted = [uid, ROOT].includes(found.uid) || (await stat('.')).uid === found.uid;
  return isTrusted ? null : `User ${found.uid}`;
}

function remedyFor(folder: string, { mode, uid: owner }: Stats, uid: number): [string, string[]] {
  if (mode & STICKY || (owner !== uid && uid !== ROOT)) {
    return ['Choose a path in a folder that only you can write.', []];
  }
  const isOpen = (mode & (GROUP_WRITES | OTHERS_WRITE)) !== 0;
  const commands = [
    ...(isOpen ? [`chmod go-w ${quoted(folder)}`] : []),
    ...([uid, ROOT].includes(owner) ? [] : [`chown ${uid} ${quoted(folder)}`]),
  ];
  return [
    'Choose a path in a folder that only you can write. Or, if you have put all that is in it there yourself, close this one:',
    commands,
  ];
}

/**
 * The group that many Linux distributions make for each user, and under which their umask is 002: nobody else is in it.
 * By the machine's own files; where they do not know the group, nobody can tell.
 */
async function isPrivateGroup(gid: number, uid: number): Promise<boolean> {
  if (uid === ROOT) return false;
  const [users, groups] = await Promise.all(['/etc/passwd', '/etc/group'].map(recordsIn));
  const name = users?.find(([, , id]) => id === String(uid))?.[0];
  const group = groups?.find(([, , id]) => id === String(gid));
  if (name === undefined || group?.[0] !== name) return false;
  const members = group[3]?.split(',').filter((member) => member !== '') ?? [];
  const primaries = users?.filter(([, , , id]) => id === String(gid)) ?? [];
  return [...members, ...primaries.map(([user]) => user)].every((member) => member === name);
}

async function recordsIn(file: string): Promise<string[][]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.split('\n').map((line) => line.split(':'));
}

/**
 * The text of a record that only this user can have written, as its open descriptor tells; null where there is none.
 * Throws `UnreadableRecord` for anything else.
 */
export async function readOwnRecord(
  path: string,
  largest: number,
  about: RecordTitle,
): Promise<string | null> {
  try {
    return await inTime(() => readRecord(path, largest, about));
  } catch (error) {
    throw error instanceof UnfitFile ? damagedRecord(about, error.code) : error;
  }
}

async function readRecord(path: string, largest: number, about: RecordTitle): Promise<string | null> {
  const file = await openRecord(path, about);
  if (!file) return null;
  try {
    const found = await file.stat();
    if (!found.isFile()) throw damagedRecord(about, 'it is not a regular file');
    assertOwn(path, found);
    if (found.size > largest) throw damagedRecord(about, `it has ${found.size} bytes`);
    return await boundedText(file, largest);
  } finally {
    await file.close();
  }
}

async function openRecord(path: string, about: RecordTitle): Promise<FileHandle | null> {
  try {
    // Nothing waits for the other end of a pipe.
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (isCode(error, 'ENOENT', 'ENOTDIR')) return null;
    if (isCode(error, 'ELOOP', 'EMLINK')) throw damagedRecord(about, 'it is a link');
    throw refused(error, path);
  }
}

function assertOwn(path: string, { uid: owner, mode }: Stats): void {
  const uid = ownUid();
  const isOwn = uid === null || (owner === uid && (mode & (GROUP_WRITES | OTHERS_WRITE)) === 0);
  if (isOwn) return;
  const [why, command] =
    owner === uid
      ? ['can be written by others', `chmod 600 ${quoted(path)}`]
      : [`belongs to user ${owner}, and this run is user ${uid}`, `chown ${uid} ${quoted(path)}`];
  throw new UntrustedRecord(
    `The journal ${path} ${why}. Another user may have written it, to lead this provider to the wrong key.`,
    "Run Terraform as the user whose runs have written it. Or, if you are sure that it is this provider's work, make it yours:",
    [command],
  );
}

/** Null where there are no such users. */
function ownUid(): number | null {
  return process.platform === 'win32' ? null : (process.geteuid?.() ?? null);
}

/** As a shell takes it for one word. */
export function quoted(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
