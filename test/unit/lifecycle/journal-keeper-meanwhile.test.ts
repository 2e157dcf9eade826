import type {
  Intent,
  Journal,
  JournalEntry,
  JournalReading,
  Mark,
} from '../../../src/lifecycle/journal/entry.js';
import { JournalKeeper } from '../../../src/lifecycle/journal/keeper.js';
import { FakeBucket, MortalRun } from '../../support/mortal-run.js';

const AT = '2026-01-31T10:00:00.000Z';
const holder = { machine: 'm', pid: 1, started: '1', host: 'h', folder: '/f', workspace: 'w' };
const mark = (accessKeyId: string, phase: Mark['phase']): Mark => ({
  ...{ phase, bucket: 'uploads', accessKeyId, holder },
  ...{ at: AT, expiresAt: AT },
});
const intent = (replaces?: string): Intent => ({
  ...{ phase: 'intent', nonce: 'n', bucket: 'uploads', baseline: [], holder },
  ...{ begunAt: AT, expiresAt: AT },
  ...(replaces !== undefined && { replaces }),
});

/** A journal that was written once more than its reader was shown. */
class WrittenMeanwhile implements Journal {
  #version = 2;

  constructor(private entry: JournalEntry | null) {}

  read(): Promise<JournalReading> {
    return Promise.resolve({ entry: this.entry, revision: String(this.#version) });
  }

  write(entry: JournalEntry | null, revision: string): Promise<JournalReading | null> {
    if (revision !== String(this.#version)) return Promise.resolve(null);
    this.#version += 1;
    this.entry = entry;
    return this.read();
  }
}

/** What the journal says after a begin that was shown `shown` where `present` was there. */
async function begun(
  shown: JournalEntry,
  present: JournalEntry,
  entry: Intent,
): Promise<JournalEntry | null> {
  const journal = new WrittenMeanwhile(present);
  const world = new MortalRun().world(new FakeBucket(), {
    ...({ title: 'the store', journal } as Partial<ReturnType<MortalRun['world']>['destination']>),
  } as ReturnType<MortalRun['world']>['destination']);
  await new JournalKeeper(world, { entry: shown, revision: '1' }).begin(entry);
  return (await journal.read()).entry;
}

describe('A run that begins at a journal which was written meanwhile', () => {
  const [shown, confirmed] = [mark('AKIAONE', 'unconfirmed'), mark('AKIAONE', 'confirmed')];

  it('goes on where that was the confirmation of the key that it replaces', async () => {
    expect(await begun(shown, confirmed, intent('AKIAONE'))).toEqual(intent('AKIAONE'));
  });

  it.each<[string, JournalEntry, JournalEntry, Intent]>([
    ['it replaces no key', shown, confirmed, intent()],
    ['it replaces another key', shown, confirmed, intent('AKIATWO')],
    ['another key lies there', shown, mark('AKIATWO', 'confirmed'), intent('AKIAONE')],
    ['another run is at work there', shown, intent('AKIAONE'), intent('AKIAONE')],
  ])('is the second one where %s', async (_, before, present, entry) => {
    await expect(begun(before, present, entry)).rejects.toThrow();
  });
});
