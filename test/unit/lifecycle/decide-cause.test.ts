import { causeToReplace, openArguments } from '../../../src/lifecycle/cause.js';
import type { Cause } from '../../../src/lifecycle/cause.js';
import { AT_APPLY } from '../../../src/lifecycle/resource.js';
import type { Configuration, Resource } from '../../../src/lifecycle/resource.js';
import { daysAgo, INACTIVE, NOW, resource, wanted } from './decide-cases.js';

const THIRTY_DAYS = { afterDays: 30 };
const current = (days: number) => ({ id: 'AKIA', status: 'Active', createdAt: daysAgo(days) });

test.each<[string, Partial<Resource>, Parameters<typeof wanted>[0]]>([
  ['everything is as it is wanted', {}, {}],
  ['it is not to be replaced by its age', { current: current(4000) }, {}],
  ['it is younger than it may become', { current: current(29) }, { policy: THIRTY_DAYS }],
  [
    'nobody has told when it was made',
    { current: { ...current(0), createdAt: null } },
    { policy: THIRTY_DAYS },
  ],
  ['no refresh has told the time', { current: current(99), lastRefresh: null }, { policy: THIRTY_DAYS }],
  [
    'the last refresh was given no reliable time',
    { current: current(99), lastRefresh: { asOf: null, previous: null } },
    { policy: THIRTY_DAYS },
  ],
  [
    'AWS does not tell whether it is Active',
    { current: { ...current(99), status: 'Expiring' } },
    { policy: THIRTY_DAYS },
  ],
  ['its author keeps the same values', { keepers: '{"a":1}' }, { keepers: '{"a":1}' }],
])('a key stays where %s', (_, from, to) => {
  expect(causeToReplace(resource(from), wanted(to))).toBeNull();
});

test.each<[string, Partial<Resource>, Parameters<typeof wanted>[0], Cause]>([
  ['it is gone', { current: null }, {}, { kind: 'repair', reason: { why: 'gone' } }],
  [
    'its secret was never delivered',
    { destination: null },
    {},
    { kind: 'repair', reason: { why: 'never delivered' }, lacksPair: true },
  ],
  [
    'S3 refuses it',
    { current: INACTIVE },
    {},
    { kind: 'repair', reason: { why: 'not active', status: 'Inactive' } },
  ],
  [
    'its pair is no longer at its destination',
    { isDelivered: false },
    {},
    { kind: 'repair', reason: { why: 'pair lost' }, lacksPair: true },
  ],
  [
    'its pair is wanted elsewhere',
    {},
    { destination: 'file:b' },
    { kind: 'asked', reason: { why: 'other destination' } },
  ],
  [
    'its pair is wanted nowhere',
    {},
    { destination: null },
    { kind: 'asked', reason: { why: 'other destination' } },
  ],
  ['its keepers are others', {}, { keepers: '{}' }, { kind: 'asked', reason: { why: 'other keepers' } }],
  [
    'it is too old',
    { current: current(31) },
    { policy: THIRTY_DAYS },
    { kind: 'due', reason: { why: 'due', since: daysAgo(1), afterDays: 30 } },
  ],
  [
    'it becomes too old at this very moment',
    { current: current(30) },
    { policy: THIRTY_DAYS },
    { kind: 'due', reason: { why: 'due', since: NOW, afterDays: 30 } },
  ],
  [
    'its place is known only at apply',
    {},
    { destination: AT_APPLY },
    { kind: 'due', reason: { why: 'decided at apply', open: ['secret'] } },
  ],
  [
    'its rotation is known only at apply',
    {},
    { isRotationKnown: false },
    { kind: 'due', reason: { why: 'decided at apply', open: ['rotation'] } },
  ],
  [
    'both are known only at apply',
    {},
    { destination: AT_APPLY, isRotationKnown: false },
    { kind: 'due', reason: { why: 'decided at apply', open: ['secret', 'rotation'] } },
  ],
])('another key is called for where %s', (_, from, to, cause) => {
  expect(causeToReplace(resource(from), wanted(to))).toEqual(cause);
});

/** All causes at once; each is taken away in the order in which they are told. */
test('the cause that is told is the one without which nothing else would matter', () => {
  let from: Resource = resource({ current: null, destination: null, isDelivered: false, keepers: 'old' });
  let to: Configuration = wanted({
    destination: AT_APPLY,
    isRotationKnown: false,
    keepers: 'new',
    policy: THIRTY_DAYS,
  });
  const told: unknown[] = [];
  const tell = (change: { readonly from?: Partial<Resource>; readonly to?: Partial<Configuration> } = {}) => {
    [from, to] = [
      { ...from, ...change.from },
      { ...to, ...change.to },
    ];
    told.push(causeToReplace(from, to)?.reason.why);
  };
  tell();
  tell({ from: { current: { ...INACTIVE, createdAt: daysAgo(99) } } });
  tell({ from: { destination: 'file:a' } });
  tell({ from: { current: current(99) } });
  tell({ from: { isDelivered: true } });
  tell({ to: { destination: 'file:b', rotation: { ...to.rotation, isKnown: true } } });
  tell({ to: { destination: 'file:a' } });
  tell({ to: { keepers: 'old' } });
  tell({ from: { current: current(1) } });
  expect(told).toEqual([
    'gone',
    'never delivered',
    'not active',
    'pair lost',
    'decided at apply',
    'other destination',
    'other keepers',
    'due',
    undefined,
  ]);
});

test.each<[string, Partial<Resource>]>([
  ['S3 refuses it', { current: INACTIVE }],
  ['its pair is lost', { isDelivered: false }],
])('what its author asks for comes before a repair: %s, and its place is another', (_, from) => {
  const cause = causeToReplace(resource(from), wanted({ destination: 'file:b' }));
  expect(cause).toEqual({ kind: 'asked', reason: { why: 'other destination' } });
});

test('a key that is too old and lost its pair is repaired, not merely due', () => {
  const from = resource({ current: current(99), isDelivered: false });
  expect(causeToReplace(from, wanted({ policy: THIRTY_DAYS }))?.kind).toBe('repair');
});

test('nothing is open where everything is known', () => {
  expect(openArguments(wanted())).toEqual([]);
});
