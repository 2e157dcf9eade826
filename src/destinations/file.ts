import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, lstat, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { KeyPair } from '../lifecycle/access-key.js';
import { DestinationError } from '../lifecycle/destination.js';
import type { Delivery, Destination, Holding } from '../lifecycle/destination.js';
import { markOf } from '../lifecycle/journal/entry.js';
import { recordIn } from '../lifecycle/snapshot.js';
import type { Secret } from '../secret/secret.js';
import { sealedKeyId } from './age/key-label.js';
import type { Sealer } from './age/sealer.js';
import {
  linkAside,
  moveOver,
  readRegularFile,
  syncFolder,
  unlinkIfThere,
  writeNewFile,
} from './durable-file.js';
import { FileJournal } from './file-journal.js';
import { keepRights } from './file-rights.js';
import { renderPair, wholePairIn } from './format.js';
import { FORMATS } from './formats.js';
import type { Format } from './formats.js';
import { isCode, refused } from './refused.js';

/** A pair of another size than this is not one of ours, and is not read into memory. */
const LARGEST_PAIR = 64 * 1024;
/** A value of somebody else's that a pair has taken the place of. */
const KEPT = 'lightsail-kept-';
/** What the names beside the pair's own need room for. */
const LONGEST_SUFFIX = '-'.repeat(64);

/**
 * A file that always holds a whole pair: it is written aside, synced, and renamed into place. A new one has mode 0600; one
 * that takes another's place has its owner and group, and as much of its mode as is safe.
 */
export class FileDestination implements Destination {
  readonly title: string;
  readonly reference: string;
  readonly journal: FileJournal;
  readonly keepsChanged: string;
  readonly form: string;
  readonly #path: string;
  readonly #folder: string;
  readonly #pendingPrefix: string;
  /** What stood at the path when it was last read; undefined before. */
  #seen: string | null | undefined;
  #digest: string | undefined;
  /** Sealed twice, a pair is two contents. */
  #drawnUp: { readonly accessKeyId: string; readonly content: string } | null = null;

  constructor(
    path: string,
    private readonly format: Format,
    /** With it, only what it has sealed touches the disk. */
    private readonly sealer: Sealer | null = null,
  ) {
    this.title = `file ${path}`;
    this.form = sealer ? `${format} for ${sealer.readers}` : format;
    this.reference = path;
    this.#path = resolve(path);
    this.#folder = dirname(this.#path);
    this.keepsChanged = `beside it, in a file whose name begins with ${basename(path)}.${KEPT}`;
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
    await lstat(this.#pending(LONGEST_SUFFIX)).catch((error: unknown) => {
      if (!isCode(error, 'ENOENT')) throw refused(error, this.#path);
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
    this.#see(text);
    const names = await readdir(this.#folder).catch((error: unknown) => {
      if (isCode(error, 'ENOENT', 'ENOTDIR')) return [];
      throw refused(error, this.#folder);
    });
    return {
      current: text === null ? null : { accessKeyId: keyIdIn(text) },
      pending: names
        .filter((name) => name.startsWith(this.#pendingPrefix))
        .map((name) => name.slice(this.#pendingPrefix.length)),
    };
  }

  get digest(): string | undefined {
    return this.#digest;
  }

  #see(text: string | null): void {
    this.#seen = text === null ? null : fingerprint(text);
    this.#digest = text === null ? undefined : digestOf(text);
  }

  /** To whom a sealed pair is readable cannot be seen. */
  async currentForm(): Promise<string | null | undefined> {
    const text = await readPair(this.#path);
    if (text === null) return undefined;
    return (
      FORMATS.find((format) => wholePairIn(format, text)) ?? (sealedKeyId(text) === null ? undefined : null)
    );
  }

  async digestToBe(pair: KeyPair): Promise<string> {
    return digestOf(await this.#contentOf(pair));
  }

  async #contentOf(pair: KeyPair): Promise<string> {
    const { accessKeyId } = pair;
    if (this.#drawnUp?.accessKeyId !== accessKeyId) {
      const text = renderPair(this.format, pair);
      const content = this.sealer ? await this.sealer.seal(text, accessKeyId) : text;
      this.#drawnUp = { accessKeyId, content };
    }
    return this.#drawnUp.content;
  }

  async stage(pair: KeyPair): Promise<void> {
    const pending = this.#pending(pair.accessKeyId);
    const content = await this.#contentOf(pair);
    try {
      await unlinkIfThere(pending);
      await writeNewFile(pending, content);
      await syncFolder(this.#folder);
      this.#drawnUp = null;
    } catch (error) {
      throw refused(error, pending);
    }
  }

  /** Null also for a sealed file, a torn one, and one of another format: it must not become the current one. */
  async staged(accessKeyId: string): Promise<Secret | null> {
    if (this.sealer) return null;
    const text = await readPair(this.#pending(accessKeyId));
    const pair = text === null ? null : wholePairIn(this.format, text);
    return pair?.accessKeyId === accessKeyId ? pair.secretAccessKey : null;
  }

  async delivered(accessKeyId: string): Promise<Secret | null> {
    const text = await readPair(this.#path);
    const pair = text === null ? null : pairIn(text);
    return pair?.accessKeyId === accessKeyId ? pair.secretAccessKey : null;
  }

  async promote(accessKeyId: string): Promise<Delivery> {
    const text = await readPair(this.#path);
    if (text !== null && keyIdIn(text) === accessKeyId) {
      this.#see(text);
      await this.discard(accessKeyId);
      return { reference: this.reference, secret: null };
    }
    // What somebody has put here since this run looked is not ours to replace.
    const isAsSeen = this.#seen === undefined || this.#seen === (text === null ? null : fingerprint(text));
    let remark: string | null = null;
    try {
      if (!isAsSeen) throw appeared(this.#path);
      if (text !== null) await this.#keepUnlessReplaced(keyIdIn(text));
      // As late as can be: a pair that is not in use yet is its owner's alone.
      if (text !== null) remark = await keepRights(this.#pending(accessKeyId), await lstat(this.#path));
      await moveOver(this.#pending(accessKeyId), this.#path, { replace: text !== null });
      await syncFolder(this.#folder);
      this.#see(await readPair(this.#path));
    } catch (error) {
      throw isCode(error, 'EEXIST') ? appeared(this.#path) : refused(error, this.#path);
    }
    return { reference: this.reference, secret: null, ...(remark !== null && { remark }) };
  }

  /** What the journal does not expect to be there is somebody else's: it gets a second name before it loses its first. */
  async #keepUnlessReplaced(accessKeyId: string | null): Promise<void> {
    const { entry } = await this.journal.read();
    const before = entry?.phase === 'intent' ? entry.before : null;
    if (before && before.accessKeyId !== accessKeyId) await linkAside(this.#path, `${this.#path}.${KEPT}`);
  }

  async discard(accessKeyId: string): Promise<void> {
    await unlinkIfThere(this.#pending(accessKeyId)).catch((error: unknown) => {
      throw refused(error, this.#path);
    });
  }

  async remove(accessKeyId: string): Promise<'removed' | 'absent' | 'not-ours'> {
    await this.discard(accessKeyId);
    const { current } = await this.read();
    const ours = current?.accessKeyId === accessKeyId;
    try {
      if (ours) await unlinkIfThere(this.#path);
      const record = await recordIn(this.journal);
      if (record && markOf(record.entry, accessKeyId)) await this.journal.write(null, record.revision);
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
    return (await readRegularFile(path, LARGEST_PAIR)) ?? '';
  } catch (error) {
    if (isCode(error, 'ENOENT', 'ENOTDIR')) return null;
    throw refused(error, path);
  }
}

/** The key of a text that is wholly ours: a pair with anything added to it is somebody's own file. */
function keyIdIn(text: string): string | null {
  return pairIn(text)?.accessKeyId ?? sealedKeyId(text);
}

/** Of the secret, however the text around it is laid out; of a sealed one the whole. It has too many bits to be guessed. */
function digestOf(text: string): string {
  return fingerprint(pairIn(text)?.secretAccessKey.reveal() ?? text);
}

function pairIn(text: string) {
  return FORMATS.map((format) => wholePairIn(format, text)).find((pair) => pair !== null);
}

function appeared(path: string): DestinationError {
  return new DestinationError(
    `${path} was written by somebody else meanwhile.`,
    'Move it away, or choose another path.',
  );
}

/** Tells contents apart without keeping a secret. */
function fingerprint(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
