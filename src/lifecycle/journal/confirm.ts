import { snapshotOf } from '../snapshot.js';
import type { Snapshot } from '../snapshot.js';
import { isLeased } from './lease.js';
import { asDeleted, asListed } from './entry.js';
import { markOfMade } from './new-entry.js';
import type { Intent, JournalEntry, Mark } from './entry.js';
import type { KeyContext } from '../ports.js';
import type { ServiceTime } from '../service-time.js';
import { unlessOver, lateWindowOf } from './late-window.js';

/** A planned replacement that is not applied within this time has to be planned again. */
const REPLACEABLE_MILLISECONDS = 24 * 3_600_000;

/**
 * Changes the mark of one key, if the journal still holds it. Answers whether it did; a journal that cannot be
 * written is no error here, because a refresh without write rights has to work all the same.
 */
async function amend(
  context: KeyContext,
  accessKeyId: string,
  time: ServiceTime | null,
  change: (mark: Mark) => Mark,
  snapshot: Snapshot = snapshotOf(context.destination),
): Promise<boolean> {
  const { journal } = context.destination;
  if (!journal) return true;
  try {
    const reading = await snapshot.journal();
    if (!reading?.entry) return false;
    const { entry, revision } = reading;
    const next = await amended(context, entry, snapshot, { accessKeyId, time, change });
    if (!next) return false;
    if (JSON.stringify(next) === JSON.stringify(entry)) return true;
    return (await journal.write(next, revision)) !== null;
  } catch {
    return false;
  }
}

interface Amendment {
  readonly accessKeyId: string;
  readonly time: ServiceTime | null;
  readonly change: (mark: Mark) => Mark;
}

/** Null when the entry says nothing of that key, or belongs to a run that is still at work. */
async function amended(
  context: KeyContext,
  entry: JournalEntry,
  snapshot: Snapshot,
  { accessKeyId, time, change }: Amendment,
): Promise<JournalEntry | null> {
  if (entry.phase !== 'intent') return entry.accessKeyId === accessKeyId ? change(entry) : null;
  const { before } = entry;
  if (entry.made === accessKeyId) {
    // A state has the key, so its run has delivered it and could not write its mark, or it had to be withdrawn.
    const { current } = await snapshot.holding();
    if (current?.accessKeyId !== accessKeyId) return null;
    const { unlistedSince, replaces } = entry;
    const lateWindow = lateWindowOf(entry);
    return change({
      ...markOfMade(entry, accessKeyId),
      ...(unlistedSince && { unlistedSince }),
      ...(lateWindow && { lateWindow }),
      ...(replaces !== undefined && { replaces }),
    });
  }
  return time && !isLeased(context, entry, time) && before?.accessKeyId === accessKeyId
    ? { ...(isUnlisted(context, entry) ? entry : asListed(entry)), before: change(before) }
    : null;
}

function isUnlisted({ known }: KeyContext, { made, unlistedSince }: Intent): boolean {
  return unlistedSince !== undefined && made !== undefined && known.unlistedSince(made) !== null;
}

/** What a look at the bucket and the journal has shown beside the key. */
interface Look {
  readonly time: ServiceTime;
  /** Nothing was found that a late create has made: its time may end. */
  readonly isClear: boolean;
  readonly snapshot: Snapshot;
}

/** Some state holds the key, so no run may take it for a dead run's leftover. */
export async function confirm(
  context: KeyContext,
  accessKeyId: string,
  { time, isClear, snapshot }: Partial<Look> = {},
): Promise<boolean> {
  const change = ({ lateWindow, unlistedSince, ...mark }: Mark): Mark => {
    const open = time && isClear ? unlessOver(lateWindow ?? null, time) : lateWindow;
    return {
      ...mark,
      phase: 'confirmed',
      ...(unlistedSince && context.known.unlistedSince(accessKeyId) && { unlistedSince }),
      ...(open && { lateWindow: open }),
    };
  };
  const isDone = await amend(context, accessKeyId, time ?? null, change, snapshot);
  if (isDone) context.runs.forget(accessKeyId);
  return isDone;
}

/**
 * A key that a dead run had made is deleted: a list without it, which had never shown it, is right from now on. Answers
 * whether the journal says so; one that a list shows all the same is still this resource's by it.
 */
export async function noteDeletion({ destination }: KeyContext, accessKeyId: string): Promise<boolean> {
  const { journal } = destination;
  try {
    if (!journal) return false;
    const { entry, revision } = await journal.read();
    if (entry?.phase !== 'intent' || entry.made !== accessKeyId || !entry.unlistedSince) return false;
    return (await journal.write(asDeleted(entry), revision)) !== null;
  } catch {
    // Then the key is looked for until it is old enough for every list.
    return false;
  }
}

/**
 * The owner has planned a replacement. At apply a replacement that is created before its predecessor is destroyed
 * reaches the provider without any trace of the predecessor, so the permission has to be at the destination.
 */
export async function permitReplacement(
  context: KeyContext,
  accessKeyId: string,
  time: ServiceTime,
  isByItsOwn: boolean,
): Promise<boolean> {
  const until = new Date(time.asOf.getTime() + REPLACEABLE_MILLISECONDS).toISOString();
  return amend(context, accessKeyId, time, (mark) => ({
    ...mark,
    replaceableUntil: until,
    ...(isByItsOwn && { replacement: 'planned' }),
  }));
}

/**
 * The apply of a replacement that was to be created first has made nothing. Terraform keeps the old object aside, and
 * removes it at the next apply, as it would a resource of another name.
 */
export async function noteRefusal(context: KeyContext, accessKeyId: string): Promise<void> {
  await amend(context, accessKeyId, null, (mark) => ({ ...mark, replacement: 'refused' }));
}
