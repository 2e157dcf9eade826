import type { CrashResult } from '../support/reliability/crash-point.js';
import { builtEdition, type Edition } from '../support/reliability/edition.js';
import { CASES, pointsOf } from '../support/reliability/points.js';
import { publish, surroundings } from '../support/reliability/report.js';
import { SHARE, shareOf } from '../support/reliability/share.js';
import { Stage } from '../support/reliability/stage.js';
import { tableByCase, tableByStrike } from '../support/reliability/table.js';
import { describePoint, violations } from '../support/reliability/verdict.js';

/** RELIABILITY_ALL: every stroke at every moment of every call; takes three times as long. */
const all = process.env.RELIABILITY_ALL !== undefined;

describe('Wherever a run is ended, the next ones find everything that it made', () => {
  let edition: Edition;
  let stage: Stage;
  const results: CrashResult[] = [];

  beforeAll(async () => {
    edition = builtEdition();
    stage = await Stage.open(edition);
  });
  afterAll(async () => {
    await stage.close();
    edition.remove();
    if (results.length > 0 && SHARE === 1)
      publish('crash-points.md', report(results, edition.manifest.version));
  });

  it.each(CASES)('$scenario, $route, exclusive = $exclusive', async (of) => {
    const points = pointsOf(of, await stage.dryRun(of), all);
    const played = await stage.play(shareOf(points, CASES.indexOf(of)));
    results.push(...played);
    // The test runner says nothing before the last row is done.
    process.stdout.write(
      `${of.scenario}, ${of.route}, exclusive = ${of.exclusive}: ${played.length} points\n`,
    );
    const broken = played.filter((result) => violations(result).length > 0);
    for (const result of broken) {
      process.stdout.write(`\n${describePoint(result)}\n${violations(result).join('\n')}\n${result.said}\n`);
    }
    expect(broken.map((result) => `${describePoint(result)}: ${violations(result).join('; ')}`)).toEqual([]);
  });
});

function report(results: readonly CrashResult[], version: string): string {
  return `# Crash points

${results.length} runs of a real Terraform with the built provider against the emulator, each struck at one moment of
one of its calls; then \`terraform apply\` (or \`destroy\`) until it changes nothing. Written by
\`RELIABILITY_UPDATE=1 npm run test:crash\`${all ? ' with `RELIABILITY_ALL=1`' : ''} on ${surroundings(version)}.

${tableByCase(results)}

The same by the stroke:

${tableByStrike(results)}
`;
}
