import type * as Cause from '../../../src/lifecycle/cause.js';
import { GUARDS } from './model/guards.js';
import { rules } from './model/rules.js';
import type * as Rules from './model/rules.js';
import { PLAIN } from './model/scenario.js';
import { withoutStrangers, worstPairs } from './model/scenarios.js';
import { PATIENCE, withoutStacks } from './model/suite.js';
import { nothingWalked, walk } from './model/walk.js';

jest.mock('../../../src/lifecycle/cause.js', () => {
  const shipped = jest.requireActual<typeof Cause>('../../../src/lifecycle/cause.js');
  const { rules: changed } = jest.requireActual<typeof Rules>('./model/rules.js');
  const causeToReplace: typeof shipped.causeToReplace = (...of) =>
    changed.cause(shipped.causeToReplace(...of));
  return { ...shipped, causeToReplace };
});

jest.setTimeout(PATIENCE);
beforeAll(withoutStacks);

test.each(GUARDS)('the model fails without $name', async ({ sabotage, scenario, pairs: chosen }) => {
  const walked = nothingWalked();
  const whole = { ...PLAIN, ...scenario };
  const unharmed = nothingWalked();
  const pairs = chosen ?? (whole.exclusive ? withoutStrangers(worstPairs) : worstPairs);
  const { cause } = rules;
  rules.cause = sabotage.cause ?? cause;
  await walk(whole, walked, { pairs, sabotage, upTo: 1 });
  rules.cause = cause;
  expect([...walked.violations.keys()]).not.toEqual([]);
  // The same scenario is sound with the guard: it is not the scenario that fails.
  await walk(whole, unharmed);
  expect([...unharmed.violations.keys()]).toEqual([]);
});
