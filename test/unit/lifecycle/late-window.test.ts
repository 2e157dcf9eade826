import { merged, possibleOrphans, proofOf, unlessOver } from '../../../src/lifecycle/journal/late-window.js';
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

test('only keys that came in the watched time, and that nobody knows, are suspected', () => {
  const world = desk().world();
  world.known.made('AKIAKNOWN');
  const keys = [
    key('AKIAOLD', '2026-01-01T00:00:00Z'),
    key('AKIABEFORE', '2025-12-31T23:59:00Z'),
    key('AKIALATE', '2026-01-01T00:15:00Z'),
    key('AKIAKNOWN', '2026-01-01T00:15:00Z'),
    key('AKIAAFTER', '2026-01-01T01:00:00Z'),
  ];
  const found = possibleOrphans(world, { keys, asOf: new Date('2026-01-02T00:00:00Z') }, lateWindow);
  expect(found.map(({ id }) => id)).toEqual(['AKIALATE']);
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

test('a watch is over after its end', () => {
  expect(unlessOver(lateWindow, new Date('2026-01-01T00:16:00Z'))).toBe(lateWindow);
  expect(unlessOver(lateWindow, new Date('2026-01-01T00:18:00Z'))).toBeNull();
});

test('without a baseline the time alone tells what is suspected, and nothing is proven', () => {
  const keys = [key('AKIABEFORE', '2025-12-31T23:59:00Z'), key('AKIALATE', '2026-01-01T00:15:00Z')];
  const late = { id: 'AKIALATE' };
  const unknown = { ...lateWindow, baseline: null };
  const found = possibleOrphans(desk().world(), { keys, asOf: new Date('2026-01-02T00:00:00Z') }, unknown);
  expect(found.map(({ id }) => id)).toEqual(['AKIALATE']);
  expect(proofOf({ exclusive: true }, unknown, late)).toBeNull();
  expect(proofOf({ exclusive: true }, lateWindow, late)).toBe('exclusive');
  expect(proofOf({ exclusive: false }, lateWindow, late)).toBeNull();
});
