import { Emulator } from '../../src/emulator/index.js';
import { builtEdition, type Edition } from '../support/reliability/edition.js';
import { type RaceOrder, type RaceResult, RaceTrack, raceViolations } from '../support/reliability/race.js';
import { raceTable } from '../support/reliability/race-table.js';
import { publish, surroundings } from '../support/reliability/report.js';

const RUNS = 20;
const ROUNDS = 10;

describe('Of many applies at once, one wins and the others say so', () => {
  let edition: Edition;
  let emulator: Emulator;
  const groups: Record<string, RaceResult[]> = {};
  let buckets = 0;

  beforeAll(async () => {
    edition = builtEdition();
    emulator = await Emulator.start();
  });
  afterAll(async () => {
    await emulator.close();
    edition.remove();
    publish('concurrency.md', report(groups, edition.manifest.version));
  });

  async function race(
    name: string,
    rounds: number,
    runs: number,
    order: (round: number) => Omit<RaceOrder, 'bucket' | 'stranger'>,
    withStranger = false,
  ): Promise<void> {
    const track = await RaceTrack.open(emulator, edition, runs);
    const results: RaceResult[] = (groups[name] = []);
    try {
      for (let round = 0; round < rounds; round++) {
        const bucket = `race-${++buckets}`;
        emulator.createBucket(bucket);
        const stranger = withStranger ? { stranger: emulator.makeStrangerKey(bucket) } : {};
        results.push(await track.run({ ...order(round), ...stranger, bucket }));
      }
    } finally {
      await track.close();
    }
    expect(results.map((result) => raceViolations(result))).toEqual(results.map(() => []));
  }

  it(`${RUNS} applies of one configuration, as they come and all together`, () =>
    race('one file', ROUNDS, RUNS, (round) => ({ exclusive: false, together: round % 2 === 1 })));

  it(`${RUNS} applies of one configuration with exclusive = true`, () =>
    race('one file, `exclusive`', 4, RUNS, (round) => ({ exclusive: true, together: round % 2 === 1 })));

  it("two applies with files of their own, and one free slot beside a stranger's key", () =>
    race(
      "two files, one slot beside a stranger's key",
      4,
      2,
      (round) => ({ exclusive: false, together: round % 2 === 1, ownFiles: true }),
      true,
    ));
});

function report(groups: Readonly<Record<string, readonly RaceResult[]>>, version: string): string {
  return `# Concurrent applies

\`terraform apply\` of one configuration, run at the same time from working folders with a state of their own, on one
bucket. In every other round the emulator holds the runs back so that all of them go for the journal at once. Written
by \`RELIABILITY_UPDATE=1 npm run test:concurrent\` on ${surroundings(version)}.

${raceTable(groups)}
`;
}
