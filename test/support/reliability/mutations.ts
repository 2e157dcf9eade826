import type { Mutation } from './edition.js';

const head = `import { FileJournal as Real } from './real-file-journal.js';
import type { JournalEntry, JournalReading } from '../lifecycle/journal.js';
`;

/** A creation begins without a word in the journal. */
export const NO_INTENT: Mutation = {
  module: 'destinations/file-journal.ts',
  behind: 'real-file-journal.ts',
  text: `${head}
export class FileJournal extends Real {
  override async write(entry: JournalEntry | null, revision: string): Promise<JournalReading | null> {
    return entry?.phase === 'intent' ? { entry, revision } : super.write(entry, revision);
  }
}
`,
};

/** Whoever writes the journal wins, whatever it has become since it was read. */
export const NO_COMPARE_AND_SWAP: Mutation = {
  module: 'destinations/file-journal.ts',
  behind: 'real-file-journal.ts',
  text: `${head}
export class FileJournal extends Real {
  override async write(entry: JournalEntry | null): Promise<JournalReading | null> {
    for (;;) {
      const written = await super.write(entry, (await this.read()).revision);
      if (written) return written;
    }
  }
}
`,
};
