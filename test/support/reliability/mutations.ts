import type { Mutation } from './edition.js';

const head = `import { FileJournal as Real } from './real-journal.js';
import type { JournalEntry, JournalReading } from '../../lifecycle/journal/entry.js';
`;

/** Tells the server at FILE_STEPS of each change to the disk, once it is done, and waits for the answer. */
export const TOLD_FILE_STEPS: Mutation = {
  module: 'destinations/file/durable-file.ts',
  behind: 'real-durable-file.ts',
  text: `import * as real from './real-durable-file.js';

export * from './real-durable-file.js';

function told<Arguments extends unknown[]>(
  name: string,
  effect: (path: string, ...others: Arguments) => Promise<void>,
) {
  return async (path: string, ...others: Arguments): Promise<void> => {
    await effect(path, ...others);
    await fetch(process.env.FILE_STEPS ?? '', { method: 'POST', body: name + ' ' + path });
  };
}

export const writeNewFile = told('write', real.writeNewFile);
export const unlinkIfThere = told('unlink', real.unlinkIfThere);
export const moveOver = told('move', real.moveOver);
export const linkAside = told('link', real.linkAside);
`,
};

/** A creation begins without a word in the journal. */
export const NO_INTENT: Mutation = {
  module: 'destinations/file/journal.ts',
  behind: 'real-journal.ts',
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
  module: 'destinations/file/journal.ts',
  behind: 'real-journal.ts',
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

/** No message says which key it is about. */
export const NO_KEY_NAMED: Mutation = {
  module: 'secret/redactor.ts',
  behind: 'real-redactor.ts',
  text: `import { Redactor as Real } from './real-redactor.js';

export { withoutSecretLike } from './real-redactor.js';

export class Redactor extends Real {
  constructor() {
    super();
    const { redact } = this;
    Object.assign(this, { redact: (text: string) => redact(text).replaceAll(/AKIA\\w+/g, 'A KEY') });
  }
}
`,
};
