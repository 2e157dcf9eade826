import type { JournalEntry, JournalReading } from '../../../../src/lifecycle/journal/entry.js';

/** Where the pair of a single resource goes. */
export const ONLY_STORE = '/store';

export interface Content {
  /** Null: something that no run has put there. */
  readonly id: string | null;
  readonly secret: string;
}

/** What lies at a destination and outlives every process. */
export class Store {
  current: Content | null = null;
  readonly pending = new Map<string, Content>();
  /** Every key whose pair was ever written here: proof of whose it is. */
  readonly everStaged = new Set<string>();
  /** Every key whose pair consumers could ever read here, and when that began. */
  readonly promotedAt = new Map<string, number>();
  /** Values of others that a pair has taken the place of, and that can still be had. */
  readonly kept: Content[] = [];
  #journal: string = JSON.stringify(null);
  #revision = 0;

  /** What no run of ours has put there stays as it is. */
  alter(): void {
    const altered = (content: Content) => ({ ...content, secret: `${content.secret}-ALTERED` });
    if (this.current?.id) this.current = altered(this.current);
    for (const [id, content] of this.pending) this.pending.set(id, altered(content));
  }

  readJournal(): JournalReading {
    const entry = JSON.parse(this.#journal) as JournalEntry | null;
    return { entry, revision: String(this.#revision) };
  }

  writeJournal(entry: JournalEntry | null, revision: string): JournalReading | null {
    if (revision !== String(this.#revision)) return null;
    this.#journal = JSON.stringify(entry);
    this.#revision += 1;
    return this.readJournal();
  }
}
