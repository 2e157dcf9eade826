import fc from 'fast-check';
import { NOT_REPORTED } from '../../../src/lifecycle/access-key.js';
import { newKeyIn } from '../../../src/lifecycle/decide.js';
import { AT_APPLY } from '../../../src/lifecycle/resource.js';
import type { CurrentKey } from '../../../src/lifecycle/resource.js';
import {
  PLACE,
  CURRENT,
  daysAgo,
  decided,
  resource,
  hoursAgo,
  NOW,
  overlapping,
  usedAt,
  wanted,
} from './decide-cases.js';

/** As a full answer would make both of them due. */
const FULL = {
  current: { id: CURRENT, status: 'Active', createdAt: daysAgo(400) },
  asOf: NOW,
  previous: { status: 'Active', lastUse: null, isRestored: false },
};
const POLICY = { afterDays: 90, overlapHours: 24, onStillUsed: 'block' } as const;

interface Answer {
  readonly current: CurrentKey;
  readonly asOf: Date | null;
  readonly previous:
    typeof FULL.previous | { status: string; lastUse: typeof NOT_REPORTED; isRestored: false };
}

function decisionOn({ current, asOf, previous }: Answer) {
  const resource = overlapping({ current, destination: PLACE, lastRefresh: { asOf, previous } });
  return decided(resource, wanted({ policy: POLICY }));
}

test('with a whole answer the current key is due and the previous one retired', () => {
  expect(decisionOn(FULL)).toMatchObject({ current: { kind: 'rotate' }, previous: { kind: 'retire' } });
});

const status = fc.oneof(
  fc.constantFrom('Active', 'unknown', 'Expiring', 'active', ''),
  fc.string().filter((text) => text !== 'Inactive'),
);
const answer = fc.record({
  status,
  previousStatus: status,
  createdAt: fc.constantFrom(null, daysAgo(400)),
  asOf: fc.constantFrom(null, NOW),
  lastUse: fc.constantFrom(NOT_REPORTED, null, usedAt(hoursAgo(300))),
});

test('no key is made for its age where its own status, its time or the time of the answer is not told', () => {
  fc.assert(
    fc.property(answer, ({ status, createdAt, asOf, previousStatus, lastUse }) => {
      fc.pre(status !== 'Active' || createdAt === null || asOf === null);
      const current = { id: CURRENT, status, createdAt };
      const previous = { status: previousStatus, lastUse, isRestored: false } as typeof FULL.previous;
      expect(decisionOn({ current, asOf, previous }).current).toEqual({ kind: 'keep' });
    }),
    { numRuns: 500 },
  );
});

test('no key is deleted where anything that decides about it is not told', () => {
  fc.assert(
    fc.property(answer, ({ status, createdAt, asOf, previousStatus, lastUse }) => {
      const isWhole =
        status === 'Active' && previousStatus === 'Active' && createdAt !== null && asOf !== null;
      fc.pre(!isWhole || lastUse === NOT_REPORTED);
      const current = { id: CURRENT, status, createdAt };
      const previous = { status: previousStatus, lastUse, isRestored: false } as typeof FULL.previous;
      const decision = decisionOn({ current, asOf, previous });
      expect(decision.previous).toMatchObject({ kind: 'keep', why: { kind: 'undetermined' } });
      expect(decision.leftovers).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

const UNKNOWN = { id: CURRENT, status: 'Expiring', createdAt: daysAgo(1) };

test('a lost pair of a key of unknown status makes no key: the change stays in the plan, and its apply is refused', () => {
  const { current } = decided(resource({ current: UNKNOWN, isDelivered: false }), wanted());
  expect(current).toMatchObject({ kind: 'rotate', cause: { kind: 'repair' } });
  expect('newKey' in current && current.newKey.problem?.message).toContain(`No successor of key ${CURRENT}`);
});

test('nor does a key of unknown status that was never delivered', () => {
  const { current } = decided(resource({ current: UNKNOWN, destination: null }), wanted());
  expect('newKey' in current && current.newKey.problem?.message).toContain('AWS does not report');
});

test('its author gets another key all the same, by other keepers or another destination', () => {
  for (const change of [{ keepers: 'another' }, { destination: 'file:other.json' }]) {
    const { current } = decided(resource({ current: UNKNOWN }), wanted(change));
    expect(current).toMatchObject({ kind: 'rotate', newKey: { problem: null } });
  }
});

test('what is known only at apply may be what its author asks for: so another key for one of unknown status stays open', () => {
  for (const to of [
    wanted({ destination: AT_APPLY, namesDestination: false }),
    wanted({ isRotationKnown: false }),
  ]) {
    const decision = decided(resource({ current: UNKNOWN }), to);
    expect(decision.current).toMatchObject({ kind: 'undecided', as: { kind: 'rotate' } });
    expect(newKeyIn(decision)?.problem).toBeNull();
  }
});
