import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

/** Many times of what any file takes that is read here. */
const LARGEST = 1024 * 1024;
/** For certificates: some systems have all their authorities in one file. */
export const LARGEST_BUNDLE = 16 * 1024 * 1024;
/** A file system that does not answer in this time is one that hangs. */
const TIME_LIMIT = 10_000;
/** Whoever means no file at all names this one. */
const NO_FILE = '/dev/null';
const NOT_REGULAR = 'not a regular file';
/** Without waiting for the other end of a pipe. */
const READ = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

/** A path leads to something that is not read: its end might never come. Its code says why. */
export class UnfitFile extends Error {
  constructor(
    readonly code: string,
    /** It is there, and something else than is looked for. */
    readonly isOther = true,
  ) {
    super(`It cannot be read: ${code}.`);
  }
}

/** The text of a regular file of that size at most. */
export function readRegular(path: string, largest = LARGEST): Promise<string> {
  return inTime(async () => {
    const file = await open(path, READ);
    try {
      assertFit(path, await file.stat(), largest);
      return await boundedText(file, largest);
    } finally {
      await file.close();
    }
  });
}

/** The same for those who cannot wait, and so with no limit of time: for paths on the machine's own disk. */
export function readRegularSync(path: string, largest = LARGEST): string {
  const file = openSync(path, READ);
  try {
    assertFit(path, fstatSync(file), largest);
    const bytes = Buffer.alloc(largest + 1);
    let size = 0;
    for (let more = -1; more !== 0 && size <= largest; size += more) {
      more = readSync(file, bytes, size, bytes.length - size, null);
    }
    return textOf(bytes, size, largest);
  } finally {
    closeSync(file);
  }
}

/**
 * Why a path must not be given to code that opens what is there, whatever it is; null where it may, or there is
 * nothing.
 */
export async function whyUnfit(path: string): Promise<string | null> {
  try {
    const found = await inTime(() => stat(path));
    return found.isFile() || found.isDirectory() || path === NO_FILE ? null : NOT_REGULAR;
  } catch (error) {
    return error instanceof UnfitFile ? error.code : null;
  }
}

/** The rest of an open file: some files of the system have a size of 0, and no end. */
export async function boundedText(file: FileHandle, largest: number): Promise<string> {
  const { size: expected } = await file.stat();
  const parts: Buffer[] = [];
  let size = 0;
  for (;;) {
    const room = Math.min(largest, Math.max(expected - size, 4096)) + 1;
    const { bytesRead, buffer } = await file.read(Buffer.alloc(room), 0, room, null);
    if (bytesRead === 0) return textOf(Buffer.concat(parts), size, largest);
    parts.push(buffer.subarray(0, bytesRead));
    size += bytesRead;
    if (size > largest) throw tooLarge(largest);
  }
}

/** Throws {@link UnfitFile} where the system has not answered in time. */
export async function inTime<T>(work: () => Promise<T>, milliseconds = TIME_LIMIT): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new UnfitFile(`no answer in ${milliseconds / 1000} s`, false));
    }, milliseconds);
  });
  try {
    return await Promise.race([work(), end]);
  } finally {
    clearTimeout(timer);
  }
}

function assertFit(path: string, found: Stats, largest: number): void {
  if (!found.isFile() && path !== NO_FILE) throw new UnfitFile(NOT_REGULAR);
  if (found.size > largest) throw tooLarge(largest);
}

function textOf(bytes: Buffer, size: number, largest: number): string {
  if (size > largest) throw tooLarge(largest);
  return bytes.toString('utf8', 0, size);
}

function tooLarge(largest: number): UnfitFile {
  return new UnfitFile(`larger than ${largest / 1024} KiB`);
}
