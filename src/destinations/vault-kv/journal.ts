import { randomUUID } from 'node:crypto';
import { DestinationError } from '../../lifecycle/destination.js';
import type { Journal, JournalEntry, JournalReading } from '../../lifecycle/journal.js';
import type { KvApi } from './kv-api.js';
import type { Place } from './place.js';

/** What one version holds; by its `id` a write is recognised whose first answer was lost. */
interface Content {
  readonly id: string;
  readonly entry: JournalEntry | null;
}

/**
 * A secret beside the pair's, without anything secret. Custom metadata has no check-and-set, but data has: a revision
 * is a version, and Vault takes the next one from one writer only.
 */
export class VaultJournal implements Journal {
  constructor(
    private readonly api: KvApi,
    private readonly place: Place,
  ) {}

  async read(): Promise<JournalReading> {
    const { version, content } = await this.#present();
    return { entry: content?.entry ?? null, revision: String(version) };
  }

  async write(entry: JournalEntry | null, revision: string): Promise<JournalReading | null> {
    const after = Number(revision);
    if (after === 0 && !entry) return { entry, revision };
    const content: Content = { id: randomUUID(), entry };
    const written = await this.api.write(this.place, content, after);
    if (written.version !== null) return { entry, revision: String(written.version) };
    if (!written.isDoubtful) return null;
    const present = await this.#present();
    return present.content?.id === content.id ? { entry, revision: String(present.version) } : null;
  }

  /** Empties the journal, and takes its secret away. Does nothing where another writer was first. */
  async clear(revision: string): Promise<void> {
    if (Number(revision) > 0 && (await this.write(null, revision))) await this.api.delete(this.place);
  }

  async #present(): Promise<{ readonly version: number; readonly content: Content | null }> {
    this.place.assertValid();
    const found = await this.api.data(this.place);
    if (!found?.data) return { version: found?.version ?? 0, content: null };
    const { id, entry } = found.data as Partial<Content>;
    if (typeof id !== 'string' || entry === undefined) throw this.#foreign();
    return { version: found.version, content: { id, entry } };
  }

  #foreign(): DestinationError {
    return new DestinationError(
      `${this.place.name} in Vault is kept for the journal of this provider, and holds something else.`,
      'Move it away, or choose another path for the pair: its journal is called the same with .lightsail-journal behind.',
    );
  }
}
