import {
  beside,
  lateWindowAfter,
  merged,
  possibleOrphans,
  proofOf,
  unlessOver,
} from '../../../src/lifecycle/journal/late-window.js';
import { desk } from './desk.js';

const lateWindow = {
  baseline: ['AKIAOLD'],
  since: '2026-01-01T00:00:00.000Z',
  until: '2026-01-01T00:17:00.000Z',
};
const key = (id: string, createdAt: string) => ({
  id,
  status: 'Active',
  createdAt: new Date(createdAt),
  lastUse: null,
});

test('only keys that the baseline does not know, that came before the end, and that nobody knows are suspected', () => {
  const world = desk().world();
  world.known.made('AKIAKNOWN');
  const keys = [
    key('AKIAOLD', '2026-01-01T00:00:00Z'),
    key('AKIANEW', '2025-12-31T23:59:58Z'),
    key('AKIALATE', '2026-01-01T00:15:00Z'),
    key('AKIAKNOWN', '2026-01-01T00:15:00Z'),
    key('AKIAAFTER', '2026-01-01T01:00:00Z'),
  ];
  const found = possibleOrphans(world, { keys, asOf: new Date('2026-01-02T00:00:00Z') }, lateWindow);
  // Two seconds before the list's Date: clocks differ, and the baseline proves that it is new.
  expect(found.map(({ id }) => id)).toEqual(['AKIANEW', 'AKIALATE']);
});

test('two watches become one, from the first beginning to the last end', () => {
  const later = {
    baseline: ['AKIANEW'],
    since: '2026-01-01T00:10:00.000Z',
    until: '2026-01-01T00:27:00.000Z',
  };
  expect(merged(later, lateWindow)).toEqual({ ...lateWindow, until: later.until });
  expect(merged(null, lateWindow)).toBe(lateWindow);
});

const NOTHING_DELETED = { isDeleted: () => false };

test('of the keys that are looked out for, none is said to come later that a list shows', () => {
  const shows = (...ids: string[]) => ({
    keys: ids.map((id) => key(id, '2026-01-01T00:00:00Z')),
    asOf: new Date('2026-01-01T00:10:00Z'),
  });
  const answered = { ...lateWindow, ours: ['AKIAONE', 'AKIATWO'], answered: true } as const;
  expect(beside(shows('AKIAONE'), answered, NOTHING_DELETED)).toEqual({ ...answered, ours: ['AKIATWO'] });
  expect(beside(shows('AKIAONE', 'AKIATWO'), answered, NOTHING_DELETED)).toBeNull();
  expect(beside(shows('AKIAONE'), { ...lateWindow, ours: ['AKIAONE'] }, NOTHING_DELETED)).toEqual(lateWindow);
  const known = { isDeleted: (id: string) => id === 'AKIAONE' };
  expect(beside(shows(), answered, known)).toEqual({ ...answered, ours: ['AKIATWO'] });
  const notYet = shows('AKIAONE').keys.map((one) => ({ ...one, isUnlisted: true as const }));
  expect(beside({ ...shows(), keys: notYet }, answered, NOTHING_DELETED)).toEqual(answered);
});

test('a watch is over after its end', () => {
  expect(unlessOver(lateWindow, { asOf: new Date('2026-01-01T00:16:00Z') })).toBe(lateWindow);
  expect(unlessOver(lateWindow, { asOf: new Date('2026-01-01T00:18:00Z') })).toBeNull();
});

test('where the clock was behind as it began, the key that was made in the end tells until when more may come', () => {
  const intent = {
    phase: 'intent',
    nonce: 'one',
    bucket: 'uploads',
    baseline: [],
    holder: { machine: null, pid: 1, started: '', host: 'ci', folder: null, workspace: 'default' },
    begunAt: '2026-01-01T00:00:00.000Z',
    expiresAt: '2026-01-01T00:05:00.000Z',
  } as const;
  const until = (unlistedSince: string) => lateWindowAfter({ ...intent, unlistedSince }).until;
  expect(lateWindowAfter(intent).until).toBe('2026-01-01T00:17:00.000Z');
  expect(until('2026-01-01T00:01:00.000Z')).toBe('2026-01-01T00:17:00.000Z');
  expect(until('2026-01-01T00:09:00.000Z')).toBe('2026-01-01T00:24:00.000Z');
});

test('without a baseline the time alone tells what is suspected, and nothing is proven', () => {
  const keys = [key('AKIABEFORE', '2025-12-31T23:59:00Z'), key('AKIALATE', '2026-01-01T00:15:00Z')];
  const late = key('AKIALATE', '2026-01-01T00:15:00Z');
  const unknown = { ...lateWindow, baseline: null };
  const found = possibleOrphans(desk().world(), { keys, asOf: new Date('2026-01-02T00:00:00Z') }, unknown);
  expect(found.map(({ id }) => id)).toEqual(['AKIALATE']);
  expect(proofOf({ exclusive: true }, unknown, late)).toBeNull();
  expect(proofOf({ exclusive: true }, lateWindow, late)).toBe('exclusive');
  expect(proofOf({ exclusive: false }, lateWindow, late)).toBeNull();
});

test('a key without a time is suspected where a baseline does not know it, and nothing proves whose it is', () => {
  const undetermined = { id: 'AKIAUNTOLD', status: 'Active', createdAt: null, lastUse: null };
  const listing = {
    keys: [undetermined, { ...undetermined, id: 'AKIAOLD' }],
    asOf: new Date('2026-01-02T00:00:00Z'),
  };
  expect(possibleOrphans(desk().world(), listing, lateWindow)).toEqual([undetermined]);
  expect(possibleOrphans(desk().world(), listing, { ...lateWindow, baseline: null })).toEqual([]);
  expect(proofOf({ exclusive: true }, lateWindow, undetermined)).toBeNull();
});

test.each([{ createdAt: null }, { status: 'Expiring' }])(
  'not even the journal has a key deleted of which AWS does not tell all (%j)',
  (without) => {
    const late = key('AKIALATE', '2026-01-01T00:15:00Z');
    const ours = { ...lateWindow, ours: [late.id] };
    expect(proofOf({ exclusive: true }, ours, { ...late, ...without })).toBeNull();
    expect(proofOf({ exclusive: false }, ours, late)).toBe('journal');
  },
);

test('a watch is not over while nobody knows the time', () => {
  const asOf = new Date('2026-01-09T00:00:00Z');
  expect(unlessOver(lateWindow, { asOf, doubt: { kind: 'no date' } })).toBe(lateWindow);
});
