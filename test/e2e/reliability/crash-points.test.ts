import { builtEdition, type Edition } from '../../support/reliability/edition.js';
import { pointsOf } from '../../support/reliability/points.js';
import { Stage } from '../../support/reliability/stage.js';
import { describePoint, violations } from '../../support/reliability/verdict.js';

/** The other scenarios, routes and strokes: npm run test:crash. */
describe('A creation whose provider is killed', () => {
  let edition: Edition;
  let stage: Stage;

  beforeAll(async () => {
    edition = builtEdition();
    stage = await Stage.open(edition);
  });
  afterAll(async () => {
    await stage.close();
    edition.remove();
  });

  it('is found by the next run, at whatever moment of whatever call that was', async () => {
    const of = { scenario: 'create', route: 'file', exclusive: false } as const;
    const points = pointsOf(of, await stage.dryRun(of), false);
    const results = await stage.play(
      points.filter(({ strike }) => strike === 'SIGKILL provider'),
      'apply',
    );
    const broken = results.filter((result) => violations(result).length > 0);
    expect(broken.map((result) => `${describePoint(result)}: ${violations(result).join('; ')}`)).toEqual([]);
    expect(results.length).toBeGreaterThan(10);
  });
});
