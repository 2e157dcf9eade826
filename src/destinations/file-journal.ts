import { randomUUID } from 'node:crypto';
import { link, readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Journal, JournalEntry, JournalReading } from '../lifecycle/journal.js';
import { isCode, syncFolder, unlinkIfThere, writeNewFile } from './durable-file.js';

/**
 * A journal as numbered files beside the pair's file: revision 4 is `.NAME.lightsail-journal-4`, and the highest
 * number is the present entry. `link` makes a number exist with its whole content or not at all, and for one
 * writer only, which is the compare-and-swap.
 */
export class FileJournal implements Journal {
  readonly #folder: string;
  readonly #prefix: string;

  constructor(path: string) {
    this.#folder = dirname(path);
    this.#prefix = `.${basename(path)}.lightsail-journal-`;
  }

  async read(): Promise<JournalReading> {
    for (;;) {
      const revision = Math.max(0, ...(await this.#revisions()));
      if (revision === 0) return { entry: null, revision: '0' };
      try {
        const text = await readFile(this.#path(revision), 'utf8');
        return { entry: JSON.parse(text) as JournalEntry | null, revision: String(revision) };
      } catch (error) {
        // A writer has replaced it since the folder was read.
        if (!isCode(error, 'ENOENT')) throw error;
      }
    }
  }

  async write(entry: JournalEntry | null, revision: string): Promise<JournalReading | null> {
    const next = Number(revision) + 1;
    if (!(await this.#claim(next, JSON.stringify(entry)))) return null;
    const others = (await this.#revisions()).filter((other) => other !== next);
    if (others.some((other) => other > next)) {
      await unlinkIfThere(this.#path(next));
      return null;
    }
    for (const older of others) await unlinkIfThere(this.#path(older));
    if (!entry) await unlinkIfThere(this.#path(next));
    await syncFolder(this.#folder);
    return { entry, revision: entry ? String(next) : '0' };
  }

  async #claim(revision: number, content: string): Promise<boolean> {
    const draft = join(this.#folder, `${this.#prefix}draft-${randomUUID()}`);
    await writeNewFile(draft, content);
    try {
      await link(draft, this.#path(revision));
      return true;
    } catch (error) {
      if (isCode(error, 'EEXIST')) return false;
      throw error;
    } finally {
      await unlinkIfThere(draft);
    }
  }

  async #revisions(): Promise<number[]> {
    let names: string[];
    try {
      names = await readdir(this.#folder);
    } catch (error) {
      if (isCode(error, 'ENOENT', 'ENOTDIR')) return [];
      throw error;
    }
    return names
      .filter((name) => name.startsWith(this.#prefix))
      .map((name) => Number(name.slice(this.#prefix.length)))
      .filter((number) => Number.isInteger(number) && number > 0);
  }

  #path(revision: number): string {
    return join(this.#folder, `${this.#prefix}${revision}`);
  }
}
