import { issueKey } from '../../../src/lifecycle/issue-key.js';
import type { Mark } from '../../../src/lifecycle/journal/entry.js';
import { knownTime, latest, timeIn } from '../../../src/lifecycle/service-time.js';
import { desk, ORDER } from './desk.js';

const MACHINE = new Date('2026-03-10T12:00:00Z');
const after = (milliseconds: number) => new Date(MACHINE.getTime() + milliseconds);
const MINUTES = 60_000;

test.each([0, 15 * MINUTES, -15 * MINUTES])('a Date %i ms from this machine’s clock is the time', (ms) => {
  const time = timeIn(after(ms).toUTCString(), MACHINE);
  expect(time).toEqual({ asOf: after(ms) });
  expect(knownTime(time)).toEqual(after(ms));
});

test.each([16 * MINUTES, -16 * MINUTES, 3 * 24 * 60 * MINUTES])(
  'a Date %i ms from this machine’s clock is no time by which anything is due',
  (ms) => {
    const time = timeIn(after(ms).toUTCString(), MACHINE);
    expect(time).toEqual({ asOf: after(ms), doubt: { kind: 'clocks differ', machine: MACHINE } });
    expect(knownTime(time)).toBeNull();
  },
);

test.each([undefined, '', 'soon'])(
  'without a Date (%j) this machine’s clock is not taken for it',
  (header) => {
    const time = timeIn(header, MACHINE);
    expect(time).toEqual({ asOf: MACHINE, doubt: { kind: 'no date' } });
    expect(knownTime(time)).toBeNull();
  },
);

test('of two clocks that differ, what is written down goes by the later one', () => {
  const [early, late] = [new Date('2026-01-01T00:00:00Z'), new Date('2026-01-04T00:00:00Z')];
  expect(latest({ asOf: early, doubt: { kind: 'clocks differ', machine: late } })).toBe(late);
  expect(latest({ asOf: late, doubt: { kind: 'clocks differ', machine: early } })).toBe(late);
  expect(latest({ asOf: early, doubt: { kind: 'no date' } })).toBe(early);
  expect(latest({ asOf: early })).toBe(early);
});

test('a lease is not over too early where the Date of AWS is three days behind', async () => {
  const { world, store, cloud } = desk();
  const one = world();
  const behind = async () => {
    const { keys, asOf } = await one.keys.list();
    const doubt = { kind: 'clocks differ', machine: asOf } as const;
    return { keys, asOf: new Date(asOf.getTime() - 3 * 86_400_000), doubt };
  };
  await issueKey(ORDER, { ...one, keys: { ...one.keys, list: behind } });
  const { entry } = store.readJournal();
  expect(Date.parse((entry as Mark).expiresAt)).toBeGreaterThan(cloud.now);
});
