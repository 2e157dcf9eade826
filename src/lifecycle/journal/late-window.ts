import type { AccessKey } from '../access-key.js';
import type { Intent, JournalEntry, LateWindow } from './entry.js';
import type { CreateOptions, Listing, KeyContext } from '../ports.js';

/** Creates of one intention are sent for this long at most. */
export const CREATE_MILLISECONDS = 120_000;
/** How long a create without an answer may still take effect: AWS's pages say 5 and 15 minutes. */
export const LATE_LANDING_MILLISECONDS = 15 * 60_000;
/** The API tells whole seconds. */
const PRECISION_MILLISECONDS = 1000;

/** When a create of this intention may take effect, and what was there before. */
export function lateWindowAfter(intent: Intent): LateWindow {
  const until = Date.parse(intent.begunAt) + CREATE_MILLISECONDS + LATE_LANDING_MILLISECONDS;
  return { baseline: intent.baseline, since: intent.begunAt, until: new Date(until).toISOString() };
}

/** Everything that a journal's entry asks to look out for; null where nothing can come any more. */
export function lateWindowOf(entry: JournalEntry | null): LateWindow | null {
  if (entry?.phase !== 'intent') return entry?.lateWindow ?? null;
  return merged(entry.lateWindow ?? null, entry.answered ? null : lateWindowAfter(entry));
}

/** One window for two: from the first one's beginning to the last one's end. */
export function merged(a: LateWindow | null, b: LateWindow | null): LateWindow | null {
  if (!a || !b) return a ?? b;
  const [first, last] = a.since <= b.since ? [a, b] : [b, a];
  return { ...first, until: first.until > last.until ? first.until : last.until };
}

/** What an entry asks to look out for on this bucket. */
export function lateWindowIn(entry: JournalEntry | null, bucket: string): LateWindow | null {
  return entry?.bucket === bucket ? lateWindowOf(entry) : null;
}

/** Null once a look at the bucket has come after its end. */
export function unlessOver(lateWindow: LateWindow | null, asOf: Date): LateWindow | null {
  return lateWindow && asOf.getTime() <= Date.parse(lateWindow.until) ? lateWindow : null;
}

/** Keys that may be what an unanswered creation has left: made in its window, and of no resource that this process knows. */
export function possibleOrphans(
  context: KeyContext,
  listing: Listing,
  lateWindow: LateWindow | null,
  but: readonly (string | undefined)[] = [],
): AccessKey[] {
  if (!lateWindow) return [];
  const since = Date.parse(lateWindow.since) - PRECISION_MILLISECONDS;
  const until = Date.parse(lateWindow.until) + PRECISION_MILLISECONDS;
  return listing.keys.filter(
    (key) =>
      !lateWindow.baseline?.includes(key.id) &&
      !context.known.has(key.id) &&
      !but.includes(key.id) &&
      key.createdAt.getTime() >= since &&
      key.createdAt.getTime() <= until,
  );
}

/**
 * Whether what came in this window is this resource's: its author has said that nobody else makes keys there, and what
 * was there before is known.
 */
export function provesOrphans(
  { exclusive }: Pick<CreateOptions, 'exclusive'>,
  lateWindow: LateWindow | null,
): boolean {
  return exclusive && lateWindow !== null && lateWindow.baseline !== null;
}
