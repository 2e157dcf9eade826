import { builtEdition, type Edition } from '../support/reliability/edition.js';
import { describeOddPoint, ODD_CASES, oddPointsOf } from '../support/reliability/odd-answers.js';
import { oddFollowUpsFor } from '../support/reliability/odd-follow-up.js';
import { playOddAnswer } from '../support/reliability/odd-history.js';
import { oddCalls } from '../support/reliability/odd-run.js';
import { reportOdd } from '../support/reliability/odd-verdict.js';
import { Stage } from '../support/reliability/stage.js';

/** ODD_SHARE=1: every point, which takes hours. There are eight for each call, so an odd number meets all kinds. */
const SHARE = Number(process.env.ODD_SHARE ?? '19');

/** ODD_ONLY='vault_kv.*expired': the points whose title matches, to repeat what a failure has named. */
const { ODD_ONLY: ONLY } = process.env;
const A_NIGHT = 12 * 3600_000;

describe('Whatever a store or AWS says in place of an answer, no key is lost, however its user goes on', () => {
  let edition: Edition;
  let stage: Stage;

  beforeAll(async () => {
    edition = builtEdition();
    stage = await Stage.open(edition, 'stores');
  });
  afterAll(async () => {
    await stage.close();
    edition.remove();
  });

  it.each(ODD_CASES)(
    '$route, $scenario',
    async (of) => {
      const row = ODD_CASES.indexOf(of);
      const calls = await stage.dry(of, oddCalls);
      const all = oddPointsOf(of, calls);
      const points = all.filter((point, nth) =>
        ONLY ? new RegExp(ONLY).test(describeOddPoint(point)) : (nth + row) % SHARE === 0,
      );
      const played = await stage.each(points, (scene, point) =>
        playOddAnswer(scene, point, oddFollowUpsFor(row + points.indexOf(point))),
      );
      const results = played.flat();
      process.stdout.write(
        `${of.route}, ${of.scenario}: ${points.length} of ${all.length} odd answers, ${results.length} histories\n`,
      );
      expect(reportOdd(results)).toEqual([]);
    },
    A_NIGHT,
  );
});
