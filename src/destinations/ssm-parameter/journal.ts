import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DestinationError } from '../../lifecycle/destination.js';
import type { Journal, JournalEntry, JournalReading } from '../../lifecycle/journal/entry.js';
import { entryIn, toStoredEntry } from '../../lifecycle/journal/record.js';
import { damagedRecord } from '../../lifecycle/journal/stored-record.js';
import type { RecordTitle } from '../../lifecycle/journal/stored-record.js';
import { JournalLog } from './journal-log.js';
import type { Write } from './journal-log.js';
import type { ParameterApi } from './parameter-api.js';

/** A version that AWS has numbered may take a moment until its history shows it. */
const SHOWN_WITHIN = 10_000;
const FIRST_PAUSE = 50;

const NONE: JournalReading = { entry: null, revision: '0' };

/** A String parameter beside the pair's, without a secret: see {@link JournalLog}. */
export class ParameterJournal implements Journal {
  constructor(
    private readonly api: ParameterApi,
    private readonly name: string,
  ) {}

  async read(): Promise<JournalReading> {
    return this.#readingOf((await this.#log()).present);
  }

  async write(entry: JournalEntry | null, revision: string): Promise<JournalReading | null> {
    const { present, last } = await this.#log();
    if (revisionOf(present) !== revision) return null;
    if (!present && !entry) return NONE;
    const write: Write = { id: randomUUID(), follows: present?.id ?? '', entry: toStoredEntry(entry) };
    const version = await this.api.put({
      Name: this.name,
      Type: 'String',
      Tier: 'Standard',
      Value: JSON.stringify(write),
      Description: 'Journal of cdktf-lightsail-access-key; it holds no secret',
      Overwrite: last > 0,
    });
    // The next number means that nothing came in between. Everything else is for the log to judge.
    const counts = version === last + 1 || (await this.#counts(write, version ?? 1));
    return counts ? { entry, revision: revisionOf(write) } : null;
  }

  /** Empties the journal, and takes its parameter away. Does nothing where another writer was first. */
  async clear(revision: string): Promise<void> {
    const { last } = await this.#log();
    if (last > 0 && (await this.write(null, revision))) await this.api.delete(this.name);
  }

  async #counts(write: Write, version: number): Promise<boolean> {
    for (let waited = 0, pause = FIRST_PAUSE; ; waited += pause, pause *= 2) {
      const log = await this.#log();
      if (log.last >= version && !log.hasGaps) return log.counts(write);
      if (waited >= SHOWN_WITHIN) {
        throw new DestinationError(
          `Version ${version} of SSM parameter ${this.name} was written and does not appear in its history.`,
          'Apply again in some minutes.',
        );
      }
      await sleep(pause);
    }
  }

  async #log(): Promise<JournalLog & { readonly present: Write | null }> {
    const log = new JournalLog(await this.api.history(this.name));
    if (log.isForeign) throw damagedRecord(this.#about, 'it holds something else');
    if (log.present === undefined)
      throw damagedRecord(this.#about, 'its history does not go back far enough');
    return log as JournalLog & { readonly present: Write | null };
  }

  #readingOf(present: Write | null): JournalReading {
    if (!present) return NONE;
    return { entry: entryIn(present.entry, this.#about), revision: revisionOf(present) };
  }

  get #about(): RecordTitle {
    return {
      title: `The journal in SSM parameter ${this.name}`,
      remedy:
        "Compare the bucket's keys with what is in use, then delete that parameter, and not the pair's:",
      commands: [`aws ssm delete-parameter --name ${this.name}`],
    };
  }
}

/** An emptied journal reads like one that never was. */
function revisionOf(present: Write | null): string {
  return present?.entry ? present.id : NONE.revision;
}
