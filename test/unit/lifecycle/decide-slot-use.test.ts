import type { AccessKey } from '../../../src/lifecycle/access-key.js';
import { newKeyIn, refusalIn } from '../../../src/lifecycle/decide.js';
import { roomDependsOnOrder } from '../../../src/lifecycle/messages/slots.js';
import { noFreeSlot } from '../../../src/lifecycle/refusals.js';
import type { ProcessView } from '../../../src/lifecycle/decide.js';
import type { Resource } from '../../../src/lifecycle/resource.js';
import type { SlotUse } from '../../../src/lifecycle/slots.js';
import {
  BUCKET,
  CURRENT,
  daysAgo,
  decided,
  found,
  INACTIVE,
  LEFT,
  listed,
  NOW,
  OTHER,
  outside,
  overlapping,
  PREVIOUS,
  processView,
  resource,
  SCENE,
  TITLE,
  wanted,
} from './decide-cases.js';
import type { Outside } from './decide-cases.js';
import { AFTER_A_MONTH, due, undelivered } from './decide-pairs.js';

type Wanted = Parameters<typeof wanted>[0];

/** Of the next key of a resource that its author has asked for. */
const SUCCESSOR: SlotUse = {
  keys: [CURRENT],
  first: [],
  makes: TITLE,
  then: [],
  isAsked: true,
  isNew: false,
  rotates: false,
};
const ANOTHER = { keepers: 'another' };
const AT_ONCE = { ...ANOTHER, policy: { overlapHours: 0 } };
/** No slot for the next key of a resource that has one. */
const full = (ours: readonly string[], keys: readonly AccessKey[]) =>
  noFreeSlot(SCENE, { keys, asOf: NOW }, keys, { ours: new Set(ours), isNew: false, mark: null });
const ALL_GO = { leftovers: [LEFT], current: { id: CURRENT, status: 'Active', createdAt: daysAgo(9) } };

test.each<[string, Resource | null, Wanted, Partial<SlotUse>, Partial<ProcessView>]>([
  ['a new resource has none and makes one', null, {}, { keys: [], isNew: true }, {}],
  [
    'a new resource that is to rotate will need another slot',
    null,
    { policy: { afterDays: 30 } },
    { keys: [], isNew: true, rotates: true },
    {},
  ],
  [
    'a new resource in place of one whose key was found gone repairs, and nobody asked',
    null,
    {},
    { keys: [], isNew: true, isAsked: false },
    { wasGone: true },
  ],
  [
    'a resource that is made anew deletes its old key first',
    null,
    {},
    { first: [CURRENT] },
    { own: [CURRENT] },
  ],
  ['a rotation keeps the key before for its overlap', resource(), ANOTHER, {}, {}],
  [
    'a rotation without an overlap deletes the key before afterwards',
    resource(),
    AT_ONCE,
    { then: [CURRENT] },
    {},
  ],
  [
    'a rotation without an overlap keeps a key of unknown status',
    resource({ current: { ...INACTIVE, status: 'Expiring' } }),
    AT_ONCE,
    {},
    {},
  ],
  ['an Inactive key is deleted first', resource({ current: INACTIVE }), AT_ONCE, { first: [CURRENT] }, {}],
  ['a key that is gone takes none', resource({ current: null }), AT_ONCE, { keys: [], isAsked: false }, {}],
  [
    'a leftover and a previous key whose time is over are deleted first',
    overlapping(ALL_GO),
    ANOTHER,
    { keys: [CURRENT, PREVIOUS, LEFT], first: [LEFT, PREVIOUS] },
    {},
  ],
  ['a lost pair is a repair', resource({ isDelivered: false }), {}, { isAsked: false }, {}],
  [
    'a key that was never delivered is no key that works so far',
    undelivered(),
    {},
    { isAsked: false, isNew: true },
    {},
  ],
  [
    'a key that is due rotates without being asked',
    due(),
    { policy: { afterDays: 30 } },
    { isAsked: false, rotates: true },
    {},
  ],
])('of the slots of its bucket: %s', (_, from, to, use, there) => {
  expect(newKeyIn(decided(from, wanted(to), outside({ process: processView(there) })))?.room.use).toEqual({
    ...SUCCESSOR,
    ...use,
  });
});

describe('where another resource of the process gives up a key, and only then there is room', () => {
  const OTHERS_USE: SlotUse = { ...SUCCESSOR, keys: [OTHER], first: [OTHER], makes: null };
  const there = (...ids: readonly string[]) =>
    outside({
      process: processView({ others: { uses: [OTHERS_USE], listed: null } }, [CURRENT, PREVIOUS, OTHER]),
      inspection: found(
        undefined,
        ids.map((id) => listed(id)),
      ),
    });

  test.each<[string, Resource | null, Wanted, Outside]>([
    ['the key of a new resource', null, {}, there(OTHER, 'AKIATHIRD')],
    ['what its author asked for', resource(), ANOTHER, there(CURRENT, OTHER)],
    ['a repair', resource({ isDelivered: false }), {}, there(CURRENT, OTHER)],
  ])('%s is planned, and its author hears of the order', (_, from, to, world) => {
    const decision = decided(from, wanted(to), world);
    expect(newKeyIn(decision)).toMatchObject({
      problem: null,
      room: {
        messages: expect.arrayContaining([roomDependsOnOrder(BUCKET, TITLE, [OTHERS_USE])]) as unknown,
      },
    });
    expect(refusalIn(decision)).toBeNull();
  });

  test('a key that is merely due waits', () => {
    const decision = decided(due(), AFTER_A_MONTH, there(CURRENT, OTHER));
    expect(decision.current.kind).toBe('defer');
    expect(newKeyIn(decision)?.problem).toEqual(
      full([CURRENT, PREVIOUS, OTHER], [listed(CURRENT), listed(OTHER)]),
    );
  });
});

test('a repair beside a previous key counts the keys of other resources, too: no later plan could say it', () => {
  const there = [listed(PREVIOUS), listed(OTHER)];
  const process = processView({}, [PREVIOUS, OTHER]);
  const decision = decided(
    overlapping({ current: null }),
    wanted(),
    outside({ process, inspection: found(undefined, there) }),
  );
  expect(newKeyIn(decision)?.problem).toEqual(full([PREVIOUS, OTHER], there));
});
