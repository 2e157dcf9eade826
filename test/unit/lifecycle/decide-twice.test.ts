import { newKeyIn, refusalIn } from '../../../src/lifecycle/decide.js';
import { AT_APPLY } from '../../../src/lifecycle/resource.js';
import type { Configuration, Resource } from '../../../src/lifecycle/resource.js';
import {
  CURRENT,
  LEFT,
  NOTHING_FOUND,
  OTHER,
  PAIR_IN_PLACE,
  resource,
  STRANGER,
  TITLE,
  wanted,
} from './decide-cases.js';
import type { Outside } from './decide-cases.js';
import {
  there,
  holding,
  ROOM,
  NO_ROOM,
  KEY_GONE,
  HOOKED,
  due,
  AFTER_A_MONTH,
  undelivered,
  contradictions,
  isNoChange,
  planTwice,
} from './decide-pairs.js';

/** Both plans with the same arguments. */
function inBetween(
  from: Resource | null,
  to: Configuration,
  before: Outside,
  after: Outside,
  handsOn = false,
) {
  const [first, second] = [before, after].map((at) => ({ wanted: to, outside: at }));
  if (!first || !second) throw new Error('There are two moments.');
  const pair = planTwice(from, first, second, { handsOn });
  return { ...pair, kinds: [pair.first.current.kind, pair.second.current.kind] };
}

describe('a slot is taken between the plan and its apply', () => {
  test('a key that is merely due then waits: the update becomes none', () => {
    const pair = inBetween(due(), AFTER_A_MONTH, ROOM, NO_ROOM);
    expect(pair.kinds).toEqual(['rotate', 'defer']);
    expect([contradictions(pair), isNoChange(pair.second)]).toEqual([[], true]);
  });

  test('a key that is merely due then waits, and what else is to be done is done', () => {
    const from = due({ leftovers: [LEFT], isHookPending: true });
    const to = wanted({ policy: { afterDays: 30 }, ...HOOKED });
    const pair = inBetween(from, to, ROOM, NO_ROOM);
    expect(pair.second).toMatchObject({ current: { kind: 'defer' }, leftovers: [LEFT], hook: 'run again' });
    expect(contradictions(pair)).toEqual([]);
  });

  test('what its author asked for is refused then', () => {
    const pair = inBetween(resource(), wanted({ keepers: 'new' }), ROOM, NO_ROOM);
    expect([refusalIn(pair.first), refusalIn(pair.second) === null]).toEqual([null, false]);
  });

  test('a creation is refused then', () => {
    const pair = inBetween(null, wanted(), holding(OTHER), holding(OTHER, STRANGER));
    expect([refusalIn(pair.first), refusalIn(pair.second) === null]).toEqual([null, false]);
  });

  test('a repair stays planned, and apply meets the problem itself', () => {
    const pair = inBetween(resource({ isDelivered: false }), wanted(), ROOM, NO_ROOM);
    expect(pair.kinds).toEqual(['rotate', 'rotate']);
    expect(newKeyIn(pair.second)?.problem).not.toBeNull();
    expect([refusalIn(pair.second), contradictions(pair)]).toEqual([null, []]);
  });
});

describe('a slot is freed between the plan and its apply', () => {
  test('a key that waits and has nothing else to do is not applied at all', () => {
    const pair = inBetween(due(), AFTER_A_MONTH, NO_ROOM, ROOM);
    expect(pair.kinds).toEqual(['defer', 'rotate']);
    expect(isNoChange(pair.first)).toBe(true);
  });

  test.each([
    ['a leftover to delete', due({ leftovers: [LEFT] })],
    ['a hook to run', due({ isHookPending: true })],
  ])('a key that waits beside %s is replaced then', (_, from) => {
    const to = wanted({ policy: { afterDays: 30 }, ...HOOKED });
    const pair = inBetween(from, to, holding(CURRENT, STRANGER, OTHER), ROOM);
    expect(pair.kinds).toEqual(['defer', 'rotate']);
    expect([isNoChange(pair.first), contradictions(pair)]).toEqual([false, []]);
  });
});

describe('the key is gone between the plan and its apply', () => {
  test.each<[string, Resource, Configuration]>([
    ['a rotation', due(), AFTER_A_MONTH],
    ['what its author asked for', resource(), wanted({ keepers: 'new' })],
    ['a repair', resource({ isDelivered: false }), wanted()],
  ])('%s stays as it was planned', (_, from, to) => {
    const pair = inBetween(from, to, ROOM, KEY_GONE);
    expect(pair.kinds).toEqual(['rotate', 'rotate']);
    expect(pair.second.replacing).toEqual(pair.first.replacing);
    expect(contradictions(pair)).toEqual([]);
  });

  test('the key that stays is judged by its refresh, in both plans', () => {
    const from = resource({ leftovers: [LEFT] });
    const pair = inBetween(from, wanted(), ROOM, KEY_GONE);
    expect([pair.kinds, contradictions(pair)]).toEqual([['keep', 'keep'], []]);
  });
});

describe('the pair is gone between the plan and its apply', () => {
  const inPlace = { ...ROOM, pair: PAIR_IN_PLACE };
  const cases: [string, Resource][] = [
    ['never delivered', undelivered()],
    ['lost', resource({ isDelivered: false })],
  ];

  test.each(cases)(
    'a pair that was to be taken over is so, as promised: apply looks itself (%s)',
    (_, from) => {
      const pair = inBetween(from, wanted(), inPlace, ROOM, true);
      expect(pair.second.current).toEqual({ kind: 'take over', key: CURRENT, title: null });
      expect(contradictions(pair)).toEqual([]);
    },
  );

  test.each(cases)('what was promised holds where there is no room, too (%s)', (_, from) => {
    const pair = inBetween(from, wanted(), inPlace, there({ inspection: NOTHING_FOUND }), true);
    expect([pair.kinds, contradictions(pair)]).toEqual([['take over', 'take over'], []]);
  });

  test.each(cases)(
    'before Terraform 1.16 nobody tells the second plan of the promise, and it contradicts the first (%s)',
    (_, from) => {
      const pair = inBetween(from, wanted(), inPlace, ROOM);
      expect(pair.kinds).toEqual(['take over', 'rotate']);
      expect(contradictions(pair)).toEqual(['key', 'previous']);
    },
  );

  test('a take-over that was not promised, since its form was not known, is none then', () => {
    const first = { wanted: wanted({ destination: AT_APPLY }), outside: inPlace };
    const pair = planTwice(undelivered(), first, { wanted: wanted(), outside: ROOM }, { handsOn: true });
    expect(pair.first.current).toMatchObject({ kind: 'undecided', as: { kind: 'take over' } });
    expect([pair.second.current.kind, contradictions(pair)]).toEqual(['rotate', []]);
  });
});

test.each([false, true])('a pair that comes in between is taken over (handed on: %s)', (handsOn) => {
  const pair = inBetween(undelivered(), wanted(), ROOM, { ...ROOM, pair: PAIR_IN_PLACE }, handsOn);
  expect([pair.kinds, contradictions(pair)]).toEqual([['rotate', 'take over'], []]);
});

test('the title of the place is not needed to keep a promise', () => {
  const inPlace = { ...ROOM, pair: PAIR_IN_PLACE };
  const pair = inBetween(undelivered(), wanted(), inPlace, inPlace, true);
  expect(pair.first.current).toMatchObject({ title: TITLE });
  expect(pair.second.current).toMatchObject({ kind: 'take over', title: null });
});
