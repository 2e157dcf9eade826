import { knownTime, timeIn } from '../../../src/lifecycle/service-time.js';

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
