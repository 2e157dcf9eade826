import { randomUUID } from 'node:crypto';
import type { Journal, JournalEntry, JournalReading } from '../../lifecycle/journal/entry.js';
import { toStoredEntry, wrappedEntryIn } from '../../lifecycle/journal/record.js';
import type { StoredEntry } from '../../lifecycle/journal/record.js';
import { parseStored, UnreadableRecord } from '../../lifecycle/journal/stored-record.js';
import { isRefusal } from '../aws-refusal.js';
import { EMPTY, JOURNAL } from './descriptor.js';
import { EMPTY_CONTENT, EMPTY_VERSION, entryNumber, entryVersion } from './metadata.js';
import type { SecretApi } from './secret-api.js';

/** What one version holds; `write` makes the content of each write its own, also where the entries are equal. */
interface Content {
  readonly entry: StoredEntry;
  readonly write: string;
}

/** What a person puts after an entry that is damaged. */
const EMPTIED = JSON.stringify({ entry: null, write: 'by hand' });

const NONE: JournalReading = { entry: null, revision: '0' };

/**
 * A journal as numbered versions of the secret, without a secret in them; the label is on the present one. Two writers
 * that follow the same entry put different contents under one ID, and AWS takes the first: the compare-and-swap.
 * It holds as long as AWS keeps an old entry, which is a day at least: a revision is not to be kept for longer.
 */
export class SecretsManagerJournal implements Journal {
  constructor(private readonly api: SecretApi) {}

  async read(): Promise<JournalReading> {
    const secret = await this.api.describe();
    if (!secret || secret.isScheduledForDeletion || secret.versionWith(JOURNAL) === null) return NONE;
    const present = await this.#present();
    if (!present) return NONE;
    const { versionId, text } = present;
    const number = entryNumber(versionId);
    if (number === null) throw this.#broken(`is on version ${versionId}, which is not an entry`);
    return { entry: this.#entryIn(text, number), revision: versionId };
  }

  async write(entry: JournalEntry | null, revision: string): Promise<JournalReading | null> {
    const last = revision === NONE.revision ? 0 : entryNumber(revision);
    if (last === null) throw this.#broken(`does not know revision ${revision}`);
    if (last === 0) await openSecret(this.api);
    const next = entryVersion(last + 1);
    const content: Content = { entry: toStoredEntry(entry), write: randomUUID() };
    const text = JSON.stringify(content);
    try {
      await this.api.put(next, text, JOURNAL);
      return { entry, revision: next };
    } catch (error) {
      if (!isRefusal(error, 'ResourceExistsException')) throw error;
      const writer = await this.api.patience.lookAgain(() => this.#writerOf(next, text));
      // Entries without the label look like an empty journal that takes no write.
      if (writer === null && last === 0) throw this.#broken('was taken off its newest entry');
      return writer === 'this run' ? { entry, revision: next } : null;
    }
  }

  /** Whose entry has that number; null as long as the label is not there. */
  async #writerOf(version: string, text: string): Promise<'this run' | 'another' | null> {
    const found = await this.api.read(JOURNAL).catch((error: unknown) => {
      if (isRefusal(error, 'ResourceNotFoundException')) return null;
      throw error;
    });
    if (found?.versionId === version) return found.text === text ? 'this run' : 'another';
    const isLater = (entryNumber(found?.versionId ?? '') ?? 0) > (entryNumber(version) ?? 0);
    return isLater ? 'another' : null;
  }

  async #present(): Promise<{ readonly versionId: string; readonly text: string } | null> {
    try {
      return await this.api.read(JOURNAL);
    } catch (error) {
      if (!isRefusal(error, 'ResourceNotFoundException')) throw error;
      // Somebody has taken away what this run had put there.
      if ((await this.api.shown(JOURNAL)) === null) return null;
      throw this.#broken('went away while it was read');
    }
  }

  #entryIn(text: string, number: number): JournalEntry | null {
    const { secretId } = this.api;
    const about = {
      title: `The journal in version ${entryVersion(number)} of secret ${secretId}, under the staging label ${JOURNAL},`,
      remedy:
        "Compare the bucket's keys with what is in use, then begin the journal anew, which changes no pair:",
      commands: [
        `aws secretsmanager put-secret-value --secret-id ${secretId} --client-request-token ${entryVersion(number + 1)} ` +
          `--version-stages ${JOURNAL} --secret-string '${EMPTIED}'`,
      ],
    };
    return wrappedEntryIn(parseStored(text, about), about);
  }

  #broken(what: string): UnreadableRecord {
    const { secretId } = this.api;
    return new UnreadableRecord(
      `The staging label ${JOURNAL} of secret ${secretId} ${what}.`,
      'Put the label on the highest version lightsail-journal-…, which the first of these shows and the second moves:',
      [
        `aws secretsmanager list-secret-version-ids --include-deprecated --secret-id ${secretId}`,
        `aws secretsmanager update-secret-version-stage --secret-id ${secretId} --version-stage ${JOURNAL} --move-to-version-id VERSION`,
      ],
    );
  }
}

/**
 * The first version of a secret becomes the current one whatever its labels: so it has to be one that consumers may
 * see. On a secret that has a value it does not: then it only lies ready for the time after the pair.
 */
export async function openSecret(api: SecretApi): Promise<void> {
  await api.put(EMPTY_VERSION, EMPTY_CONTENT, EMPTY);
}
