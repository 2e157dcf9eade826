import { join } from 'node:path';
import { succeeds } from '../../../support/command.js';
import { temporaryFolder } from '../../../support/temporary/folder.js';
import { KNOWN } from './known.js';
import type { Report } from './main.js';
import { partsWith } from './parts.js';
import { extent } from './share.js';

export const PATIENCE = { quick: 600_000, wide: 1_800_000, more: 7_200_000, full: 86_400_000 }[extent];

/** Of how many are promised, each of the two files has half. */
const PROMISED = { quick: 4000, wide: 125_000, more: 250_000, full: 1_000_000 }[extent];

/** Errors are made by the hundred thousand, and nobody reads where. */
export function withoutStacks(): void {
  Error.stackTraceLimit = 0;
}

/** What one file of the model walks. The other file's histories differ in `exclusive`, and so in what is provable. */
export function describeHistories(exclusive: boolean): void {
  let report: Report;
  beforeAll(async () => {
    report = await walkOutside(exclusive);
    console.info(summary(report));
  }, PATIENCE);

  test.each(partsWith(exclusive))('$title', ({ title }) => {
    expect(report.found[title]).toEqual([]);
  });

  test('as many histories have been walked as are promised', () => {
    expect(report.histories).toBeGreaterThan(PROMISED);
  });

  // A share of a share shows too little.
  if (extent === 'quick') return;

  test('every kind of decision has met every happening that it can meet', () => {
    expect(report.missing).toEqual([]);
  });

  const isSampled = extent === 'wide' || exclusive;
  test.each(KNOWN.filter(({ after, isRare }) => !isRare && (!after || !isSampled)))(
    'it is still so that $name',
    ({ name }) => {
      expect(report.known[name] ?? 0).toBeGreaterThan(0);
    },
  );
}

/** In a process of its own, as one bundle: Jest's sandbox, and its modules, make half as much work again of it. */
async function walkOutside(exclusive: boolean): Promise<Report> {
  const bundle = join(temporaryFolder('model'), 'main.cjs');
  const options = { cwd: __dirname };
  await succeeds(
    require.resolve('esbuild/bin/esbuild'),
    [
      join(__dirname, 'main.ts'),
      '--bundle',
      '--platform=node',
      '--target=node20',
      '--format=cjs',
      '--log-level=error',
      `--outfile=${bundle}`,
    ],
    options,
  );
  const bucket = exclusive ? 'exclusive' : 'shared';
  return JSON.parse((await succeeds(process.execPath, [bundle, bucket], options)).stdout) as Report;
}

function summary({ histories, coverage, known }: Report): string {
  const exceptions = Object.entries(known).map(([name, times]) => `Known, ${times} times: ${name}`);
  return [`${histories} histories`, coverage, ...exceptions].join('\n');
}
