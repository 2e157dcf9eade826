import { constants } from 'node:fs';
import { access, lstat, readdir, readFile, rename, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { KeyPair } from '../lifecycle/access-key.js';
import { DestinationError } from '../lifecycle/destination.js';
import type { Delivery, Destination, Holding } from '../lifecycle/destination.js';
import type { Secret } from '../secret/secret.js';
import { isCode, syncFolder, unlinkIfThere, writeNewFile } from './durable-file.js';
import { FileJournal } from './file-journal.js';
import { accessKeyIdIn, renderPair, secretIn } from './format.js';
import type { Format } from './format.js';

/** A pair of another size than this is not one of ours, and is not read into memory. */
const LARGEST_PAIR = 64 * 1024;

/** A file of mode 0600 that always holds a whole pair: it is written aside, synced, and renamed into place. */
export class FileDestination implements Destination {
  readonly title: string;
  readonly reference: string;
  readonly journal: FileJournal;
  readonly #path: string;
  readonly #folder: string;
  readonly #pendingPrefix: string;

  constructor(
    path: string,
    private readonly format: Format,
  ) {
    this.title = `file ${path}`;
    this.reference = path;
    this.#path = resolve(path);
    this.#folder = dirname(this.#path);
    this.#pendingPrefix = `.${basename(path)}.lightsail-pending-`;
    this.journal = new FileJournal(this.#path);
  }

  async check(): Promise<void> {
    const folder = await stat(this.#folder).catch((error: unknown) => {
      throw refused(error, this.#folder);
    });
    if (!folder.isDirectory()) {
      throw new DestinationError(
        `${this.#folder} is not a folder.`,
        'Give the path of a file in a folder that exists.',
      );
    }
    await access(this.#folder, constants.W_OK | constants.X_OK).catch((error: unknown) => {
      throw refused(error, this.#folder);
    });
    const file = await lstat(this.#path).catch((error: unknown) => {
      if (isCode(error, 'ENOENT')) return null;
      throw refused(error, this.#path);
    });
    if (file && !file.isFile()) {
      throw new DestinationError(
        `${this.#path} is not a regular file.`,
        'Give the path of a file, not of a folder, link or device.',
      );
    }
  }

  async read(): Promise<Holding> {
    const text = await readPair(this.#path);
    const names = await readdir(this.#folder).catch((error: unknown) => {
      if (isCode(error, 'ENOENT', 'ENOTDIR')) return [];
      throw refused(error, this.#folder);
    });
    return {
      current: text === null ? null : { accessKeyId: accessKeyIdIn(text) },
      pending: names
        .filter((name) => name.startsWith(this.#pendingPrefix))
        .map((name) => name.slice(this.#pendingPrefix.length)),
    };
  }

  async stage(pair: KeyPair): Promise<void> {
    const pending = this.#pending(pair.accessKeyId);
    try {
      await unlinkIfThere(pending);
      await writeNewFile(pending, renderPair(this.format, pair));
      await syncFolder(this.#folder);
    } catch (error) {
      throw refused(error, pending);
    }
  }

  async staged(accessKeyId: string): Promise<Secret | null> {
    const text = await readPair(this.#pending(accessKeyId));
    return text === null ? null : secretIn(text);
  }

  async promote(accessKeyId: string): Promise<Delivery> {
    try {
      await rename(this.#pending(accessKeyId), this.#path);
      await syncFolder(this.#folder);
    } catch (error) {
      const done = isCode(error, 'ENOENT') && (await this.read()).current?.accessKeyId === accessKeyId;
      if (!done) throw refused(error, this.#path);
    }
    return { reference: this.reference, secret: null };
  }

  async discard(accessKeyId: string): Promise<void> {
    await unlinkIfThere(this.#pending(accessKeyId));
  }

  async remove(accessKeyId: string): Promise<'removed' | 'absent' | 'not-ours'> {
    await this.discard(accessKeyId);
    const { current } = await this.read();
    const ours = current?.accessKeyId === accessKeyId;
    try {
      if (ours) await unlinkIfThere(this.#path);
      const { entry, revision } = await this.journal.read();
      if (entry && entry.phase !== 'intent' && entry.accessKeyId === accessKeyId) {
        await this.journal.write(null, revision);
      }
    } catch (error) {
      throw refused(error, this.#path);
    }
    return ours ? 'removed' : current ? 'not-ours' : 'absent';
  }

  #pending(accessKeyId: string): string {
    return join(this.#folder, `${this.#pendingPrefix}${accessKeyId}`);
  }
}

/** Null when there is no file; an empty text for one that cannot be a pair. */
async function readPair(path: string): Promise<string | null> {
  try {
    const { size } = await stat(path);
    return size > LARGEST_PAIR ? '' : await readFile(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT', 'ENOTDIR')) return null;
    if (isCode(error, 'EISDIR')) return '';
    throw refused(error, path);
  }
}

/** The operating system's word, without what was being written. */
function refused(error: unknown, path: string): DestinationError {
  if (error instanceof DestinationError) return error;
  const code = error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? error.name) : 'unknown';
  const said = REFUSALS[code];
  return said
    ? new DestinationError(`${path} ${said[0]} (${code}).`, said[1])
    : new DestinationError(
        `${path} cannot be used (${code}).`,
        'See that the path can be written by the user who runs Terraform.',
      );
}

const REFUSALS: Readonly<Record<string, readonly [string, string]>> = {
  ENOENT: ['does not exist', 'Make the folder first: it is not made by this provider.'],
  ENOTDIR: ['is not in a folder', 'Give the path of a file in a folder that exists.'],
  EACCES: [
    'is not permitted to this user',
    'Run Terraform as a user who may write there, or choose another path.',
  ],
  EPERM: [
    'is not permitted to this user',
    'Run Terraform as a user who may write there, or choose another path.',
  ],
  EROFS: ['is on a read-only file system', 'Choose a path that can be written.'],
  ENOSPC: ['is on a disk that is full', 'Free some space.'],
  EISDIR: ['is a folder', 'Give the path of a file.'],
};
