import { type Edition, mutatedEdition } from '../support/reliability/edition.js';
import { NO_INTENT } from '../support/reliability/mutations.js';
import { pointsOf } from '../support/reliability/points.js';
import { Stage } from '../support/reliability/stage.js';
import { tableByCase } from '../support/reliability/table.js';
import { violations } from '../support/reliability/verdict.js';

describe('The crash points find what they look for', () => {
  let edition: Edition;
  let stage: Stage;

  beforeAll(async () => {
    edition = mutatedEdition(NO_INTENT);
    stage = await Stage.open(edition);
  });
  afterAll(async () => {
    await stage.close();
    edition.remove();
  });

  it('a provider that writes no intent leaves keys that exclusive = true should have deleted', async () => {
    const of = { scenario: 'create', route: 'file', exclusive: true } as const;
    const points = pointsOf(of, await stage.dryRun(of), false).filter(
      ({ strike, moment }) => strike === 'SIGKILL provider' && moment !== 'late',
    );
    const results = await stage.play(points, 'apply');
    process.stdout.write(`\nWithout an intent in the journal:\n${tableByCase(results)}\n`);
    // Struck once its creation has taken effect, such a run always leaves something behind. It is named: by the list, by what
    // the folder has noted, or by the pair that lies there.
    const after = results.filter(({ point }) => point.nth > 4 || point.moment === 'effect-done');
    expect(after.length).toBeGreaterThan(0);
    expect(after.filter((result) => violations(result).length === 0)).toEqual([]);
  });
});
