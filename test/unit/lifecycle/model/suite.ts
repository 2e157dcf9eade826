import { KNOWN } from './known.js';
import {
  harderScenarios,
  plainScenarios,
  rowScenarios,
  sampledPairs,
  withoutStrangers,
} from './scenarios.js';
import { extent, sample } from './share.js';
import { nothingWalked, walk } from './walk.js';
import type { Pairs, Walked } from './walk.js';

export const PATIENCE = { quick: 600_000, wide: 1_800_000, more: 7_200_000, full: 86_400_000 }[extent];

/** Of a quarter of a million, each of the two files has half. */
const PROMISED = { quick: 4000, wide: 14_000, more: 125_000, full: 1_000_000 }[extent];

const every: Pairs = () => true;

/** Errors are made by the hundred thousand, and nobody reads where. */
export function withoutStacks(): void {
  Error.stackTraceLimit = 0;
}

/** What one file of the model walks. The other file's histories differ in `exclusive`, and so in what is provable. */
export function describeHistories(exclusive: boolean): void {
  const walked = nothingWalked();
  jest.setTimeout(PATIENCE);
  beforeAll(withoutStacks);
  afterAll(() => {
    console.info(report(walked));
  });

  test('whatever befalls one step of any route and action, and then another, no key is leaked or stolen', async () => {
    const pairs = sampledPairs({
      worst: sample({ quick: 110, wide: 110, more: 1 }),
      other: sample({ quick: 2800, wide: 2800, more: 25 }),
    });
    const share = sample({ quick: 3, wide: 1, more: 1 });
    for (const scenario of plainScenarios(exclusive)) {
      await walk(scenario, walked, { share, pairs: exclusive ? withoutStrangers(pairs) : pairs });
    }
    expect(found(walked)).toEqual([]);
  });

  test('nor on a shared bucket, on changing machines, after hours, with a slow API, hooks or open arguments', async () => {
    const share = sample({ quick: 600, wide: 200, more: 7 });
    const pairs = extent === 'full' ? { pairs: exclusive ? withoutStrangers(every) : every } : { share };
    for (const scenario of harderScenarios(exclusive)) await walk(scenario, walked, pairs);
    expect(found(walked)).toEqual([]);
  });

  // Two that both say it on one bucket are refused.
  if (!exclusive) {
    test('nor where several resources of one configuration share a bucket, in whatever order they are planned and applied', async () => {
      const rows = sample({ quick: 3, wide: 1, more: 1 });
      const share = sample({ quick: 600, wide: 400, more: 20 });
      for (const scenario of rowScenarios()) if (rows.isTaken()) await walk(scenario, walked, { share });
      expect(found(walked)).toEqual([]);
    });
  }

  test('as many histories have been walked as are promised', () => {
    expect(walked.histories).toBeGreaterThan(PROMISED);
  });

  // A share of a share shows too little.
  if (extent === 'quick') return;

  test('every kind of decision has met every happening that it can meet', () => {
    expect(walked.coverage.missing).toEqual([]);
  });

  const isSampled = extent === 'wide' || exclusive;
  test.each(KNOWN.filter(({ after, isRare }) => !isRare && (!after || !isSampled)))(
    'it is still so that $name',
    ({ name }) => {
      expect(walked.known.get(name) ?? 0).toBeGreaterThan(0);
    },
  );
}

function found({ violations }: Walked): string[] {
  return [...violations].map(([what, { times, example }]) => `${what} (${times} times): ${example}`);
}

function report({ histories, coverage, known }: Walked): string {
  const exceptions = [...known].map(([name, times]) => `Known, ${times} times: ${name}`);
  return [`${histories} histories`, coverage.toString(), ...exceptions].join('\n');
}
