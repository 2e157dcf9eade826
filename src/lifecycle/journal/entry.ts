/** One process of one machine, and where it works: enough to tell later whether it still runs, and for which state. */
export interface Holder {
  /** The machine since its last boot, and the namespaces on it; null where nothing tells it from others. */
  readonly machine: string | null;
  readonly pid: number;
  /** When the process started, in the machine's own notation: process IDs are used again. */
  readonly started: string;
  /** For people: the host's name. */
  readonly host: string;
  /** The real path of Terraform's working folder; null where there is none any more. */
  readonly folder: string | null;
  /** Terraform's workspace. */
  readonly workspace: string;
}

/**
 * IDs of the keys that were on the bucket before. Null: AWS did not say, so what is there later may always have been,
 * and nothing is deleted for having come since.
 */
export type Baseline = readonly string[] | null;

/**
 * A creation that has begun. It is written before CreateBucketAccessKey is sent, so that whoever finds it
 * after a crash can compare the bucket's keys with its baseline.
 */
export interface Intent {
  readonly phase: 'intent';
  readonly nonce: string;
  readonly bucket: string;
  readonly baseline: Baseline;
  readonly holder: Holder;
  /** ISO 8601, by the service's clock. */
  readonly begunAt: string;
  /** The destination's form of the pair. */
  readonly form?: string;
  readonly expiresAt: string;
  /** The key that came of it: written down before its pair goes anywhere, as proof whose it is. */
  readonly made?: string;
  /** Of its pair as it was staged, where the destination can tell. */
  readonly digest?: string;
  /** When AWS made that key, as long as no list has shown it and it is not deleted again: it exists all the same. */
  readonly unlistedSince?: string;
  /** That key's pair could not be delivered: it is to be deleted, not finished. */
  readonly withdrawn?: true;
  /** The run has ended without a pair: anyone may look after what it left. */
  readonly released?: true;
  /** Every call of the run was answered, so nothing of it can take effect later. */
  readonly answered?: true;
  /** Of earlier creations at this destination. */
  readonly lateWindow?: LateWindow;
  /** The destination's mark before this creation began; it comes back when the creation is given up. */
  readonly before?: Mark;
  /** ID of the key of the same resource that this one follows in place; a new resource's key follows none. */
  readonly replaces?: string;
}

/** Creations that may still take effect: a signed request stays valid for minutes, and a list may lag. */
export interface LateWindow {
  readonly baseline: Baseline;
  readonly since: string;
  readonly until: string;
  /** IDs of keys that were made for this destination, and given up before a list had shown them. */
  readonly ours?: readonly string[];
  /** Every call was answered: nothing but those keys can appear. */
  readonly answered?: true;
}

/** Whose pair the destination holds. It stays as long as the pair does, and holds no secret. */
export interface Mark {
  /** `unconfirmed` until Terraform is known to have taken the answer. `confirmed`: some state holds this key. */
  readonly phase: 'unconfirmed' | 'confirmed';
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly holder: Holder;
  readonly at: string;
  /** Until then the run that wrote it may still be at work (ISO 8601). */
  readonly expiresAt: string;
  /** When AWS made the key, as long as no list has shown it. */
  readonly unlistedSince?: string;
  /** The destination's form of the pair. */
  readonly form?: string;
  /** Of the pair as it was delivered, where the destination can tell. */
  readonly digest?: string;
  /** Until then a replacement planned by the owner may put its pair here (ISO 8601). */
  readonly replaceableUntil?: string;
  /** That plan was certainly its own resource's; `refused`: its apply has made nothing, and left the old object. */
  readonly replacement?: 'planned' | 'refused';
  readonly lateWindow?: LateWindow;
  /** As in the intent that it ended. */
  readonly replaces?: string;
}

export type JournalEntry = Intent | Mark;

/** What an entry says of this key's delivered pair; null where it speaks of another one, or of a creation. */
export function markOf(entry: JournalEntry | null | undefined, accessKeyId: string): Mark | null {
  return entry && entry.phase !== 'intent' && entry.accessKeyId === accessKeyId ? entry : null;
}

/** What an entry says of this key's pair as it was delivered; undefined where it says nothing. */
export function digestIn(entry: JournalEntry | null | undefined, accessKeyId: string): string | undefined {
  // A creation that has not ended still says how the pair before it was delivered.
  const before = entry?.phase === 'intent' && entry.before?.accessKeyId === accessKeyId ? entry.before : null;
  return entry && keyIn(entry) === accessKeyId ? entry.digest : before?.digest;
}

/** A creation whose key is certainly deleted again. */
export function asDeleted(intent: Intent): Intent {
  return { ...asListed(intent), withdrawn: true };
}

/** The same entry where no list is expected to show its key any more: one has done so, or the key is given up. */
export function asListed<Entry extends JournalEntry>(entry: Entry): Entry {
  const listed: { unlistedSince?: string } & Omit<Entry, 'unlistedSince'> = { ...entry };
  delete listed.unlistedSince;
  return listed as Entry;
}

/** A creation of which nothing is left but what it asks to look out for. */
export function withoutKey(intent: Intent): Intent {
  const left: { -readonly [Member in keyof Intent]: Intent[Member] } = { ...intent };
  delete left.made;
  delete left.digest;
  delete left.unlistedSince;
  delete left.withdrawn;
  delete left.lateWindow;
  return left;
}

export interface UnlistedKey {
  readonly bucket: string;
  readonly id: string;
  readonly madeAt: Date;
}

/** The keys that an entry proves, and that no list had shown when it was written. */
export function unlistedIn(entry: JournalEntry | null | undefined): readonly UnlistedKey[] {
  if (!entry) return [];
  const { bucket, unlistedSince } = entry;
  const id = keyIn(entry);
  const before = entry.phase === 'intent' ? unlistedIn(entry.before) : [];
  if (id === undefined || unlistedSince === undefined) return before;
  return [...before, { bucket, id, madeAt: new Date(unlistedSince) }];
}

/** ID of the key that an entry is about; undefined where none is made yet. */
export function keyIn(entry: JournalEntry): string | undefined {
  return entry.phase === 'intent' ? entry.made : entry.accessKeyId;
}

/** IDs of the keys that an entry speaks of as made for this destination. */
export function keysIn(entry: JournalEntry): readonly string[] {
  if (entry.phase !== 'intent') return [entry.accessKeyId];
  return [entry.made, entry.before?.accessKeyId].filter((id) => id !== undefined);
}

/** A revision names one content of the journal; `write` replaces exactly that one. */
export interface JournalReading {
  readonly entry: JournalEntry | null;
  readonly revision: string;
}

/** The record beside a destination's pair. One entry at a time; replaced only by compare-and-swap. */
export interface Journal {
  read(): Promise<JournalReading>;
  /** The new reading, or null when another writer was first. `null` as the entry empties the journal. */
  write(entry: JournalEntry | null, revision: string): Promise<JournalReading | null>;
}
