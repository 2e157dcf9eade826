import { decideRefresh } from '../../../src/lifecycle/decide-refresh.js';
import type { AccessKey } from '../../../src/lifecycle/access-key.js';
import {
  CURRENT,
  hoursAgo,
  INACTIVE,
  LEFT,
  listed,
  NOW,
  OTHER,
  overlapping,
  PREVIOUS,
  resource,
  STRANGER,
  usedAt,
} from './decide-cases.js';

const alive = {
  state: 'alive',
  key: listed(CURRENT),
  time: { asOf: NOW },
  delivered: true,
  previous: null,
  isPreviousRestored: false,
  leftovers: [],
  listed: [listed(CURRENT)],
  unaccounted: [],
} as const;

const gone = (listing: readonly AccessKey[], asOf: Date | null = NOW) =>
  ({ state: 'gone', listed: listing, time: asOf && { asOf } }) as const;

test('a key that lives is remembered with what was seen of it', () => {
  expect(decideRefresh(resource(), alive)).toEqual({
    kind: 'present',
    key: listed(CURRENT),
    isDelivered: true,
    hasPrevious: false,
    leftovers: [],
    lastRefresh: { asOf: NOW, previous: null },
  });
});

test('a pair that is gone is told, and the key stays', () => {
  expect(decideRefresh(resource(), { ...alive, delivered: false })).toMatchObject({
    kind: 'present',
    isDelivered: false,
  });
});

test.each([false, true])(
  'so much of a previous key is remembered as decides when it goes (restored: %s)',
  (isRestored) => {
    const previous = listed(PREVIOUS, { status: 'Inactive', lastUse: usedAt(hoursAgo(3)) });
    expect(
      decideRefresh(overlapping(), { ...alive, previous, isPreviousRestored: isRestored }),
    ).toMatchObject({
      hasPrevious: true,
      lastRefresh: { previous: { status: 'Inactive', lastUse: usedAt(hoursAgo(3)), isRestored } },
    });
  },
);

test('leftovers that the refresh has found join those that were known', () => {
  const decision = decideRefresh(resource({ leftovers: [LEFT] }), { ...alive, leftovers: [listed(OTHER)] });
  expect(decision).toMatchObject({ leftovers: [LEFT, OTHER] });
});

test('a resource is forgotten when none of its keys lives', () => {
  const own = overlapping({ leftovers: [LEFT] });
  expect(decideRefresh(own, gone([listed(STRANGER)]))).toEqual({ kind: 'forget' });
  expect(decideRefresh(resource(), gone([]))).toEqual({ kind: 'forget' });
  expect(decideRefresh(resource(), gone([]), true)).toMatchObject({ kind: 'without current' });
});

test('a resource is forgotten with its bucket', () => {
  expect(decideRefresh(overlapping({ leftovers: [LEFT] }), gone([], null))).toEqual({ kind: 'forget' });
  // Whatever a list says that has no time: there is none without a bucket.
  expect(decideRefresh(overlapping(), gone([listed(PREVIOUS)], null))).toEqual({ kind: 'forget' });
});

test('without its current key a resource stays for the sake of the previous one', () => {
  const previous = listed(PREVIOUS, { lastUse: usedAt(hoursAgo(3)) });
  expect(decideRefresh(overlapping({ leftovers: [LEFT] }), gone([listed(STRANGER), previous]))).toEqual({
    kind: 'without current',
    hasPrevious: true,
    leftovers: [],
    lastRefresh: {
      asOf: NOW,
      previous: { status: 'Active', lastUse: usedAt(hoursAgo(3)), isRestored: false },
    },
  });
});

test('without its current key a resource stays for the sake of a leftover that lives', () => {
  const own = resource({ current: INACTIVE, leftovers: [LEFT, OTHER] });
  expect(decideRefresh(own, gone([listed(STRANGER), listed(OTHER)]))).toEqual({
    kind: 'without current',
    hasPrevious: false,
    leftovers: [OTHER],
    lastRefresh: { asOf: NOW, previous: null },
  });
});
