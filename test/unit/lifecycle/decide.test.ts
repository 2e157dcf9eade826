import { newKeyIn, refusalIn, STORED_DECISIONS, storedForm } from '../../../src/lifecycle/decide.js';
import type { CurrentDecision, Decision } from '../../../src/lifecycle/decide.js';
import { heldByAnother } from '../../../src/lifecycle/refusals.js';
import { AT_APPLY } from '../../../src/lifecycle/resource.js';
import type { Resource } from '../../../src/lifecycle/resource.js';
import {
  BUCKET,
  CLEAR,
  CURRENT,
  decided,
  found,
  foundBucket,
  hoursAgo,
  INACTIVE,
  journal,
  known,
  LEFT,
  listed,
  looked,
  mark,
  NO_BUCKET,
  NOTHING_FOUND,
  OTHER,
  outside,
  overlapping,
  PAIR_IN_PLACE,
  PREVIOUS,
  PROBLEM,
  processView,
  resource,
  RESTORED,
  STRANGER,
  TITLE,
  wanted,
} from './decide-cases.js';
import type { Outside } from './decide-cases.js';
import { undelivered } from './decide-pairs.js';

type Wanted = Parameters<typeof wanted>[0];

const REFUSED = outside({ inspection: NOTHING_FOUND });
const ELSEWHERE = wanted({ destination: 'file:other.json' });

const bare = { previous: { kind: 'none' }, leftovers: [], hook: 'none' };

describe('a resource that is yet to be made', () => {
  test('gets a key', () => {
    expect(decided(null, wanted())).toEqual({
      ...bare,
      current: { kind: 'create', newKey: { room: CLEAR, problem: null }, isRepair: false },
      destination: 'gets the new pair',
      replacing: [],
    });
  });

  test('gets it in the place of the key that a state holds there', () => {
    const there = outside({ process: processView({ predecessors: [CURRENT] }) });
    expect(decided(null, wanted(), there).replacing).toEqual([CURRENT]);
  });

  test('is another one under a new address where the only key there is removed with its resource', () => {
    const there = outside({ process: processView({ removedThere: CURRENT }) });
    const decision = decided(null, wanted(), there);
    expect(refusalIn(decision)).toEqual(heldByAnother(BUCKET, CURRENT, true));
    expect(decision.replacing).toEqual([]);
  });

  test('is not refused for such a key as long as its bucket is not known', () => {
    const there = outside({ process: processView({ removedThere: CURRENT }) });
    expect(refusalIn(decided(null, wanted({ bucket: AT_APPLY }), there))).toBeNull();
  });

  test('follows a key that goes with its resource only where it is planned to take its place', () => {
    const there = (...predecessors: string[]) =>
      outside({
        process: processView({ known: known([], [OTHER]), predecessors }),
        inspection: found({ kind: 'free', journal: journal(mark(OTHER)), mark: mark(OTHER) }, [
          listed(OTHER),
        ]),
      });
    expect(refusalIn(decided(null, wanted(), there()))).toEqual(heldByAnother(BUCKET, OTHER, true));
    expect(refusalIn(decided(null, wanted(), there(OTHER)))).toBeNull();
  });

  test.each(['refused', 'planned'] as const)(
    'is made where that key was left by a replacement: %s',
    (replacement) => {
      const given = mark(CURRENT, { replaceableUntil: hoursAgo(-1).toISOString(), replacement });
      const inspection = found({ kind: 'free', journal: journal(given), mark: given }, [listed(CURRENT)]);
      const process = processView({ removedThere: CURRENT });
      expect(refusalIn(decided(null, wanted(), outside({ process, inspection })))).toBeNull();
    },
  );

  test('is refused where no key can be made', () => {
    const decision = decided(null, wanted(), REFUSED);
    expect(decision.current).toMatchObject({ kind: 'create', newKey: { problem: PROBLEM } });
    expect(refusalIn(decision)).toBe(PROBLEM);
  });

  test('is not refused where it repairs what a refresh has found gone', () => {
    const process = processView({ wasGone: true });
    const decision = decided(null, wanted(), outside({ process, inspection: NOTHING_FOUND }));
    expect(decision.current).toMatchObject({ kind: 'create', isRepair: true, newKey: { problem: PROBLEM } });
    expect(refusalIn(decision)).toBeNull();
  });

  test.each<[string, Wanted, Partial<Outside>]>([
    ['the provider is not known yet', {}, { process: processView({ canAsk: false }) }],
    ['the bucket is not known yet', { bucket: AT_APPLY }, {}],
    ['the bucket is one that this apply makes', {}, { inspection: NO_BUCKET }],
  ])('meets nothing where %s', (_, to, there) => {
    const decision = decided(null, wanted(to), outside({ inspection: NOTHING_FOUND, ...there }));
    expect(newKeyIn(decision)?.room).toMatchObject({ messages: [], problem: null, accountedFor: [] });
  });

  test('does not count keys that states of this process hold: they may go first', () => {
    const inspection = found(undefined, [listed(OTHER), listed(STRANGER)]);
    const known = processView({}, [OTHER]);
    expect(refusalIn(decided(null, wanted(), outside({ inspection })))).not.toBeNull();
    expect(refusalIn(decided(null, wanted(), outside({ inspection, process: known })))).toBeNull();
  });
});

describe('of another bucket', () => {
  const own = overlapping({ leftovers: [LEFT], isHookPending: true });
  const replaced = { ...bare, current: { kind: 'replace' }, destination: 'stays' };

  test.each<[string, Wanted]>([
    ['another name', { bucket: 'downloads' }],
    ['a name that is known only at apply', { bucket: AT_APPLY }],
  ])('a resource is destroyed and made anew: %s', (_, to) => {
    expect(decided(own, wanted({ ...to, hasHook: true }))).toEqual({ ...replaced, replacing: [CURRENT] });
  });

  test('no key is replaced that is gone', () => {
    const decision = decided(resource({ current: null }), wanted({ bucket: 'downloads' }));
    expect(decision).toEqual({ ...replaced, replacing: [] });
  });
});

test('a key in order is kept, whatever there is around it', () => {
  const decision = decided(resource(), wanted(), outside({ inspection: NOTHING_FOUND, pair: PAIR_IN_PLACE }));
  expect(decision).toEqual({ ...bare, current: { kind: 'keep' }, destination: 'stays', replacing: [] });
  expect([refusalIn(decision), newKeyIn(decision)]).toEqual([null, null]);
});

describe('a pair that the state does not know', () => {
  const there = outside({ pair: PAIR_IN_PLACE, inspection: NOTHING_FOUND });
  const taken = { kind: 'take over', key: CURRENT, title: TITLE };

  test.each<[string, Resource]>([
    ['was never delivered', undelivered()],
    ['was lost', resource({ isDelivered: false })],
  ])('is taken over where it is in place, and said to be where it %s', (_, from) => {
    const decision = decided(from, wanted(), there);
    expect(decision).toMatchObject({ current: taken, destination: 'gets the mark', replacing: [] });
    expect([refusalIn(decision), newKeyIn(decision)]).toEqual([null, null]);
  });

  test('is taken over where its form is not known yet, if it names a place', () => {
    const to = wanted({ destination: AT_APPLY });
    expect(decided(undelivered(), to, there).current).toMatchObject({ kind: 'undecided', as: taken });
  });

  test.each<[string, Resource, Wanted, Partial<Outside>]>([
    ['is not there', undelivered(), {}, { pair: { isInPlace: false, title: TITLE } }],
    ['is of a key that S3 refuses', undelivered({ current: INACTIVE }), {}, {}],
    ['cannot be asked for', undelivered(), {}, { process: processView({ canAsk: false }) }],
    ['has no place that is known', undelivered(), { namesDestination: false }, {}],
    ['may be of another form', resource({ isDelivered: false }), { destination: AT_APPLY }, {}],
    ['is of a key that is gone', undelivered({ current: null }), {}, {}],
    ['is wanted elsewhere', resource(), { destination: 'file:other.json' }, {}],
  ])('is not taken over where it %s', (_, from, to, around) => {
    const decision = decided(from, wanted(to), outside({ pair: PAIR_IN_PLACE, ...around }));
    expect(newKeyIn(decision)?.problem).toBeNull();
  });
});

describe('another key', () => {
  const asked: [Resource, ReturnType<typeof wanted>] = [resource(), ELSEWHERE];
  const repair: [Resource, ReturnType<typeof wanted>] = [resource({ isDelivered: false }), wanted()];
  const never: [Resource, ReturnType<typeof wanted>] = [undelivered(), wanted()];
  const due: [Resource, ReturnType<typeof wanted>] = [resource(), wanted({ policy: { afterDays: 1 } })];
  const gone: [Resource, ReturnType<typeof wanted>] = [overlapping({ current: null }), wanted()];

  test.each([
    ['asked', asked],
    ['repair', repair],
    ['repair', never],
    ['due', due],
  ] as const)('is made where there is room for it (%s)', (kind, [from, to]) => {
    const decision = decided(from, to);
    expect(decision).toEqual({
      ...bare,
      current: {
        kind: 'rotate',
        cause: expect.objectContaining({ kind }) as unknown,
        newKey: { room: CLEAR, problem: null },
      },
      destination: 'gets the new pair',
      replacing: [CURRENT],
    });
    expect(refusalIn(decision)).toBeNull();
  });

  test.each<[string, CurrentDecision['kind'], readonly [Resource, ReturnType<typeof wanted>], boolean]>([
    ['is refused where its author asked for it', 'rotate', asked, true],
    ['is planned all the same where the old one is of no use', 'rotate', repair, false],
    ['is planned all the same where the old one is gone', 'rotate', gone, false],
    ['is planned all the same where its secret was never delivered', 'rotate', never, false],
    ['waits where it is merely due', 'defer', due, false],
  ])('for which there is no room %s', (_, kind, [from, to], isRefused) => {
    const decision = decided(from, to, REFUSED);
    expect(decision.current).toMatchObject({ kind, newKey: { problem: PROBLEM } });
    expect(decision.destination).toBe(kind === 'rotate' ? 'gets the new pair' : 'stays');
    expect(refusalIn(decision)).toBe(isRefused ? PROBLEM : null);
    expect(newKeyIn(decision)?.problem).toBe(PROBLEM);
  });

  test('waits where consumers read the previous pair again, which works', () => {
    const from = overlapping({ isDelivered: false, lastRefresh: RESTORED });
    expect(decided(from, wanted()).current).toMatchObject({ kind: 'defer', cause: { kind: 'repair' } });
  });

  test('comes where consumers read the previous pair again, which S3 refuses', () => {
    const lastRefresh = looked({ isRestored: true, status: 'Inactive' });
    const from = overlapping({ isDelivered: false, lastRefresh });
    expect(decided(from, wanted())).toMatchObject({
      current: { kind: 'rotate', cause: { kind: 'repair' }, newKey: { problem: null } },
      previous: { kind: 'retire', why: { why: 'inactive' } },
    });
  });

  test('replaces nothing as long as it waits', () => {
    const from = resource({ leftovers: [LEFT], isHookPending: true });
    const decision = decided(from, wanted({ hasHook: true, policy: { afterDays: 1 } }), REFUSED);
    expect(decision).toMatchObject({ replacing: [], leftovers: [LEFT], hook: 'run again' });
  });
});

describe('what decides a key only at apply', () => {
  const open = wanted({ destination: AT_APPLY, isRotationKnown: false });

  test('leaves open whether the key is replaced', () => {
    const decision = decided(resource(), open);
    expect(decision.current).toMatchObject({
      kind: 'undecided',
      open: ['secret', 'rotation'],
      as: { kind: 'rotate', cause: { kind: 'due' } },
    });
    expect(decision).toMatchObject({ destination: 'undecided', replacing: [CURRENT] });
    expect(newKeyIn(decision)).toEqual({ room: CLEAR, problem: null });
  });

  test('is no reason for a refusal', () => {
    const decision = decided(resource(), open, REFUSED);
    expect(decision.current).toMatchObject({ kind: 'undecided', as: { kind: 'defer' } });
    expect(refusalIn(decision)).toBeNull();
    expect(newKeyIn(decision)?.problem).toBe(PROBLEM);
  });

  test('does not hold up a repair', () => {
    const decision = decided(resource({ current: null }), open, REFUSED);
    expect(decision.current).toMatchObject({ kind: 'undecided', as: { kind: 'rotate' } });
    expect(refusalIn(decision)).toBeNull();
  });
});

describe('a slot for another key', () => {
  const slots = (...ids: string[]) =>
    outside({
      inspection: found(
        undefined,
        ids.map((id) => listed(id)),
      ),
      process: processView({}, [CURRENT, PREVIOUS]),
    });
  const rotates = (from: Resource, there: Outside, to = ELSEWHERE) => {
    const decision = decided(from, to, there);
    return newKeyIn(decision)?.problem === null;
  };

  test.each<[string, Resource, Outside, boolean]>([
    ['is free beside the current one alone', resource(), slots(CURRENT), true],
    ["is taken by somebody else's", resource(), slots(CURRENT, STRANGER), false],
    ['is freed by a leftover', resource({ leftovers: [LEFT] }), slots(CURRENT, LEFT), true],
    ['is freed by a previous one whose time is over', dueToGo(), slots(CURRENT, PREVIOUS), true],
    [
      'is freed by a current one that S3 refuses',
      resource({ current: INACTIVE }),
      slots(CURRENT, OTHER),
      true,
    ],
    ['is not freed by a previous one that nobody has looked at', unseen(), slots(CURRENT, PREVIOUS), false],
    ['is not freed by a previous one that is all there is', lone(), slots(PREVIOUS, STRANGER), false],
  ])('%s', (_, from, there, isFree) => {
    expect(rotates(from, there)).toBe(isFree);
  });

  test('without any key of its own, it does not count what states of this process hold', () => {
    const none = resource({ current: null });
    const there = (...ours: string[]) =>
      outside({ ...slots(OTHER, STRANGER), process: processView({}, ours) });
    expect(rotates(none, there(OTHER))).toBe(true);
    expect(rotates(none, there())).toBe(false);
  });

  test('is looked for on the bucket alone where the place is not known', () => {
    const there = outside({ inspection: foundBucket(listed(CURRENT), listed(STRANGER)) });
    expect(rotates(resource(), there, wanted({ destination: AT_APPLY, namesDestination: false }))).toBe(true);
  });
});

function dueToGo(): Resource {
  return overlapping({ current: { id: CURRENT, status: 'Active', createdAt: new Date(0) } });
}

function unseen(): Resource {
  return overlapping({ lastRefresh: null });
}

function lone(): Resource {
  return overlapping({ current: null });
}

test('every decision can be stored for its apply', () => {
  const decisions: Decision[] = [
    decided(null, wanted()),
    decided(resource(), wanted({ bucket: `${BUCKET}-2` })),
    decided(resource(), wanted()),
    decided(undelivered(), wanted(), outside({ pair: PAIR_IN_PLACE })),
    decided(resource(), ELSEWHERE),
    decided(resource(), wanted({ policy: { afterDays: 1 } }), REFUSED),
    decided(resource(), wanted({ destination: AT_APPLY })),
  ];
  const kinds = decisions.map((decision) => storedForm(decision).current);
  expect([...kinds, 'delete']).toEqual(STORED_DECISIONS);
});

test.each([
  ['goes', dueToGo(), true],
  ['stays', unseen(), false],
])('it is stored whether the previous key %s', (_, from, retires) => {
  expect(storedForm(decided(from, wanted()))).toEqual({ current: 'keep', retires });
});
