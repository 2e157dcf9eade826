import type { Destination, Holding } from './destination.js';
import { digestIn } from './journal/entry.js';
import type { Journal, JournalEntry, JournalReading } from './journal/entry.js';
import { UnreadableRecord } from './journal/stored-record.js';

/** A destination at one moment: each part is asked for once, when it is first wanted, however many want it. */
export interface Snapshot {
  /** Null where the destination keeps no journal. */
  journal(): Promise<JournalReading | null>;
  holding(): Promise<Holding>;
}

export function snapshotOf(destination: Destination): Snapshot {
  return {
    journal: once(async () => (await destination.journal?.read()) ?? null),
    holding: once(() => destination.read()),
  };
}

/** What the journal says by now; null also where it cannot be read. */
export async function entryAt({ journal }: Destination): Promise<JournalEntry | null> {
  const reading = await journal?.read().catch(() => null);
  return reading?.entry ?? null;
}

/** What the journal says, where it is a record that can be believed; null: it stays as it is. */
export async function recordIn(journal: Journal): Promise<JournalReading | null> {
  try {
    return await journal.read();
  } catch (error) {
    if (error instanceof UnreadableRecord) return null;
    throw error;
  }
}

/** Whether the pair of this key is at the destination as it was put there. Throws where that is unknown. */
export async function holdsPair(
  destination: Destination,
  accessKeyId: string,
  snapshot = snapshotOf(destination),
): Promise<boolean> {
  const { current } = await snapshot.holding();
  if (current?.accessKeyId !== accessKeyId) return false;
  const reading = await snapshot.journal().catch((error: unknown) => {
    // What is damaged may have told that the pair was altered; a journal that cannot be asked is no word against it.
    if (error instanceof UnreadableRecord) throw error;
    return null;
  });
  return isAsDelivered(destination, reading?.entry, accessKeyId);
}

/** By its digest, whether the pair that was read last is the one that was delivered; true where nothing tells. */
export function isAsDelivered(
  { digest: present }: Pick<Destination, 'digest'>,
  entry: JournalEntry | null | undefined,
  accessKeyId: string,
): boolean {
  const noted = digestIn(entry, accessKeyId);
  return noted === undefined || present === undefined || noted === present;
}

/** Asks when it is first wanted, and never again. */
export function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => (answer ??= ask());
}
