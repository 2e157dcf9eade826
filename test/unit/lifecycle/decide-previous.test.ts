import type { PreviousDecision } from '../../../src/lifecycle/decide.js';
import { newKeyIn, refusalIn } from '../../../src/lifecycle/decide.js';
import { duringOverlap } from '../../../src/lifecycle/refusals.js';
import { AT_APPLY } from '../../../src/lifecycle/resource.js';
import type { Resource } from '../../../src/lifecycle/resource.js';
import { NOTHING_IN_THE_WAY } from '../../../src/lifecycle/room.js';
import type { Retirement } from '../../../src/lifecycle/rotation-policy.js';
import {
  BUCKET,
  CURRENT,
  daysAgo,
  decided,
  found,
  hoursAgo,
  INACTIVE,
  IS_READ_AGAIN,
  LEFT,
  listed,
  looked,
  NOW,
  outside,
  overlapping,
  plan,
  PREVIOUS,
  resource,
  RESTORED,
  usedAt,
  wanted,
} from './decide-cases.js';

type Wanted = Parameters<typeof wanted>[0];

const made = (createdAt: Date | null) => ({ current: { id: CURRENT, status: 'Active', createdAt } });

/** Its overlap of 24 h was over an hour ago, unless changed. */
const over = (changes: Partial<Resource> = {}) => overlapping({ ...made(hoursAgo(25)), ...changes });

const DUE: Retirement = { kind: 'due', why: 'overlap-over', since: hoursAgo(1), use: null };

describe('a previous key', () => {
  test.each<[string, Resource, Wanted, PreviousDecision]>([
    ['that is not there needs none', resource(), {}, { kind: 'none' }],
    ['is retired when its time is over', over(), {}, { kind: 'retire', key: PREVIOUS, why: DUE }],
    [
      'is kept until then',
      over(made(hoursAgo(23))),
      {},
      { kind: 'keep', key: PREVIOUS, why: { kind: 'in overlap', until: hoursAgo(-1) } },
    ],
    [
      'is kept as long as it is used',
      over({ lastRefresh: looked({ lastUse: usedAt(hoursAgo(2)) }) }),
      {},
      {
        kind: 'blocked',
        key: PREVIOUS,
        why: { kind: 'blocked', until: hoursAgo(1), use: usedAt(hoursAgo(2)) },
      },
    ],
    [
      'is retired in spite of its use where that is wanted',
      over({ lastRefresh: looked({ lastUse: usedAt(hoursAgo(2)) }) }),
      { policy: { onStillUsed: 'retire' } },
      { kind: 'retire', key: PREVIOUS, why: { ...DUE, use: usedAt(hoursAgo(2)) } },
    ],
    [
      'is kept where consumers read its pair again',
      over({ lastRefresh: RESTORED }),
      {},
      { kind: 'keep', key: PREVIOUS, why: IS_READ_AGAIN },
    ],
    [
      'is kept where no refresh has been',
      over({ lastRefresh: null }),
      {},
      { kind: 'keep', key: PREVIOUS, why: null },
    ],
    [
      'is kept where no refresh has seen it',
      over({ lastRefresh: { asOf: NOW, previous: null } }),
      {},
      { kind: 'keep', key: PREVIOUS, why: null },
    ],
    [
      'is kept where nobody knows when its time began',
      over(made(null)),
      {},
      { kind: 'keep', key: PREVIOUS, why: { kind: 'undetermined', what: "its successor's time" } },
    ],
    [
      'is kept where S3 refuses the one that has followed it: consumers have no other',
      over({ current: { ...INACTIVE, createdAt: hoursAgo(25) } }),
      {},
      { kind: 'keep', key: PREVIOUS, why: { kind: 'successor unusable' } },
    ],
    [
      'without an overlap is retired, whatever AWS tells of the time',
      over({ ...made(null), lastRefresh: looked({}, null) }),
      { policy: { overlapHours: 0 } },
      { kind: 'retire', key: PREVIOUS, why: { kind: 'due', why: 'no-overlap', use: null } },
    ],
    [
      'that is Inactive is retired, whatever AWS tells of the time',
      over({ ...made(null), lastRefresh: looked({ status: 'Inactive' }, null) }),
      {},
      { kind: 'retire', key: PREVIOUS, why: { kind: 'due', why: 'inactive', use: null } },
    ],
    [
      'is kept where it is all that consumers have',
      over({ current: null }),
      { policy: { overlapHours: 0 } },
      { kind: 'keep', key: PREVIOUS, why: null },
    ],
    [
      'is undecided where a part of the rotation is known only at apply',
      over(),
      { isRotationKnown: false },
      { kind: 'undecided', key: PREVIOUS },
    ],
  ])('%s', (_, from, to, previous) => {
    expect(decided(from, wanted(to)).previous).toEqual(previous);
  });

  test('is judged by the time of the last refresh, which every plan is given', () => {
    const from = over({ lastRefresh: looked({}, hoursAgo(2)) });
    expect(decided(from, wanted()).previous).toMatchObject({ kind: 'keep', why: { kind: 'in overlap' } });
  });

  test('that no state holds is none, whatever a refresh has seen', () => {
    expect(decided(over({ previous: null }), wanted()).previous).toEqual({ kind: 'none' });
  });
});

describe('a rotation during an overlap', () => {
  const elsewhere = wanted({ destination: 'file:other.json' });
  const refused = (from: Resource, why: Exclude<Retirement, { kind: 'due' }>) => {
    const { decision, looks } = plan(from, elsewhere);
    const newKey = newKeyIn(decision);
    expect(newKey?.room).toBe(NOTHING_IN_THE_WAY);
    expect(newKey?.problem).toEqual(duringOverlap(BUCKET, { current: CURRENT, previous: PREVIOUS }, why));
    expect(refusalIn(decision)).toBe(newKey?.problem);
    expect([decision.replacing, looks]).toEqual([[CURRENT], []]);
  };

  test('is refused without a look: there is no slot for a second predecessor', () => {
    refused(over(made(hoursAgo(23))), { kind: 'in overlap', until: hoursAgo(-1) });
  });

  test('is refused as long as the previous key is used', () => {
    const use = usedAt(hoursAgo(2));
    const from = over({ lastRefresh: looked({ lastUse: use }) });
    refused(from, { kind: 'blocked', until: hoursAgo(1), use });
  });

  test('is refused where consumers read the previous pair again', () => {
    refused(over({ lastRefresh: RESTORED }), IS_READ_AGAIN);
  });

  test('is deferred where it is a repair, and consumers know of the previous key alone', () => {
    const from = over({ isHookPending: true, isDelivered: false });
    const { decision } = plan(from, wanted({ policy: { overlapHours: 0 }, hasHook: true }));
    const why = { kind: 'successor not announced' } as const;
    const problem = duringOverlap(BUCKET, { current: CURRENT, previous: PREVIOUS }, why);
    expect(newKeyIn(decision)?.problem).toEqual(problem);
    expect(decision).toMatchObject({
      current: { kind: 'defer' },
      previous: { kind: 'retire' },
      hook: 'run again',
    });
  });

  test('stays a change of the plan where it is a repair: its apply is refused until the overlap is over', () => {
    const from = over({ ...made(hoursAgo(23)), isDelivered: false });
    const decision = decided(from, wanted());
    const why = { kind: 'in overlap', until: hoursAgo(-1) } as const;
    const problem = duringOverlap(BUCKET, { current: CURRENT, previous: PREVIOUS }, why);
    expect(decision.current).toMatchObject({ kind: 'rotate', newKey: { problem } });
    expect(refusalIn(decision)).toBeNull();
  });

  test.each<[string, Resource, readonly string[]]>([
    ['the previous key goes in the same apply, first', over(), [CURRENT, PREVIOUS]],
    ['S3 refuses the current key', over({ current: { ...INACTIVE, createdAt: NOW } }), [CURRENT]],
    ['nobody has looked at the previous key', over({ lastRefresh: null }), [CURRENT]],
    ['there is no previous key, whatever a refresh has seen', over({ previous: null }), [CURRENT]],
  ])('is not refused where %s', (_, from, replacing) => {
    const { decision, looks } = plan(from, elsewhere);
    expect(decision.current).toMatchObject({ kind: 'rotate', newKey: { problem: null } });
    expect(decision.replacing).toEqual(replacing);
    expect(looks).toEqual([{ look: 'room', replacing, withDestination: true }]);
  });

  test('is not refused where the current key is gone', () => {
    const { decision, looks } = plan(over({ current: null }), elsewhere);
    expect(decision.current).toMatchObject({ kind: 'rotate', newKey: { problem: null } });
    expect(decision.replacing).toEqual([]);
    expect(looks).toEqual([{ look: 'room', replacing: [], withDestination: true }]);
  });

  test.each([
    ['', over(made(hoursAgo(1)))],
    [', though the current one is not announced', over({ ...made(hoursAgo(1)), isHookPending: true })],
  ])('after a compromise deletes both own keys to make place%s', (_, from) => {
    const own = [listed(CURRENT), listed(PREVIOUS)];
    const at = outside({ inspection: found(undefined, own) });
    const to = wanted({ keepers: 'new', hasHook: true, policy: { overlapHours: 0 } });
    expect(decided(from, to, at)).toMatchObject({
      current: { kind: 'rotate', newKey: { problem: null } },
      previous: { kind: 'retire', why: { why: 'no-overlap' } },
      replacing: [CURRENT, PREVIOUS],
    });
  });
});

describe('leftovers', () => {
  const from = resource({ leftovers: [LEFT] });

  test.each([
    ['the key stays', from, wanted()],
    ['another takes its place', from, wanted({ keepers: 'new' })],
    ['that is not known yet', from, wanted({ isRotationKnown: false })],
  ])('are deleted whether %s', (_, own, to) => {
    expect(decided(own, to).leftovers).toEqual([LEFT]);
  });
});

describe('the after_create hook', () => {
  const pending = (changes: Partial<Resource> = {}) => resource({ isHookPending: true, ...changes });

  test.each<[string, Resource, Wanted, string]>([
    ['is not run where it has succeeded', resource(), { hasHook: true }, 'none'],
    ['is run again where it has failed', pending(), { hasHook: true }, 'run again'],
    ['is not run where there is none any more', pending(), { hasHook: false }, 'none'],
    ['is undecided where it is known only at apply', pending(), { hasHook: AT_APPLY }, 'undecided'],
    ['that succeeded is not undecided', resource(), { hasHook: AT_APPLY }, 'none'],
    ['is not run again for a key that is replaced', pending(), { hasHook: true, keepers: 'new' }, 'none'],
    [
      'is not run again for a key that may be replaced',
      pending(),
      { hasHook: true, isRotationKnown: false },
      'none',
    ],
  ])('%s', (_, from, to, hook) => {
    expect(decided(from, wanted(to)).hook).toBe(hook);
  });

  test('and a retirement do not depend on each other: apply puts them in order', () => {
    const decision = decided(
      over({ isHookPending: true, current: { id: CURRENT, status: 'Active', createdAt: daysAgo(9) } }),
      wanted({ hasHook: true }),
    );
    expect(decision).toMatchObject({ hook: 'run again', previous: { kind: 'retire' } });
  });
});
