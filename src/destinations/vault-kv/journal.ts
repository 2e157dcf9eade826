import { randomUUID } from 'node:crypto';
import type { Journal, JournalEntry, JournalReading } from '../../lifecycle/journal/entry.js';
import { entryIn, toStoredEntry } from '../../lifecycle/journal/record.js';
import { damagedRecord } from '../../lifecycle/journal/stored-record.js';
import type { RecordTitle } from '../../lifecycle/journal/stored-record.js';
import type { KvApi, Place } from './kv-api.js';

/** What one version holds; by its `id` a write is recognised whose first answer was lost. */
interface Content {
  readonly id: string;
  /** As it is stored; null for an emptied journal. */
  readonly entry: unknown;
}

interface Present {
  readonly version: number;
  readonly content: Content | null;
}

/**
 * A secret beside the pair's, without anything secret. Custom metadata has no check-and-set, but data has: a revision
 * is a version, and Vault takes the next one from one writer only.
 */
export class VaultJournal implements Journal {
  /** As this run has read or written it last. Whether it still is so Vault decides by the write, not a standby by a look. */
  #known: Present | undefined;
  /** A look that shows an earlier version is behind. */
  #atLeast = 0;

  constructor(
    private readonly api: KvApi,
    private readonly place: Place,
  ) {}

  async read(): Promise<JournalReading> {
    return this.#readingOf(await this.#present());
  }

  async write(entry: JournalEntry | null, revision: string): Promise<JournalReading | null> {
    const isKnown = entry !== null && this.#known !== undefined && revisionOf(this.#known) === revision;
    const present = isKnown && this.#known ? this.#known : await this.#present();
    if (revisionOf(present) !== revision) return null;
    if (!present.content?.entry && !entry) return { entry: null, revision };
    const content: Content = { id: randomUUID(), entry: toStoredEntry(entry) };
    const { version, isDoubtful } = await this.api.write(this.place, content, present.version);
    this.#atLeast = version ?? present.version + 1;
    this.#known = version === null ? undefined : { version, content };
    // The next run may begin at once, and must not be shown the middle of this one.
    if (version !== null && entry?.phase === 'unconfirmed') await this.#present().catch(() => undefined);
    if (version !== null) return { entry, revision: revisionOf({ version, content }) };
    if (!isDoubtful) return null;
    const now = await this.#present();
    return now.content?.id === content.id ? { entry, revision: revisionOf(now) } : null;
  }

  /** Empties the journal, and takes its secret away. False where another writer was first: then nothing is done. */
  async clear(revision: string): Promise<boolean> {
    const { version } = await this.#present();
    if (version === 0) return true;
    if (!(await this.write(null, revision))) return false;
    await this.api.delete(this.place);
    this.#known = undefined;
    this.#atLeast = 0;
    return true;
  }

  async #present(): Promise<Present> {
    this.#known = undefined;
    this.#known = await this.#look();
    return this.#known;
  }

  async #look(): Promise<Present> {
    this.place.assertValid();
    const found = await this.api.dataOnce(this.place, (seen) => (seen?.version ?? 0) >= this.#atLeast);
    // As long as it takes, it was waited for: what is there now counts.
    this.#atLeast = 0;
    if (!found?.data) return { version: found?.version ?? 0, content: null };
    const { id, entry } = found.data as Partial<Content>;
    if (typeof id !== 'string' || entry === undefined)
      throw damagedRecord(this.#about, 'it holds something else');
    return { version: found.version, content: { id, entry } };
  }

  #readingOf(present: Present): JournalReading {
    return { entry: entryIn(present.content?.entry ?? null, this.#about), revision: revisionOf(present) };
  }

  get #about(): RecordTitle {
    const { name, mount, path } = this.place;
    return {
      title: `The journal at ${name} in Vault`,
      remedy: "Compare the bucket's keys with what is in use, then delete that secret, and not the pair's:",
      commands: [`vault kv metadata delete -mount=${mount} ${path}`],
    };
  }
}

/** An emptied journal reads like one that never was. */
function revisionOf({ version, content }: Present): string {
  return content?.entry ? `${version}:${content.id}` : '0';
}
