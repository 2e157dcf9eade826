import { NOT_REPORTED } from '../../../src/lifecycle/access-key.js';
import { dueAt, retireAfter, retirementOf } from '../../../src/lifecycle/rotation-policy.js';
import type { Retirement, RotationPolicy, Undetermined } from '../../../src/lifecycle/rotation-policy.js';
import { hoursAgo, listed, NOW, usedAt } from './decide-cases.js';

const MADE = new Date('2026-03-01T00:00:00Z');
const later = (date: Date, milliseconds: number) => new Date(date.getTime() + milliseconds);

test('a key is due whole days after it was made, or never', () => {
  expect(dueAt(MADE, { afterDays: 30 })).toEqual(new Date('2026-03-31T00:00:00Z'));
  expect(dueAt(MADE, { afterDays: null })).toBeNull();
});

test('a previous key stays for its hours of overlap from when its successor was made', () => {
  expect(retireAfter(MADE, { overlapHours: 36 })).toEqual(new Date('2026-03-02T12:00:00Z'));
});

const POLICY: Pick<RotationPolicy, 'overlapHours' | 'onStillUsed'> = {
  overlapHours: 24,
  onStillUsed: 'block',
};
const UNUSED = listed('AKIAPREVIOUS');
const madeAt = (createdAt: Date | null) => ({ status: 'Active', createdAt });
const used = (date: Date) => ({ ...UNUSED, lastUse: usedAt(date) });
const UNREPORTED = { ...UNUSED, lastUse: NOT_REPORTED } as const;

test.each<[string, Retirement, Parameters<typeof retirementOf>]>([
  [
    'is kept until its overlap is over',
    { kind: 'in overlap', until: later(NOW, 1) },
    [POLICY, madeAt(later(hoursAgo(24), 1)), UNUSED, NOW],
  ],
  [
    'is retired once its overlap is over, to the millisecond',
    { kind: 'due', why: 'overlap-over', since: NOW, use: null },
    [POLICY, madeAt(hoursAgo(24)), UNUSED, NOW],
  ],
  [
    'is kept for a use within the overlap',
    { kind: 'blocked', until: hoursAgo(1), use: usedAt(hoursAgo(23)) },
    [POLICY, madeAt(hoursAgo(25)), used(hoursAgo(23)), NOW],
  ],
  [
    'is kept for a use a millisecond within the overlap',
    { kind: 'blocked', until: hoursAgo(1), use: usedAt(later(hoursAgo(24), 1)) },
    [POLICY, madeAt(hoursAgo(25)), used(later(hoursAgo(24), 1)), NOW],
  ],
  [
    'is retired when its last use is exactly an overlap ago',
    { kind: 'due', why: 'overlap-over', since: hoursAgo(1), use: null },
    [POLICY, madeAt(hoursAgo(25)), used(hoursAgo(24)), NOW],
  ],
  [
    'with an overlap that is shorter than AWS may take to show a use is kept for a use within five hours',
    { kind: 'blocked', until: hoursAgo(3), use: usedAt(later(hoursAgo(5), 1)) },
    [{ ...POLICY, overlapHours: 1 }, madeAt(hoursAgo(4)), used(later(hoursAgo(5), 1)), NOW],
  ],
  [
    'with such an overlap is retired after five hours without a use',
    { kind: 'due', why: 'overlap-over', since: hoursAgo(4), use: null },
    [{ ...POLICY, overlapHours: 1 }, madeAt(hoursAgo(5)), used(hoursAgo(5)), NOW],
  ],
  [
    'is retired in spite of a use where its author wants that, who is told of the use',
    { kind: 'due', why: 'overlap-over', since: hoursAgo(1), use: usedAt(hoursAgo(2)) },
    [{ ...POLICY, onStillUsed: 'retire' }, madeAt(hoursAgo(25)), used(hoursAgo(2)), NOW],
  ],
  [
    'is not retired before its time either where its use does not matter',
    { kind: 'in overlap', until: later(NOW, 1) },
    [{ ...POLICY, onStillUsed: 'retire' }, madeAt(later(hoursAgo(24), 1)), UNUSED, NOW],
  ],
  [
    'is retired at once without an overlap, in use or not',
    { kind: 'due', why: 'no-overlap', use: usedAt(NOW) },
    [{ ...POLICY, overlapHours: 0 }, madeAt(later(NOW, 1000)), used(NOW), NOW],
  ],
  [
    'is retired at once where S3 refuses it',
    { kind: 'due', why: 'inactive', use: null },
    [POLICY, madeAt(NOW), { ...used(NOW), status: 'Inactive' }, NOW],
  ],
  [
    'is retired at once without an overlap, though nobody knows of its use',
    { kind: 'due', why: 'no-overlap', use: null },
    [{ ...POLICY, overlapHours: 0 }, madeAt(NOW), UNREPORTED, NOW],
  ],
  [
    'is retired when its time is over, though nobody knows of its use, where its use does not matter',
    { kind: 'due', why: 'overlap-over', since: hoursAgo(1), use: null },
    [{ ...POLICY, onStillUsed: 'retire' }, madeAt(hoursAgo(25)), UNREPORTED, NOW],
  ],
])('a previous key %s', (_, retirement, given) => {
  expect(retirementOf(...given)).toEqual(retirement);
});

const OVER = madeAt(hoursAgo(25));

test.each<[Undetermined, Parameters<typeof retirementOf>]>([
  ['its status', [POLICY, OVER, { ...UNUSED, status: 'Expiring' }, NOW]],
  ["its successor's status", [POLICY, { ...OVER, status: 'Expiring' }, UNUSED, NOW]],
  ["its successor's time", [POLICY, madeAt(null), UNUSED, NOW]],
  ['the time', [POLICY, OVER, UNUSED, null]],
  ['its last use', [POLICY, OVER, UNREPORTED, NOW]],
])('a previous key is kept where AWS does not tell %s', (what, given) => {
  expect(retirementOf(...given)).toEqual({ kind: 'undetermined', what });
});
