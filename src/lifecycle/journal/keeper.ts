import { entryAt } from '../snapshot.js';
import type { Intent, Journal, JournalEntry, JournalReading, Mark } from './entry.js';
import { LifecycleError } from '../lifecycle-error.js';
import { journalNotBegun, journalNotEnded } from '../messages/delivery.js';
import { anotherRunFirst } from '../messages/refusals.js';
import type { KeyContext } from '../ports.js';

/** The journal while one creation holds it: knows its revision, and whether it still is ours to write. */
export class JournalKeeper {
  #reading: JournalReading | null;

  constructor(
    private readonly context: KeyContext,
    reading: JournalReading | null,
  ) {
    this.#reading = reading;
  }

  /** Writes an intent, or takes a dead run's pair over; one of several racing writers wins, the others throw. */
  async begin(entry: JournalEntry): Promise<void> {
    if (!this.#reading || !this.context.destination.journal) return;
    const { title } = this.context.destination;
    let next: JournalReading | null;
    try {
      next = await this.#write(this.context.destination.journal, entry, this.#reading);
    } catch (error) {
      throw new LifecycleError(journalNotBegun(this.context.keys.bucket, title, error), {
        subject: 'destination',
      });
    }
    next ??= await this.#afterConfirmation(this.context.destination.journal, entry);
    if (!next) throw await this.#lost();
    this.#reading = next;
  }

  /**
   * Whoever has made a key confirms it as the last thing. A store that is behind shows that late: nothing was judged by
   * it where it is the very key that this resource replaces.
   */
  async #afterConfirmation(journal: Journal, entry: JournalEntry): Promise<JournalReading | null> {
    const before = this.#reading?.entry;
    if (entry.phase !== 'intent' || before?.phase !== 'unconfirmed') return null;
    if (entry.replaces !== before.accessKeyId) return null;
    const now = await journal.read().catch(() => null);
    const isConfirmed = now?.entry?.phase === 'confirmed' && now.entry.accessKeyId === before.accessKeyId;
    return now && isConfirmed ? this.#write(journal, entry, now).catch(() => null) : null;
  }

  async #lost(): Promise<LifecycleError> {
    const { destination, keys } = this.context;
    return new LifecycleError(anotherRunFirst(keys.bucket, destination.title, await entryAt(destination)), {
      subject: 'destination',
    });
  }

  /** Writes the new key down. False: another run has taken the creation over. */
  async record(intent: Intent): Promise<boolean> {
    const { journal } = this.context.destination;
    if (!this.#reading || !journal) return true;
    const next = await this.#write(journal, intent, this.#reading);
    if (next) this.#reading = next;
    return next !== null;
  }

  /** Ends the creation without a key: what was there before is there again. */
  async giveUp(intent: Intent): Promise<void> {
    const { before = null, lateWindow } = intent;
    // What it asks to look out for is of its own bucket.
    if (lateWindow && before?.bucket !== intent.bucket) await this.release({ ...intent, answered: true });
    else await this.#replace(before && { ...before, ...(lateWindow && { lateWindow }) });
  }

  /** Something of the creation may be left: whoever comes next looks after it. */
  async release(intent: Intent): Promise<void> {
    await this.#replace({ ...intent, released: true });
  }

  /** Nothing is left that anybody would have to know of. */
  async clear(): Promise<void> {
    await this.#replace(null);
  }

  /** Says whose the delivered pair is. `lost`: another run has taken the creation over. */
  async end(mark: Mark): Promise<'ended' | 'lost' | 'failed'> {
    return this.#replace(mark);
  }

  /**
   * The journal only helps the next run. Where it cannot be written the outcome stays what it is: an intent
   * that stays behind expires, and the next run then compares the bucket with its baseline.
   */
  async #replace(entry: JournalEntry | null): Promise<'ended' | 'lost' | 'failed'> {
    if (!this.#reading || !this.context.destination.journal) return 'ended';
    try {
      const next = await this.#write(this.context.destination.journal, entry, this.#reading);
      if (next) this.#reading = next;
      return next ? 'ended' : 'lost';
    } catch (error) {
      const { destination, keys } = this.context;
      this.context.warn(journalNotEnded(keys.bucket, destination.title, error));
      return 'failed';
    }
  }

  /** A write that failed may have been done all the same: then the journal says what it was to say. */
  async #write(
    journal: Journal,
    entry: JournalEntry | null,
    { revision }: JournalReading,
  ): Promise<JournalReading | null> {
    try {
      return await journal.write(entry, revision);
    } catch (error) {
      const found = await journal.read().catch(() => null);
      if (!found || found.revision === revision || !isSame(found.entry, entry)) throw error;
      return found;
    }
  }
}

function isSame(one: JournalEntry | null, other: JournalEntry | null): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
