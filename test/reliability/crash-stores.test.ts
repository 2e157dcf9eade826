import { reportBroken } from '../support/reliability/findings-report.js';
import { type Depth, DEPTHS, STORE_CASES, storePointsOf } from '../support/reliability/points.js';
import { publish, surroundings } from '../support/reliability/report.js';
import { SHARE, shareOf } from '../support/reliability/share.js';
import { Stages } from '../support/reliability/stages.js';
import { followedBy, type Played, tableByFollowUp, tableByStore } from '../support/reliability/table.js';

/** What a pipeline has time for; RELIABILITY_DEPTH asks for more: `each change` takes half an hour, the last hours. */
const depth = depthFrom(process.env.RELIABILITY_DEPTH ?? 'sample');
const asked = depth === 'sample' ? '' : `RELIABILITY_DEPTH='${depth}' `;

describe('Whatever call to AWS or to its store a run is killed at, the next ones find what it made', () => {
  let stages: Stages;
  const played: Played[] = [];

  beforeAll(async () => {
    stages = await Stages.open();
  });
  afterAll(async () => {
    await stages.close();
    if (played.length > 0 && SHARE === 1) publish('crash-points-stores.md', report(played, stages.version));
  });

  it.each(STORE_CASES)('$route, $scenario, exclusive = $exclusive', async (of) => {
    const stage = stages.for(of);
    const calls = await stage.dryRun(of);
    const points = storePointsOf(of, calls, depth);
    const results = await stage.play(shareOf(points, STORE_CASES.indexOf(of)));
    played.push({ of, calls: calls.length, results });
    // The test runner says nothing before the last row is done.
    process.stdout.write(
      `${of.route}, ${of.scenario}, exclusive = ${of.exclusive}: ${results.length} histories\n`,
    );
    expect(reportBroken(results)).toEqual([]);
  });
});

function depthFrom(wanted: string): Depth {
  const depth = DEPTHS.find((each) => each === wanted);
  if (!depth) throw new Error(`RELIABILITY_DEPTH is ${wanted}, not one of: ${DEPTHS.join(', ')}.`);
  return depth;
}

function report(played: readonly Played[], version: string): string {
  const results = played.flatMap(({ results }) => results);
  const applied = played.map((each) => ({ ...each, results: followedBy('apply', each.results) }));
  const points = applied.reduce((sum, { results }) => sum + results.length, 0);
  const walked = {
    sample: `at one of its calls: each that makes or deletes a key, before it and once it has its effect, and a third
of the others that change anything, half of them where a key is turned over, not the same ones in all scenarios; \`RELIABILITY_DEPTH='each change'\` or
\`'every moment'\` asks for more`,
    'each change': `at one of its calls: each call that changes anything is struck once it has, by turns before and
after its answer, which between them leave every state that a run can leave`,
    'every moment': 'at each of three moments of each of its calls',
  }[depth];
  return `# Crash points of the stores

${points} runs of a real Terraform with the built provider against the emulator and the stores (moto behind strict
stand-ins, a stand-in of Vault, an author's own program, a file with \`age_recipients\`), whose provider is killed with
SIGKILL ${walked}. From there their users go on in up to five ways, ${results.length} histories in all. "Calls" are those of the whole run to Lightsail, S3 and the store, of a file each change to the disk (told of
by a provider built for that). Written by \`RELIABILITY_UPDATE=1 ${asked}npm run test:crash-stores\` on
${surroundings(version)}.

## The next apply

${tableByStore(applied)}

## Whatever follows

Read as in [the other table](crash-points.md#whatever-follows).

${tableByFollowUp(results)}
`;
}
