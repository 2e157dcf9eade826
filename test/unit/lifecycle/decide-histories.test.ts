import { storedForm } from '../../../src/lifecycle/decide.js';
import type { Decision } from '../../../src/lifecycle/decide.js';
import type { Situation } from '../../../src/lifecycle/inspect.js';
import { AT_APPLY } from '../../../src/lifecycle/resource.js';
import type { Configuration, Resource } from '../../../src/lifecycle/resource.js';
import {
  CURRENT,
  decided,
  found,
  foundBucket,
  hoursAgo,
  INACTIVE,
  LEFT,
  listed,
  looked,
  mark,
  NO_BUCKET,
  NO_PAIR,
  NOTHING_FOUND,
  OTHER,
  overlapping,
  PAIR_IN_PLACE,
  PREVIOUS,
  processView,
  resource,
  RESTORED,
  STRANGER,
  usedAt,
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
  OLD,
  due,
  AFTER_A_MONTH,
  undelivered,
  contradictions,
  planTwice,
} from './decide-pairs.js';

const resources: Resource[] = [
  resource(),
  due(),
  due({ leftovers: [LEFT] }),
  due({ isHookPending: true }),
  undelivered(),
  undelivered({ leftovers: [LEFT], isHookPending: true }),
  undelivered({ current: INACTIVE }),
  resource({ isDelivered: false }),
  resource({ current: INACTIVE, isHookPending: true }),
  resource({ current: null, leftovers: [LEFT] }),
  overlapping(),
  overlapping({ current: null }),
  overlapping({ isDelivered: false, lastRefresh: RESTORED }),
  overlapping({ current: OLD, lastRefresh: null }),
  overlapping({ current: OLD, leftovers: [LEFT] }),
  overlapping({ current: OLD, destination: null }),
  overlapping({ current: OLD, lastRefresh: looked({ lastUse: usedAt(hoursAgo(1)) }) }),
];
const known: Configuration[] = [
  wanted(HOOKED),
  AFTER_A_MONTH,
  wanted({ keepers: 'new', exclusive: true }),
  wanted({ destination: 'file:other.json', policy: { overlapHours: 0 } }),
];
const owned: Situation = { kind: 'owned', mark: mark(OTHER), beside: null };
const worlds: Outside[] = [
  ROOM,
  NO_ROOM,
  KEY_GONE,
  holding(CURRENT, PREVIOUS),
  there({ inspection: found(owned) }),
  there({ inspection: foundBucket(listed(CURRENT), listed(STRANGER)) }),
  there({ inspection: NO_BUCKET }),
  there({ inspection: NOTHING_FOUND }),
].flatMap((world) => [
  { ...world, pair: NO_PAIR },
  { ...world, pair: PAIR_IN_PLACE },
]);

/** What may not have been known yet of these arguments. */
const earlier = (to: Configuration): Configuration[] => [
  to,
  { ...to, hasHook: AT_APPLY },
  { ...to, destination: AT_APPLY, namesDestination: false },
  { ...to, keepers: AT_APPLY, rotation: { ...to.rotation, isKnown: false, isOverlapKnown: false } },
];

const everyPair = known.flatMap((after) => earlier(after).map((before) => [before, after] as const));

/** Every plan of one resource, and every second one, each made once. */
function walk(
  from: Resource | null,
  handsOn: boolean,
  isExcepted: (first: Outside, then: Outside) => boolean = () => false,
) {
  const wrong = new Set<string>();
  let pairs = 0;
  const seconds = new Map<string, Decision>();
  for (const [index, [before, after]] of everyPair.entries()) {
    for (const world of worlds) {
      const first = decided(from, before, world);
      const promised = handsOn ? storedForm(first) : null;
      for (const [at, next] of worlds.entries()) {
        if (isExcepted(world, next)) continue;
        const name = `${index} ${at} ${promised?.current ?? ''}`;
        const second = seconds.get(name) ?? decided(from, after, { ...next, promised });
        seconds.set(name, second);
        pairs += 1;
        for (const value of contradictions({ first, second })) {
          wrong.add(`${value}: ${first.current.kind}, then ${second.current.kind}`);
        }
      }
    }
  }
  expect(pairs).toBeGreaterThan(1000);
  return [...wrong];
}

test('what was told stays so where Terraform hands the promise on', () => {
  expect(resources.flatMap((from) => walk(from, true))).toEqual([]);
});

test('what was told stays so before Terraform 1.16, as long as the pair is not gone', () => {
  const isGone = (first: Outside, then: Outside) => first.pair.isInPlace && !then.pair.isInPlace;
  expect(resources.flatMap((from) => walk(from, false, isGone))).toEqual([]);
});

test('before Terraform 1.16, nothing but a take-over is taken back', () => {
  const wrong = new Set(resources.flatMap((from) => walk(from, false)));
  expect([...wrong].sort()).toEqual(['key: take over, then rotate', 'previous: take over, then rotate']);
});

test('a provider that was not known yet tells nothing that is taken back', () => {
  const unasked = { ...ROOM, process: processView({ canAsk: false }) };
  for (const from of resources) {
    for (const [before, after] of everyPair) {
      const first = { wanted: before, outside: unasked };
      for (const world of worlds) {
        expect(contradictions(planTwice(from, first, { wanted: after, outside: world }))).toEqual([]);
      }
    }
  }
});

test('a creation stays one', () => {
  expect(walk(null, true)).toEqual([]);
});
