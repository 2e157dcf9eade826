import { Emulator } from '../../../src/emulator/index.js';
import { builtEdition, type Edition } from '../../support/reliability/edition.js';
import { RaceTrack, raceViolations } from '../../support/reliability/race.js';

/** Twenty at once, ten times: npm run test:concurrent. */
describe('Six applies of one configuration at once', () => {
  let edition: Edition;
  let emulator: Emulator;

  beforeAll(async () => {
    edition = builtEdition();
    emulator = await Emulator.start({ buckets: ['race'] });
  });
  afterAll(async () => {
    await emulator.close();
    edition.remove();
  });

  it('have one winner, and the others name it', async () => {
    const track = await RaceTrack.open(emulator, edition, 6);
    try {
      expect(raceViolations(await track.run({ bucket: 'race', exclusive: false, together: true }))).toEqual(
        [],
      );
    } finally {
      await track.close();
    }
  });
});
