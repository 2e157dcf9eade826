import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, lstat, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isNativeError } from 'node:util/types';
import { FORMATS } from '../../contract/limits.js';
import type { KeyPair } from '../../lifecycle/access-key.js';
import { DestinationError } from '../../lifecycle/destination.js';
import type { Delivery, Destination, Holding } from '../../lifecycle/destination.js';
import { markOf } from '../../lifecycle/journal/entry.js';
import { recordIn } from '../../lifecycle/snapshot.js';
import type { Secret } from '../../secret/secret.js';
import { sealedKeyId, sealerFor } from '../age/sealer.js';
import type { Sealer } from '../age/sealer.js';
import type { Store } from '../descriptor.js';
import { renderPair, wholePairIn } from '../format.js';
import type { Format } from '../format.js';
import { foreign, pairIn } from '../read-back.js';
import type { DeliveredPair, ReadBack } from '../read-back.js';
import type { FileArguments } from './descriptor.js';
import {
  isCode,
  linkAside,
  moveOver,
  readRegularFile,
  refused,
  syncFolder,
  unlinkIfThere,
  writeNewFile,
} from './durable-file.js';
import { FileJournal } from './journal.js';
import { keepRights } from './rights.js';

export const open: Store<FileArguments>['open'] = ({ path, format, age_recipients: recipients }) =>
  new FileDestination(path, format, sealerFor(recipients));

/** A pair of another size than this is not one of ours, and is not read into memory. */
const LARGEST_PAIR = 64 * 1024;
/** A foreign value that a pair has overwritten. */
const KEPT = 'lightsail-kept-';
/** What the names beside the pair's own need room for. */
const LONGEST_SUFFIX = '-'.repeat(64);

/**
 * A file that always holds a whole pair: it is written aside, synced, and renamed into place. A new one has mode 0600; one
 * that takes another's place has its owner and group, and as much of its mode as is safe.
 */
export class FileDestination implements Destination, ReadBack {
  readonly title: string;
  readonly reference: string;
  readonly journal: FileJournal;
  readonly keepsChanged: string;
  readonly waiting = 'path = lightsail_bucket_access_key.NAME.secret_reference';
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
    return { current: text === null ? null : { accessKeyId: keyIdIn(text) } };
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

  readBack(): Promise<DeliveredPair | null> {
    return readDelivered(this.#path, this.title);
  }

  async promote(accessKeyId: string): Promise<Delivery> {
    const text = await readPair(this.#path);
    if (text !== null && keyIdIn(text) === accessKeyId) {
      this.#see(text);
      await this.discard(accessKeyId);
      return { reference: this.reference, secret: null };
    }
    // A foreign value that was put here since this run looked is not replaced.
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

  /** What the journal does not expect to be there is foreign: it gets a second name before it loses its first. */
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

/** The key of a text that is wholly ours: a pair with anything added to it is a foreign file. */
function keyIdIn(text: string): string | null {
  return pairIn(text)?.accessKeyId ?? sealedKeyId(text);
}

/** Of the secret, however the text around it is laid out; of a sealed one the whole. It has too many bits to be guessed. */
function digestOf(text: string): string {
  return fingerprint(pairIn(text)?.secretAccessKey.reveal() ?? text);
}

function appeared(path: string): DestinationError {
  return new DestinationError(
    `${path} was written by another writer meanwhile.`,
    'Move it away, or choose another path.',
  );
}

/** Tells contents apart without keeping a secret. */
function fingerprint(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The pair in a file, as the program that uses it opens it. Null where there is no file. */
async function readDelivered(path: string, title: string): Promise<DeliveredPair | null> {
  const text = await textAt(path);
  if (text === null) return null;
  const pair = pairIn(text);
  if (pair) return pair;
  throw sealedKeyId(text) === null ? foreign(title) : sealed(title);
}

/** Null when there is no file in a folder that is there. */
async function textAt(path: string): Promise<string | null> {
  try {
    return (await readRegularFile(path, LARGEST_PAIR)) ?? '';
  } catch (error) {
    if (!isCode(error, 'ENOENT', 'ENOTDIR')) throw unreadable(path, error);
  }
  const folder = dirname(path);
  const there = await stat(folder).catch(() => null);
  if (there?.isDirectory()) return null;
  throw new DestinationError(
    `There is no folder ${folder}.`,
    'Give the path that the key has; a relative one begins where Terraform runs.',
  );
}

function unreadable(path: string, error: unknown): DestinationError {
  const code = isNativeError(error) ? ((error as NodeJS.ErrnoException).code ?? error.name) : 'unknown';
  return new DestinationError(
    `${path} cannot be read by this user (${code}).`,
    'It has mode 0600: run Terraform as the user who owns it, or as one who may read it.',
  );
}

function sealed(title: string): DestinationError {
  return new DestinationError(
    `${title} holds age ciphertext, which only its recipients can open.`,
    'Decrypt it where their identity is (age --decrypt), or leave age_recipients out of the key.',
  );
}
