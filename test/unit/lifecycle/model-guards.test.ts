import { GUARDS } from './model/guards.js';
import { PLAIN } from './model/scenario.js';
import { withoutStrangers, worstPairs } from './model/scenarios.js';
import { PATIENCE, withoutStacks } from './model/suite.js';
import { nothingWalked, walk } from './model/walk.js';

jest.setTimeout(PATIENCE);
beforeAll(withoutStacks);

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
});
