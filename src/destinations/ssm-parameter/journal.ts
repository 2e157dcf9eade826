import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { PARAMETER_SUFFIX } from '../../contract/ssm-parameter.js';
import { DestinationError } from '../../lifecycle/destination.js';
import type { Journal, JournalEntry, JournalReading } from '../../lifecycle/journal/entry.js';
import { entryIn, toStoredEntry } from '../../lifecycle/journal/record.js';
import { damagedRecord } from '../../lifecycle/journal/stored-record.js';
import type { RecordTitle } from '../../lifecycle/journal/stored-record.js';
import type { Revision } from './metadata.js';
import type { ParameterApi } from './parameter-api.js';

/** A version that AWS has numbered may take a moment until its history shows it. */
const SHOWN_WITHIN = 10_000;
const FIRST_PAUSE = 50;

const NONE: JournalReading = { entry: null, revision: '0' };

interface Known {
  readonly present: Write | null;
  readonly last: number;
}

/** A String parameter beside the pair's, without a secret: see {@link JournalLog}. */
export class ParameterJournal implements Journal {
  /** As this run has read or written it last: the number that AWS gives the next write tells whether it still is so. */
  #known: Known | undefined;

  constructor(
    private readonly api: ParameterApi,
    private readonly name: string,
  ) {}

  async read(): Promise<JournalReading> {
    this.#known = await this.#log();
    return this.#readingOf(this.#known.present);
  }

  async write(entry: JournalEntry | null, revision: string): Promise<JournalReading | null> {
    const known = this.#known;
    const isKnown = entry !== null && known && revisionOf(known.present) === revision;
    const { present, last } = isKnown ? known : await this.#log();
    this.#known = undefined;
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
    if (version === last + 1) this.#known = { present: write, last: version };
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

  async #log(): Promise<JournalLog & Known> {
    const log = new JournalLog(await this.api.history(this.name));
    if (log.isForeign) throw damagedRecord(this.#about, 'it holds something else');
    if (log.present === undefined)
      throw damagedRecord(this.#about, 'its history does not go back far enough');
    return log as JournalLog & Known;
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

/** The journal's own parameter, in the same level of the hierarchy: what may hold the one may hold the other. */
export function journalName(name: string): string {
  return name + PARAMETER_SUFFIX.journal;
}

/** An emptied journal reads like one that never was. */
function revisionOf(present: Write | null): string {
  return present?.entry ? present.id : NONE.revision;
}

/** One write. It counts only as the first one that follows the entry which counted before. */
interface Write {
  /** Of this write alone: the same again is a repetition whose first answer was lost. */
  readonly id: string;
  /** The ID of the entry that it replaces; empty for the first. */
  readonly follows: string;
  /** As it is stored; null for an emptied journal. */
  readonly entry: unknown;
}

/**
 * PutParameter has no condition, but it numbers what it takes, and AWS keeps the last 100: a parameter is a log that
 * is only ever appended to. Of two writers that follow the same entry the one with the lower number counts, and what
 * the other wrote is void for every reader. So nothing is overwritten by the one that comes too late.
 */
export class JournalLog {
  readonly #writes: readonly Write[];
  /** The highest number that is known. */
  readonly last: number;
  readonly #isWhole: boolean;
  /** A version is missing between two others: a reader's view of an earlier moment. */
  readonly hasGaps: boolean;

  constructor(revisions: readonly Pick<Revision, 'version' | 'value'>[]) {
    this.#writes = revisions.flatMap(({ value }) => writeIn(value) ?? []);
    this.last = revisions.at(-1)?.version ?? 0;
    const first = revisions[0]?.version ?? 1;
    this.#isWhole = first === 1;
    this.hasGaps = revisions.length > 0 && this.last - first + 1 !== revisions.length;
  }

  /** Something is there, and no run of ours has written it. */
  get isForeign(): boolean {
    return this.last > 0 && this.#writes.length === 0;
  }

  /**
   * The write that counts; null before the first. Undefined where too much has been cut off to tell.
   *
   * Nobody follows a void write, so the last one that was followed counted, and its first follower does now.
   */
  get present(): Write | null | undefined {
    const followed = this.#writes.findLast(({ id }) => this.#writes.some(({ follows }) => follows === id));
    const present = this.#firstAfter(followed?.id ?? '');
    return present ?? (this.#isWhole ? null : undefined);
  }

  /** Whether a write is, or was, the entry that counts. */
  counts({ id, follows }: Write): boolean {
    const isKnown = follows === '' || this.#writes.some((write) => write.id === follows);
    return isKnown && this.#firstAfter(follows)?.id === id;
  }

  #firstAfter(id: string): Write | undefined {
    return this.#writes.find(({ follows }) => follows === id);
  }
}

function writeIn(text: string): Write | null {
  try {
    const { id, follows, entry } = JSON.parse(text) as Partial<Write>;
    return typeof id === 'string' && typeof follows === 'string' && entry !== undefined
      ? { id, follows, entry }
      : null;
  } catch {
    return null;
  }
}
