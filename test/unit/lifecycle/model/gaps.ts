import { NOT_REPORTED, UNKNOWN_STATUS } from '../../../../src/lifecycle/access-key.js';
import type { AccessKey } from '../../../../src/lifecycle/access-key.js';
import type { Listing } from '../../../../src/lifecycle/ports.js';
import { timeIn } from '../../../../src/lifecycle/service-time.js';
import type { History } from './history.js';

const DAYS = 3 * 24 * 3_600_000;

/** What one answer of GetBucketAccessKeys leaves out, or tells otherwise than it is. */
export const GAPS = [
  /** No key has a status; the oldest one has a status that nobody knows. */
  'status',
  'known status',
  /** No key has a createdAt; the youngest one has none. */
  'creation',
  'last creation',
  'last use',
  'date',
  'date ahead',
  'date behind',
] as const;
export type Gap = (typeof GAPS)[number];

/** An answer with that gap, which came at `now` by this machine's clock. */
export function withGap({ keys, ...time }: Listing, gap: Gap, now: number): Listing {
  const dated = (date: number | null) =>
    timeIn(date === null ? undefined : new Date(date).toUTCString(), new Date(now));
  const all = (less: Partial<AccessKey>) => ({ ...time, keys: keys.map((key) => ({ ...key, ...less })) });
  const one = (which: number, less: Partial<AccessKey>) => ({
    ...time,
    keys: keys.map((key, at) => (at === which ? { ...key, ...less } : key)),
  });
  switch (gap) {
    case 'status':
      return all({ status: UNKNOWN_STATUS });
    case 'known status':
      return one(0, { status: 'Expiring' });
    case 'creation':
      return all({ createdAt: null });
    case 'last creation':
      return one(keys.length - 1, { createdAt: null });
    case 'last use':
      return all({ lastUse: NOT_REPORTED });
    case 'date':
      return { keys, ...dated(null) };
    case 'date ahead':
      return { keys, ...dated(now + DAYS) };
    case 'date behind':
      return { keys, ...dated(now - DAYS) };
  }
}

/**
 * Of two histories that differ in one answer in part: what the run of that answer has done that it would not have done
 * with the whole answer. To do less is right.
 */
export function judgeGap(whole: History, inPart: History, step: number): void {
  const run = inPart.steps[step]?.run;
  const expected = new Set(deedsIn(whole, run));
  for (const deed of deedsIn(inPart, run)) {
    if (!expected.has(deed)) inPart.wrong(`because of an answer in part, ${deed.replace(/ \w+$/, '')}`);
  }
}

function deedsIn({ deeds }: History, run: number | undefined): string[] {
  return deeds.filter((deed) => deed.run === run).map(({ what, id }) => `a key was ${what} ${id}`);
}
