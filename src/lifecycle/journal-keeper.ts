import { entryAt } from './glance.js';
import type { Intent, JournalEntry, JournalReading, Mark } from './journal.js';
import { LifecycleError, reasonOf } from './lifecycle-error.js';
import type { World } from './ports.js';
import { describeHolder } from './wording.js';

/** The journal while one creation holds it: knows its revision, and whether it still is ours to write. */
export class JournalKeeper {
  #reading: JournalReading | null;

  constructor(
    private readonly world: World,
    reading: JournalReading | null,
  ) {
    this.#reading = reading;
  }

  /** Writes an intent, or takes a dead run's pair over; one of several racing writers wins, the others throw. */
  async begin(entry: JournalEntry): Promise<void> {
    if (!this.#reading || !this.world.destination.journal) return;
    const { title } = this.world.destination;
    let next: JournalReading | null;
    try {
      next = await this.world.destination.journal.write(entry, this.#reading.revision);
    } catch (error) {
      throw new LifecycleError(
        `${title} cannot be written, so no key was made for bucket ${this.world.keys.bucket}`,
        `${reasonOf(error)} A key whose secret has nowhere to go is never created.`,
        { subject: 'destination' },
      );
    }
    if (!next) throw await this.#lost();
    this.#reading = next;
  }

  async #lost(): Promise<LifecycleError> {
    const { destination, keys } = this.world;
    const entry = await entryAt(destination);
    const who = entry ? `: ${describeHolder(entry.holder)}` : '';
    const what = entry?.phase === 'intent' ? 'is making a key for' : `has put ${keyOf(entry)} at`;
    return new LifecycleError(
      `Another run was first at ${destination.title}${who}`,
      `It ${what} this destination; no key was made by this run for bucket ${keys.bucket}. Wait until it has ended, then plan again.`,
      { subject: 'destination' },
    );
  }

  /** Writes the new key down. Throws when it is not written: then another run may have taken the creation over. */
  async record(intent: Intent): Promise<void> {
    const { journal, title } = this.world.destination;
    if (!this.#reading || !journal) return;
    const next = await journal.write(intent, this.#reading.revision);
    if (!next) throw new Error(`Another run has taken ${title} over.`);
    this.#reading = next;
  }

  /** Ends the creation without a key: what was there before is there again. */
  async giveUp(intent: Intent): Promise<void> {
    const { before = null, watch } = intent;
    if (watch && !before) await this.release({ ...intent, answered: true });
    else await this.#replace(before && { ...before, ...(watch && { watch }) });
  }

  /** Something of the creation may be left: whoever comes next looks after it. */
  async release(intent: Intent): Promise<void> {
    await this.#replace({ ...intent, released: true });
  }

  async end(mark: Mark): Promise<void> {
    await this.#replace(mark);
  }

  /**
   * The journal only helps the next run. Where it cannot be written the outcome stays what it is: an intent
   * that stays behind expires, and the next run then compares the bucket with its baseline.
   */
  async #replace(entry: JournalEntry | null): Promise<void> {
    if (!this.#reading || !this.world.destination.journal) return;
    try {
      const next = await this.world.destination.journal.write(entry, this.#reading.revision);
      if (next) this.#reading = next;
    } catch (error) {
      this.world.warn({
        summary: `The journal of ${this.world.destination.title} for bucket ${this.world.keys.bucket} cannot be written`,
        detail: `${reasonOf(error)} The key itself is not affected; the next plan compares the bucket's keys with what the journal still says.`,
      });
    }
  }
}

function keyOf(entry: Mark | null | undefined): string {
  return entry ? `key ${entry.accessKeyId} of bucket ${entry.bucket}` : 'something';
}
