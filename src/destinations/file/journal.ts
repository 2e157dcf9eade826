import { createHash, randomUUID } from 'node:crypto';
import { link, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Journal, JournalEntry, JournalReading } from '../../lifecycle/journal/entry.js';
import { DestinationError } from '../../lifecycle/destination.js';
import { entryIn, toStoredEntry } from '../../lifecycle/journal/record.js';
import { parseStored } from '../../lifecycle/journal/stored-record.js';
import type { RecordTitle } from '../../lifecycle/journal/stored-record.js';
import { isCode, refused, syncFolder, unlinkIfThere, writeNewFile } from './durable-file.js';
import { assertOthersCannotWrite, quoted, readOwnRecord } from './trusted-file.js';

/** Many times of what an entry takes. */
const LARGEST_ENTRY = 64 * 1024;

/**
 * A journal as numbered files beside the pair's file: revision 4 is `.NAME.lightsail-journal-4`, and the highest
 * number is the present entry. `link` makes a number exist with its whole content or not at all, and for one
 * writer only, which is the compare-and-swap. Numbers begin again once a journal was emptied, so a revision also
 * tells the content that it stands for.
 */
export class FileJournal implements Journal {
  readonly #folder: string;
  readonly #prefix: string;

  constructor(path: string) {
    this.#folder = dirname(path);
    this.#prefix = `.${basename(path)}.lightsail-journal-`;
  }

  /** Throws `UntrustedRecord` where others could have written, or taken away, what is there. */
  async read(): Promise<JournalReading> {
    await this.#assertTrusted();
    for (;;) {
      const number = Math.max(0, ...(await this.#numbers()));
      if (number === 0) return EMPTY;
      const text = await this.#textOf(number);
      // A writer may have replaced it since the folder was read.
      if (text !== null) return { entry: this.#parse(text, number), revision: revisionOf(number, text) };
    }
  }

  async write(entry: JournalEntry | null, revision: string): Promise<JournalReading | null> {
    try {
      await this.#assertTrusted();
      return await this.#replace(entry, revision);
    } catch (error) {
      throw refused(error, this.#folder);
    }
  }

  async #replace(entry: JournalEntry | null, revision: string): Promise<JournalReading | null> {
    const expected = Number.parseInt(revision, 10);
    const next = expected + 1;
    const text = JSON.stringify(toStoredEntry(entry));
    if (!(await this.#isPresent(revision, expected)) || !(await this.#claim(next, text))) return null;
    const others = (await this.#numbers()).filter((other) => other !== next);
    const isLate = others.some((other) => other > next || (expected === 0 && other > 0));
    if (isLate || !(await this.#isPresent(revision, expected))) {
      await unlinkIfThere(this.#path(next));
      return null;
    }
    for (const older of others) await unlinkIfThere(this.#path(older));
    if (!entry) await unlinkIfThere(this.#path(next));
    await syncFolder(this.#folder);
    return entry ? { entry, revision: revisionOf(next, text) } : EMPTY;
  }

  /** Whether a revision's file is still there with the content that its reader saw. */
  async #isPresent(revision: string, number: number): Promise<boolean> {
    if (number === 0) return true;
    const text = await this.#textOf(number);
    return text !== null && revisionOf(number, text) === revision;
  }

  async #assertTrusted(): Promise<void> {
    await assertOthersCannotWrite(this.#folder).catch((error: unknown) => {
      // Where there is no folder, there is nothing to be believed.
      if (!isCode(error, 'ENOENT', 'ENOTDIR')) throw refused(error, this.#folder);
    });
  }

  #textOf(number: number): Promise<string | null> {
    return readOwnRecord(this.#path(number), LARGEST_ENTRY, this.#about(number));
  }

  #parse(text: string, number: number): JournalEntry | null {
    return entryIn(parseStored(text, this.#about(number)), this.#about(number));
  }

  #about(number: number): RecordTitle {
    const path = this.#path(number);
    return {
      title: `The journal ${path}`,
      remedy: "Compare the bucket's keys with what is in use, then delete that file:",
      commands: [`rm ${quoted(path)}`],
    };
  }

  async #claim(number: number, content: string): Promise<boolean> {
    await this.#sweepDrafts();
    const draft = join(this.#folder, `${this.#prefix}draft-${randomUUID()}`);
    await writeNewFile(draft, content);
    try {
      await link(draft, this.#path(number));
      return true;
    } catch (error) {
      if (isCode(error, 'EEXIST')) return false;
      // The same folder has just taken a file of this user.
      if (isCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS')) throw this.#linkless();
      throw error;
    } finally {
      await unlinkIfThere(draft);
    }
  }

  #linkless(): DestinationError {
    return new DestinationError(
      `${this.#folder} is on a file system without hard links, which the journal of the pair's file needs.`,
      'Choose a path on another file system: FAT and some network shares have none.',
    );
  }

  /** A writer that was killed leaves its draft behind; one lives for milliseconds. */
  async #sweepDrafts(): Promise<void> {
    for (const suffix of await this.#suffixes()) {
      if (!suffix.startsWith('draft-')) continue;
      const path = join(this.#folder, this.#prefix + suffix);
      const written = await stat(path).catch(() => null);
      if (written && Date.now() - written.mtimeMs > DRAFT_MILLISECONDS) await unlinkIfThere(path);
    }
  }

  async #numbers(): Promise<number[]> {
    return (await this.#suffixes()).filter((suffix) => /^[1-9]\d{0,14}$/.test(suffix)).map(Number);
  }

  /** What the names of the journal's files go on with. */
  async #suffixes(): Promise<string[]> {
    try {
      const names = await readdir(this.#folder);
      return names
        .filter((name) => name.startsWith(this.#prefix))
        .map((name) => name.slice(this.#prefix.length));
    } catch (error) {
      if (isCode(error, 'ENOENT', 'ENOTDIR')) return [];
      throw refused(error, this.#folder);
    }
  }

  #path(number: number): string {
    return join(this.#folder, `${this.#prefix}${number}`);
  }
}

const DRAFT_MILLISECONDS = 60_000;
const EMPTY: JournalReading = { entry: null, revision: '0' };

function revisionOf(number: number, text: string): string {
  return `${number}-${createHash('sha256').update(text).digest('hex')}`;
}
