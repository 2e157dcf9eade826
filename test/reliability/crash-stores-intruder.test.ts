import {
  INTRUDER_CASES,
  intruderPoints,
  type IntruderResult,
  intruderViolations,
} from '../support/reliability/intruder.js';
import { shareOf } from '../support/reliability/share.js';
import { Stages } from '../support/reliability/stages.js';
import { describePoint } from '../support/reliability/verdict.js';

describe('Where a run is killed between the creation and the promotion, and somebody else then writes to its place, his value stays and the key is named or removed', () => {
  let stages: Stages;

  beforeAll(async () => {
    stages = await Stages.open();
  });
  afterAll(() => stages.close());

  it.each(INTRUDER_CASES)('$route, $scenario', async (of) => {
    const stage = stages.for(of);
    const points = intruderPoints(of, await stage.dryRun(of));
    const results = await stage.intrude(shareOf(points, INTRUDER_CASES.indexOf(of)));
    const count = (value: IntruderResult['value']) =>
      results.filter((result) => result.value === value).length;
    process.stdout.write(
      `${of.route}, ${of.scenario}: ${results.length} points; of the others' values ${count('current')} stay current, ${count('kept')} are kept beside a new pair, ${count('lost')} are lost\n`,
    );
    const broken = results.filter((result) => intruderViolations(result).length > 0);
    for (const result of broken) process.stdout.write(`\n${describePoint(result)}\n${result.said}\n`);
    expect(
      broken.map((result) => `${describePoint(result)}: ${intruderViolations(result).join('; ')}`),
    ).toEqual([]);
  });
});
