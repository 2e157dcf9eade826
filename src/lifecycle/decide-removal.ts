import type { AccessKey } from './access-key.js';
import { keyIn } from './journal/entry.js';
import type { Holder, JournalEntry, LateWindow, Mark } from './journal/entry.js';
import {
  lateWindowAfter,
  lateWindowOf,
  possibleOrphans,
  proofOf,
  unlessOver,
} from './journal/late-window.js';
import type { KnownKeys, KnownView } from './known-keys.js';
import type { Listing } from './ports.js';
import type { Resource } from './resource.js';

/** One key of a resource that goes, in the order in which they do. */
export interface Removal {
  readonly key: string;
  /** Where its pair is: each of the two may have a destination of its own. */
  readonly at: 'current' | 'previous';
}

/** All that a resource still has; what another resource has in its state by now is no leftover any more. */
export function decideRemoval(
  { current, previous, leftovers }: Resource,
  { ours }: Pick<KnownView, 'ours'>,
): readonly Removal[] {
  return [
    ...(current ? [{ key: current.id, at: 'current' as const }] : []),
    ...(previous === null ? [] : [{ key: previous, at: 'previous' as const }]),
    ...leftovers.filter((id) => !ours.has(id)).map((key) => ({ key, at: 'current' as const })),
  ];
}

/** A resource that goes, and what tells its keys from those of others. */
export interface Going {
  readonly bucket: string;
  /** IDs of all keys that its state has, or had last. */
  readonly held: readonly string[];
  /** Those of them that are of no use and only in its memory: no attribute shows them. */
  readonly leftovers: readonly string[];
  /** When its current key was made. */
  readonly createdAt: Date | null;
  /** IDs of keys that were there before it, or are others'; null where nothing was written down. */
  readonly accounted: readonly string[] | null;
  /** What was written down is lost. */
  readonly hasForgotten?: boolean;
  readonly exclusive: boolean;
}

export function goingOf(
  { bucket, current, previous, leftovers, former }: Resource,
  more: Pick<Going, 'accounted' | 'createdAt' | 'exclusive' | 'hasForgotten'>,
): Going {
  const held = [current?.id ?? null, previous, former, ...leftovers].filter((id) => id !== null);
  return { bucket, held, leftovers, ...more };
}

/** The journal of a place at which a resource that goes had a pair. */
export interface Journaled {
  readonly entry: JournalEntry | null;
  /** The run of the entry has certainly ended, or its time is over. */
  readonly isOver: boolean;
  /** IDs of keys that it may have made on another bucket. */
  readonly elsewhere: readonly string[];
}

/** Why a key that stays may be of the resource that goes. */
export type Doubt =
  /** A run is at work on this destination, or may be. */
  | { readonly kind: 'at work'; readonly holder: Holder; readonly since: string; readonly until?: string }
  /** It was made for this destination, and not in place of a key of this resource. */
  | { readonly kind: 'another creation'; readonly holder: Holder; readonly since: string }
  /** Some state has it, or had. */
  | { readonly kind: 'in a state'; readonly holder: Holder; readonly since: string }
  /** It came while a create without an answer could take effect. */
  | { readonly kind: 'late' }
  /** It came after the resource's own key. */
  | { readonly kind: 'newer' }
  /** What the resource had noted is lost, so that nothing tells whose it is. */
  | { readonly kind: 'forgotten' }
  /** The resource's own key has replaced it, and its state has lost it. */
  | { readonly kind: 'replaced' };

/** Keys that are named and left alone; without an ID where a run may yet make one. */
export interface Remaining {
  readonly bucket: string;
  readonly keys: readonly string[];
  readonly why: Doubt;
}

/** What becomes of that which a resource's state does not tell of. */
export interface Remainder {
  /** The entry is about this resource, and its run is over. */
  readonly isOurs: boolean;
  /** IDs of keys that are deleted with the resource: the journal proves them, and no state has them. */
  readonly proven: readonly string[];
  readonly reported: readonly Remaining[];
  /** A create without an answer may still take effect. */
  readonly lateWindow: LateWindow | null;
}

const NO_REMAINDER: Remainder = { isOurs: false, proven: [], reported: [], lateWindow: null };

/**
 * Only an entry that says so, whose run has ended before any state took its key, proves that a key has followed one of
 * this resource's; under `create_before_destroy` the next key is another object's, and the entry does not say so.
 */
export function decideRemainder(
  { bucket, held, exclusive }: Going,
  { entry, isOver, elsewhere }: Journaled,
  listing: Listing,
  known: Pick<KnownKeys, 'has'>,
): Remainder {
  if (!entry) return NO_REMAINDER;
  const key = keyIn(entry);
  const isOwn = held.some((id) => id === key);
  const others = key === undefined || isOwn ? [] : [key];
  // What another resource of this process has is its own care.
  if (others.some((id) => known.has(id))) return NO_REMAINDER;
  const why = doubtOf(entry, isOver);
  if (entry.bucket !== bucket) {
    return { ...NO_REMAINDER, reported: [{ bucket: entry.bucket, keys: [...others, ...elsewhere], why }] };
  }
  const isLeased = entry.phase === 'intent' && !isOver;
  const follows = entry.phase !== 'confirmed' && held.some((id) => id === entry.replaces);
  const isOurs = !isLeased && (isOwn || (follows && isOver));
  const lateWindow = isLeased ? lateWindowAfter(entry) : lateWindowOf(entry);
  const came = possibleOrphans({ known }, listing, lateWindow, [...held, key]);
  const there = others.filter((id) => listing.keys.some((listed) => listed.id === id));
  if (isLeased) return { ...NO_REMAINDER, reported: [{ bucket, keys: [...there, ...idsOf(came)], why }] };
  const proven = came.filter((each) => isOurs && proofOf({ exclusive }, lateWindow, each));
  const late = came.filter((each) => !proven.includes(each));
  const lost = isOwn && entry.phase !== 'intent' ? predecessorOf(entry, held, listing, known) : [];
  return {
    isOurs,
    proven: isOurs ? [...others, ...idsOf(proven)] : [],
    reported: [
      ...(lost.length === 0 ? [] : [{ bucket, keys: lost, why: { kind: 'replaced' } as const }]),
      ...(isOurs || there.length === 0 ? [] : [{ bucket, keys: there, why }]),
      ...(late.length === 0 ? [] : [{ bucket, keys: idsOf(late), why: { kind: 'late' } as const }]),
    ],
    // Who has a key in its state looks out for what is to come.
    lateWindow: why.kind === 'in a state' && !isOwn ? null : unlessOver(lateWindow, listing),
  };
}

/** ID of the key that the resource's own has replaced, where it lives and its state has lost it. */
function predecessorOf(
  { replaces }: Mark,
  held: readonly string[],
  { keys }: Listing,
  known: Pick<KnownKeys, 'has'>,
): string[] {
  return idsOf(keys.filter(({ id }) => id === replaces && !held.includes(id) && !known.has(id)));
}

/** Where no journal is, or none of it is read any more, only the list can show what a run that died has left. */
export function newerKeys(
  { held, accounted, createdAt, hasForgotten }: Going,
  listing: Listing,
  known: Pick<KnownKeys, 'isAccountedFor'>,
  reported: readonly string[],
): string[] {
  return listing.keys
    .filter(({ id }) => !held.includes(id) && !reported.includes(id) && !known.isAccountedFor(id))
    .filter((key) =>
      hasForgotten
        ? true
        : accounted
          ? !accounted.includes(key.id)
          : // Whether a key without a time came first is unknown.
            createdAt !== null && (key.createdAt === null || key.createdAt >= createdAt),
    )
    .map(({ id }) => id);
}

function doubtOf(entry: JournalEntry, isOver: boolean): Doubt {
  const { holder } = entry;
  if (entry.phase === 'intent') {
    const { begunAt: since, expiresAt: until } = entry;
    return isOver ? { kind: 'another creation', holder, since } : { kind: 'at work', holder, since, until };
  }
  const { at: since } = entry;
  if (entry.phase === 'confirmed') return { kind: 'in a state', holder, since };
  const kind = isOver || entry.replaces === undefined ? 'another creation' : 'at work';
  return { kind, holder, since };
}

function idsOf(keys: readonly AccessKey[]): string[] {
  return keys.map(({ id }) => id);
}
