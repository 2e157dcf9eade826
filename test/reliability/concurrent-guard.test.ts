import { Emulator } from '../../src/emulator/index.js';
import { type Edition, mutatedEdition } from '../support/reliability/edition.js';
import { NO_COMPARE_AND_SWAP } from '../support/reliability/mutations.js';
import { RaceTrack, raceViolations } from '../support/reliability/race.js';

describe('The race finds what it looks for', () => {
  let edition: Edition;
  let emulator: Emulator;

  beforeAll(async () => {
    edition = mutatedEdition(NO_COMPARE_AND_SWAP);
    emulator = await Emulator.start({ buckets: ['race'] });
  });
  afterAll(async () => {
    await emulator.close();
    edition.remove();
  });

  it('without compare-and-swap in the journal, more than one run makes a key for one file', async () => {
    const track = await RaceTrack.open(emulator, edition, 4);
    try {
      const result = await track.run({ bucket: 'race', exclusive: false, together: true });
      process.stdout.write(`\nWithout compare-and-swap: ${raceViolations(result).join('; ')}\n`);
      expect(result.creations).toBeGreaterThan(1);
      expect(raceViolations(result)).not.toEqual([]);
    } finally {
      await track.close();
    }
  });
});
