import { decide } from '../../../src/lifecycle/decide.js';
import type { Look } from '../../../src/lifecycle/decide.js';
import { AT_APPLY } from '../../../src/lifecycle/resource.js';
import type { Resource } from '../../../src/lifecycle/resource.js';
import {
  CURRENT,
  hoursAgo,
  INACTIVE,
  LEFT,
  outside,
  overlapping,
  PAIR_IN_PLACE,
  plan,
  PREVIOUS,
  processView,
  resource,
  wanted,
} from './decide-cases.js';
import type { Outside } from './decide-cases.js';
import { undelivered } from './decide-pairs.js';

type Wanted = Parameters<typeof wanted>[0];

const room = (...replacing: string[]): Look => ({ look: 'room', replacing, withDestination: true });
const pair: Look = { look: 'pair', key: CURRENT };
const CANNOT_ASK = { process: processView({ canAsk: false }) };

test.each<[string, Resource | null, Wanted, Partial<Outside>]>([
  ['a key in order', resource(), {}, {}],
  ['what is left to do beside it', overlapping({ leftovers: [LEFT], isHookPending: true }), {}, {}],
  ['a resource that goes to another bucket', resource(), { bucket: 'downloads' }, {}],
  ['a resource whose bucket is known only at apply', null, { bucket: AT_APPLY }, {}],
  ['a creation while the provider is not known', null, {}, CANNOT_ASK],
  ['a rotation while the provider is not known', resource(), { keepers: 'new' }, CANNOT_ASK],
  ['a lost pair while the provider is not known', resource({ isDelivered: false }), {}, CANNOT_ASK],
  ['a rotation during an overlap', overlapping(), { keepers: 'new', policy: { overlapHours: 48 } }, {}],
])('a plan looks at nothing for %s', (_, from, to, there) => {
  expect(plan(from, wanted(to), outside(there)).looks).toEqual([]);
});

const dueToGo = overlapping({ current: { id: CURRENT, status: 'Active', createdAt: hoursAgo(48) } });

test.each<[string, Resource | null, Wanted, Partial<Outside>, readonly Look[]]>([
  ['what a new key meets', null, {}, {}, [room()]],
  [
    'the place where a new key follows a predecessor',
    null,
    {},
    { process: processView({ predecessors: [CURRENT] }) },
    [room(CURRENT)],
  ],
  ['what the next key meets', resource(), { keepers: 'new' }, {}, [room(CURRENT)]],
  ['the place of a previous key that goes, too', dueToGo, { keepers: 'new' }, {}, [room(CURRENT, PREVIOUS)]],
  ['what follows a key that is gone', resource({ current: null }), {}, {}, [room()]],
  [
    'the bucket alone while the place is not known',
    resource(),
    { destination: AT_APPLY, namesDestination: false },
    {},
    [{ look: 'room', replacing: [CURRENT], withDestination: false }],
  ],
  ['the pair, and no further, where it is in place', undelivered(), {}, { pair: PAIR_IN_PLACE }, [pair]],
  ['the pair, and then for room', undelivered(), {}, {}, [pair, room(CURRENT)]],
  ['no pair of a key that S3 refuses', undelivered({ current: INACTIVE }), {}, {}, [room(CURRENT)]],
  [
    'no pair that it has promised to take over',
    undelivered(),
    {},
    { promised: { current: 'take over', retires: false } },
    [],
  ],
  [
    'the pair where it has promised something else',
    undelivered(),
    {},
    { promised: { current: 'rotate', retires: false } },
    [pair, room(CURRENT)],
  ],
])('a plan looks at %s', (_, from, to, there, looks) => {
  expect(plan(from, wanted(to), outside(there)).looks).toEqual(looks);
});

test('what was promised may be missing: not every Terraform hands it on', () => {
  expect(decide(undelivered(), wanted(), { process: processView() })).toEqual(pair);
});

test('where there is no way to look for the pair, it looks for room: the same is in the way there', () => {
  const process = processView();
  expect(decide(undelivered(), wanted(), { process, pair: null })).toEqual(room(CURRENT));
});
