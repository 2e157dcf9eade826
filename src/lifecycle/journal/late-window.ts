import { isReportedInFull } from '../access-key.js';
import type { AccessKey } from '../access-key.js';
import type { Intent, JournalEntry, LateWindow } from './entry.js';
import type { KnownKeys } from '../known-keys.js';
import type { CreateOptions, Listing } from '../ports.js';
import { knownTime } from '../service-time.js';
import type { ServiceTime } from '../service-time.js';

/** Creates of one intention are sent for this long at most. */
export const CREATE_MILLISECONDS = 120_000;
/** How long a create without an answer may still take effect: AWS's pages say 5 and 15 minutes. */
export const LATE_LANDING_MILLISECONDS = 15 * 60_000;
/** The API tells whole seconds. */
const PRECISION_MILLISECONDS = 1000;

/**
 * When a create of this intention may take effect, and what was there before. Where AWS told no time as it began, a
 * machine's clock may have been behind: the key that was made in the end tells one, too.
 */
export function lateWindowAfter(intent: Intent): LateWindow {
  const { begunAt, unlistedSince } = intent;
  const sent = Date.parse(begunAt) + CREATE_MILLISECONDS;
  const until = Math.max(sent, Date.parse(unlistedSince ?? begunAt)) + LATE_LANDING_MILLISECONDS;
  return { baseline: intent.baseline, since: intent.begunAt, until: new Date(until).toISOString() };
}

/** Everything that a journal's entry asks to look out for; null where nothing can come any more. */
export function lateWindowOf(entry: JournalEntry | null): LateWindow | null {
  if (entry?.phase !== 'intent') return entry?.lateWindow ?? null;
  return merged(entry.lateWindow ?? null, entry.answered ? null : lateWindowAfter(entry));
}

/** One window for two: from the first one's beginning to the last one's end, so far as anything unknown can appear. */
export function merged(a: LateWindow | null, b: LateWindow | null): LateWindow | null {
  if (!a || !b) return a ?? b;
  const isInOrder = a.answered === b.answered ? a.since <= b.since : !a.answered;
  const [first, last] = isInOrder ? [a, b] : [b, a];
  const ours = [...new Set([...(a.ours ?? []), ...(b.ours ?? [])])];
  return {
    baseline: first.baseline,
    since: first.since,
    until: first.until > last.until ? first.until : last.until,
    ...(ours.length > 0 && { ours }),
    ...(a.answered && b.answered && { answered: true }),
  };
}

/** What an entry asks to look out for on this bucket. */
export function lateWindowIn(entry: JournalEntry | null, bucket: string): LateWindow | null {
  return entry?.bucket === bucket ? lateWindowOf(entry) : null;
}

/** The same where the key of a creation is given up: made, and in no list so far, it may yet appear. */
export function lateWindowGivingUp(entry: JournalEntry | null, bucket: string): LateWindow | null {
  const open = lateWindowIn(entry, bucket);
  if (entry?.phase !== 'intent' || entry.bucket !== bucket) return open;
  const { made, unlistedSince } = entry;
  if (made === undefined || unlistedSince === undefined) return open;
  return merged(open, { ...lateWindowAfter(entry), ours: [made], answered: true });
}

/** What may still come beside what a list shows and what this process has deleted; null where nothing can. */
export function beside(
  { keys }: Listing,
  lateWindow: LateWindow | null,
  known: Pick<KnownKeys, 'isDeleted'>,
): LateWindow | null {
  if (!lateWindow) return null;
  const { ours = [], ...rest } = lateWindow;
  const isSeen = (id: string) => known.isDeleted(id) || keys.some((key) => key.id === id && !key.isUnlisted);
  const unseen = ours.filter((id) => !isSeen(id));
  if (unseen.length > 0) return { ...rest, ours: unseen };
  return rest.answered ? null : rest;
}

/** Null once a look at the bucket has come after its end. */
export function unlessOver(lateWindow: LateWindow | null, time: ServiceTime): LateWindow | null {
  const asOf = knownTime(time);
  return lateWindow && (asOf === null || asOf.getTime() <= Date.parse(lateWindow.until)) ? lateWindow : null;
}

/**
 * Keys that may be what an unanswered creation has left: made in its window, and of no resource that this process knows.
 * That a key is new the baseline proves, whatever its time says of it: clocks differ. Only without one the time has to,
 * and a key without a time is then none.
 */
export function possibleOrphans(
  { known }: { readonly known: Pick<KnownKeys, 'has'> },
  listing: Listing,
  lateWindow: LateWindow | null,
  but: readonly (string | undefined)[] = [],
): AccessKey[] {
  if (!lateWindow) return [];
  const { ours = [] } = lateWindow;
  const since = Date.parse(lateWindow.since) - PRECISION_MILLISECONDS;
  const until = Date.parse(lateWindow.until) + PRECISION_MILLISECONDS;
  const { baseline } = lateWindow;
  const isNew = ({ id, createdAt }: AccessKey) =>
    baseline ? !baseline.includes(id) : createdAt !== null && createdAt.getTime() >= since;
  const isInTime = (key: AccessKey) =>
    !lateWindow.answered && isNew(key) && (key.createdAt === null || key.createdAt.getTime() <= until);
  return listing.keys.filter(
    (key) => !known.has(key.id) && !but.includes(key.id) && (ours.includes(key.id) || isInTime(key)),
  );
}

/**
 * What proves that a key of this window is this resource's: the journal, where it was made and given up, or its author,
 * who has said that no other resource makes keys there, where it is known what was there before. A key of which AWS
 * does not report all is kept, whoever its owner is: a later answer will have it.
 */
export function proofOf(
  { exclusive }: Pick<CreateOptions, 'exclusive'>,
  lateWindow: LateWindow | null,
  key: Pick<AccessKey, 'id' | 'status' | 'createdAt'>,
): 'journal' | 'exclusive' | null {
  if (!isReportedInFull(key)) return null;
  if (lateWindow?.ours?.includes(key.id)) return 'journal';
  return exclusive && lateWindow !== null && lateWindow.baseline !== null ? 'exclusive' : null;
}
