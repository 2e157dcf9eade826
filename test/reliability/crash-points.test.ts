import type { CrashResult } from '../support/reliability/crash-point.js';
import { builtEdition, type Edition } from '../support/reliability/edition.js';
import { reportBroken } from '../support/reliability/findings-report.js';
import { CASES, pointsOf } from '../support/reliability/points.js';
import { publish, surroundings } from '../support/reliability/report.js';
import { SHARE, shareOf } from '../support/reliability/share.js';
import { Stage } from '../support/reliability/stage.js';
import { followedBy, tableByCase, tableByFollowUp, tableByStrike } from '../support/reliability/table.js';

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
      `${of.scenario}, ${of.route}, exclusive = ${of.exclusive}: ${played.length} histories\n`,
    );
    expect(reportBroken(played)).toEqual([]);
  });
});

function report(results: readonly CrashResult[], version: string): string {
  const applied = followedBy('apply', results);
  return `# Crash points

${applied.length} runs of a real Terraform with the built provider against the emulator, each struck at one moment of
one of its calls. From the very situation that each has left, its user then goes on in up to five ways, ${results.length}
histories in all. Written by \`RELIABILITY_UPDATE=1 npm run test:crash\`${all ? ' with `RELIABILITY_ALL=1`' : ''} on
${surroundings(version)}.

## The next apply

\`terraform apply\` until it changes nothing.

${tableByCase(applied)}

The same by the stroke:

${tableByStrike(applied)}

## Whatever follows

A cell says how many histories there were, how many of the keys made live on in the end and were named by ID in what
the user saw, and how many live on and were not. "Block removed" is an apply without the resource; "renamed" is a plan
of the resource under another name, which has to tell of the one that holds the key, and then an apply with the
\`moved\` block. Where a run dies before anything is in the state, there is nothing to remove: Terraform calls no provider.

${tableByFollowUp(results)}
`;
}
