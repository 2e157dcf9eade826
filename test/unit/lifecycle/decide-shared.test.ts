import { givenUpBy, withheld } from '../../../src/lifecycle/decide-shared.js';
import { AT_APPLY, keysOf } from '../../../src/lifecycle/resource.js';
import {
  CURRENT,
  decided,
  foundBucket,
  LEFT,
  listed,
  outside,
  overlapping,
  PREVIOUS,
  resource,
  STRANGER,
  wanted,
} from './decide-cases.js';

const outward = outside();
const gone = (...call: Parameters<typeof decided>) => givenUpBy(call[0] ?? resource(), decided(...call));

test('a resource has its current key, the one before, and what is left of others', () => {
  expect(keysOf(overlapping({ leftovers: [LEFT] }))).toEqual([CURRENT, PREVIOUS, LEFT]);
  expect(keysOf(resource({ current: null }))).toEqual([]);
});

describe('What a decision gives up', () => {
  test('is nothing where the key stays', () => {
    expect(gone(resource(), wanted(), outward)).toEqual([]);
    expect(gone(overlapping(), wanted({ policy: { overlapHours: 48 } }), outward)).toEqual([]);
  });

  test('is the current key where another follows it', () => {
    expect(gone(resource(), wanted({ keepers: 'new' }), outward)).toEqual([CURRENT]);
  });

  test('may be everything where apply decides', () => {
    expect(gone(overlapping(), wanted({ isRotationKnown: false }), outward)).toEqual([CURRENT, PREVIOUS]);
    expect(gone(resource(), wanted({ keepers: AT_APPLY }), outward)).toEqual([CURRENT]);
    const full = outside({ inspection: foundBucket(listed(CURRENT), listed(STRANGER)) });
    expect(gone(resource({ isDelivered: false }), wanted(), full)).toEqual([CURRENT]);
  });

  test('are the previous key and leftovers that are deleted', () => {
    const over = overlapping({ leftovers: [LEFT] });
    const policy = { overlapHours: 0, onStillUsed: 'retire' } as const;
    expect(gone(over, wanted({ policy }), outward)).toEqual([PREVIOUS, LEFT]);
  });

  test('is all of it on another bucket', () => {
    expect(gone(overlapping(), wanted({ bucket: 'archive' }), outward)).toEqual([CURRENT, PREVIOUS]);
  });
});

test('withheld, a decision gives up nothing', () => {
  for (const one of [resource({ leftovers: [LEFT] }), overlapping({ leftovers: [LEFT] })]) {
    expect(givenUpBy(one, withheld(one))).toEqual([]);
  }
});
