import type { AccessKey } from './access-key.js';
import { LATE_LANDING_MILLISECONDS } from './journal.js';
import type { Intent, JournalEntry, Watch } from './journal.js';
import type { Listing, World } from './ports.js';

/** Creates of one intention are sent for this long at most. */
export const CREATE_MILLISECONDS = 120_000;
/** The API tells whole seconds. */
const PRECISION_MILLISECONDS = 1000;

/** When a create of this intention may take effect, and what was there before. */
export function watchOver(intent: Intent): Watch {
  const until = Date.parse(intent.begunAt) + CREATE_MILLISECONDS + LATE_LANDING_MILLISECONDS;
  return { baseline: intent.baseline, since: intent.begunAt, until: new Date(until).toISOString() };
}

/** Everything that a journal's entry asks to look out for; null where nothing can come any more. */
export function watchOf(entry: JournalEntry | null): Watch | null {
  if (entry?.phase !== 'intent') return entry?.watch ?? null;
  return merged(entry.watch ?? null, entry.answered ? null : watchOver(entry));
}

/** One watch for two: from the first one's beginning to the last one's end. */
export function merged(a: Watch | null, b: Watch | null): Watch | null {
  if (!a || !b) return a ?? b;
  const [first, last] = a.since <= b.since ? [a, b] : [b, a];
  return { ...first, until: first.until > last.until ? first.until : last.until };
}

/** What an entry asks to look out for on this bucket. */
export function watchIn(entry: JournalEntry | null, bucket: string): Watch | null {
  return entry?.bucket === bucket ? watchOf(entry) : null;
}

/** Null once a look at the bucket has come after its end. */
export function unlessOver(watch: Watch | null, asOf: Date): Watch | null {
  return watch && asOf.getTime() <= Date.parse(watch.until) ? watch : null;
}

/** Keys that may be what a watched creation has left: made in its time, and nobody's as far as this process knows. */
export function suspects(
  world: World,
  listing: Listing,
  watch: Watch | null,
  but: readonly (string | undefined)[] = [],
): AccessKey[] {
  if (!watch) return [];
  const since = Date.parse(watch.since) - PRECISION_MILLISECONDS;
  const until = Date.parse(watch.until) + PRECISION_MILLISECONDS;
  return listing.keys.filter(
    (key) =>
      !watch.baseline.includes(key.id) &&
      !world.known.has(key.id) &&
      !but.includes(key.id) &&
      key.createdAt.getTime() >= since &&
      key.createdAt.getTime() <= until,
  );
}
