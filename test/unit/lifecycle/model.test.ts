import { GUARDS } from './model/guards.js';
import { PLAIN } from './model/scenario.js';
import {
  harderScenarios,
  manyPairs,
  plainScenarios,
  withoutStrangers,
  worstPairs,
} from './model/scenarios.js';
import { nothingWalked, walk } from './model/walk.js';
import type { Walked } from './model/walk.js';

// MODEL=full walks nearly all pairs of happenings, which takes minutes.
const isFull = process.env.MODEL === 'full';
jest.setTimeout(isFull ? 3_600_000 : 300_000);

let histories = 0;

afterAll(() => {
  console.info(`The model walked ${histories} histories.`);
});

function expectNoViolation(walked: Walked): void {
  histories += walked.histories;
  const found = [...walked.violations].map(
    ([what, { times, example }]) => `${what} (${times} times): ${example}`,
  );
  expect(found).toEqual([]);
}

test.each([false, true])(
  'whatever befalls one step of any route and action, no key is leaked or stolen (exclusive: %s)',
  async (exclusive) => {
    const walked = nothingWalked();
    for (const scenario of plainScenarios(exclusive)) await walk(scenario, walked);
    expectNoViolation(walked);
  },
);

test.each([false, true])(
  'nor on a shared bucket, on changing machines, after hours, or with a slow API (exclusive: %s)',
  async (exclusive) => {
    const walked = nothingWalked();
    const actions = isFull ? undefined : (['create', 'replace-before-destroy', 'rotate-overlap'] as const);
    if (!exclusive || isFull) {
      for (const scenario of harderScenarios(exclusive, actions)) await walk(scenario, walked);
    } else {
      for (const scenario of harderScenarios(exclusive, ['create'])) await walk(scenario, walked);
    }
    expectNoViolation(walked);
  },
);

test.each([false, true])(
  'nor when a second misfortune follows in the same run or a later one (exclusive: %s)',
  async (exclusive) => {
    const walked = nothingWalked();
    const all = isFull ? manyPairs : worstPairs;
    const pairs = exclusive ? withoutStrangers(all) : all;
    const scenarios = plainScenarios(exclusive).filter(
      ({ action }) => isFull || action === 'create' || action === 'rotate-overlap',
    );
    for (const scenario of scenarios) await walk(scenario, walked, { pairs });
    expectNoViolation(walked);
  },
);

test.each(GUARDS)('the model fails without $name', async ({ sabotage, scenario }) => {
  const walked = nothingWalked();
  const whole = { ...PLAIN, ...scenario };
  const unharmed = nothingWalked();
  const pairs = whole.exclusive ? withoutStrangers(worstPairs) : worstPairs;
  await walk(whole, walked, { pairs, sabotage, upTo: 1 });
  expect([...walked.violations.keys()]).not.toEqual([]);
  // The same scenario is sound with the guard: it is not the scenario that fails.
  await walk(whole, unharmed);
  expect([...unharmed.violations.keys()]).toEqual([]);
  histories += walked.histories + unharmed.histories;
});
