import type { Destination, Holding } from './destination.js';
import type { JournalEntry, JournalReading } from './journal.js';
import { once } from './once.js';

/** A destination at one moment: each part is asked for once, when it is first wanted, however many want it. */
export interface Glance {
  /** Null where the destination keeps no journal. */
  journal(): Promise<JournalReading | null>;
  holding(): Promise<Holding>;
}

export function glanceAt(destination: Destination): Glance {
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
