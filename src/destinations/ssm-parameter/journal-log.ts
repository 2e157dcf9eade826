import type { Revision } from './parameter-api.js';

/** One write. It counts only as the first one that follows the entry which counted before. */
export interface Write {
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
