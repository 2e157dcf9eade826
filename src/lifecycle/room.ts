import { KEYS_PER_BUCKET } from './access-key.js';
import type { AccessKey } from './access-key.js';
import { pastOf } from './earlier-run.js';
import type { Mark } from './journal/entry.js';
import { replacementOf } from './journal/lease.js';
import type { KnownView } from './known-keys.js';
import type { LifecycleError } from './lifecycle-error.js';
import type { Message } from './message.js';
import { madeWithoutList } from './messages/creation.js';
import { replacedWhereRemoved } from './messages/owners.js';
import * as say from './messages/planning.js';
import { roomDependsOnOrder } from './messages/slots.js';
import type { Listing, Scene } from './ports.js';
import {
  heldByAnother,
  overwrittenValue,
  isBlocking,
  noFreeSlot,
  slotsTaken,
  refusal,
  unmanagedBeside,
} from './refusals.js';
import type { Blocking } from './refusals.js';
import type { Situation, Inspected } from './inspect.js';
import type { ServiceTime } from './service-time.js';
import { fit, inTheWayOf, takenOn } from './slots.js';
import type { OtherUses, SlotUse } from './slots.js';

/** What a look at a bucket and a destination has found. */
export type Inspection =
  | { readonly found: 'nothing'; readonly problem: LifecycleError }
  /** While planning, a bucket that is not there yet is one that this apply will make. */
  | { readonly found: 'no bucket'; readonly scene: Scene }
  /** The destination is known only at apply. */
  | { readonly found: 'bucket'; readonly scene: Scene; readonly listing: Listing }
  | { readonly found: 'all'; readonly scene: Scene; readonly inspected: Inspected };

/** What making a key would meet now: the same that {@link issueKey} will judge at apply. */
export interface Room {
  readonly messages: readonly Message[];
  /** Why no key could be made. */
  readonly problem: LifecycleError | null;
  /** IDs of keys that this resource looks after: it deletes them, takes them over, or puts its new pair in their place. */
  readonly accountedFor: readonly string[];
  /** The key whose mark has to say that it may be replaced: apply may not know of its predecessor. */
  readonly permits: { readonly key: string; readonly time: ServiceTime } | null;
  /** The key whose pair is where the new one's is to go. */
  readonly occupant: Occupant | null;
  /** What it does to the slots of its bucket; null where it is not known which one that is. */
  readonly use: SlotUse | null;
  /** IDs of the keys that are on the bucket; null: no list was read. */
  readonly listed: readonly string[] | null;
}

export interface Occupant {
  readonly bucket: string;
  readonly key: string;
  /** The key that it has replaced in place, and that may live beside it. */
  readonly predecessor: string | null;
  /** What has become of the replacement that its own resource has planned. */
  readonly replacement: ReturnType<typeof replacementOf>;
}

export const NOTHING_IN_THE_WAY: Room = {
  messages: [],
  problem: null,
  accountedFor: [],
  permits: null,
  occupant: null,
  use: null,
  listed: null,
};

export interface Wish {
  readonly exclusive: boolean;
  /**
   * The key that the new one is made beside. Null: whatever this process has in its states may be gone before the new
   * key is made.
   */
  readonly beside: string | null;
  /** Keys of this resource that the same apply deletes first. */
  readonly first: readonly string[];
  /** It takes the place of no key of its own resource. */
  readonly isNew: boolean;
  readonly known: KnownView;
  readonly slots: SlotWish;
}

/** The part of a wish that is about other plans of the same bucket. */
export interface SlotWish extends Omit<SlotUse, 'makes' | 'first'> {
  readonly others: OtherUses;
  /** It waits where not every order of the other plans leaves it room. */
  readonly canWait: boolean;
}

export function roomFor(wish: Wish, inspection: Inspection): Room {
  switch (inspection.found) {
    case 'nothing':
      return { ...NOTHING_IN_THE_WAY, problem: inspection.problem };
    case 'no bucket':
      return withoutList(wish, inspection.scene);
    case 'bucket':
      return roomOnBucket(wish, inspection.scene, inspection.listing);
    case 'all':
      return roomAt(wish, inspection.scene, inspection.inspected);
  }
}

function roomAt(wish: Wish, scene: Scene, { situation, listing, overwrites }: Inspected): Room {
  const overwritten = overwrites === null ? [] : [overwrittenValue(scene, overwrites)];
  const unlisted = listing.isMissing ? [madeWithoutList(scene.keys.bucket)] : [];
  const occupant = occupantIn(situation, scene, listing);
  if (isBlocking(situation)) {
    const problem = refusal(situation, scene, wish.known.ours);
    return { ...NOTHING_IN_THE_WAY, messages: overwritten, problem, occupant };
  }
  const removed = wish.isNew && occupant && wish.known.removed.has(occupant.key) ? occupant : null;
  if (removed && !isLeftByReplacement(removed)) {
    const problem = heldByAnother(removed.bucket, removed.key, true);
    return { ...NOTHING_IN_THE_WAY, problem, occupant };
  }
  const followed = removed ? [replacedWhereRemoved(removed.bucket, removed.key)] : [];
  const past = pastOf(wish, scene, listing, situation);
  const predecessor = predecessorIn(situation);
  const going = [...past.deleted, ...wish.first];
  const accountedFor = [...past.adopted, ...going, ...(predecessor === null ? [] : [predecessor])];
  const messages = [...followed, ...overwritten, ...unlisted, ...past.messages];
  const { unmanaged, taken, use } = slotsOf(wish, scene, listing, going);
  const listed = listing.keys.map(({ id }) => id);
  const room = { messages, accountedFor, permits: null, occupant, use, listed };
  const counted = past.needsSlot
    ? counting(wish, scene, listing, use, taken, markIn(situation))
    : NO_OBJECTION;
  if (counted.problem) return { ...room, problem: counted.problem };
  if (!past.needsSlot) room.use = { ...use, makes: null };
  room.messages.push(...counted.messages);
  const unreported = unmanaged.filter(({ id }) => !past.reported.includes(id) && id !== predecessor);
  return {
    ...room,
    messages: [...room.messages, ...unreported.map((key) => unmanagedBeside(scene, key, listing))],
    problem: null,
    // A rotation in place needs no permission: its apply knows the predecessor.
    permits: wish.beside === null && predecessor !== null ? { key: predecessor, time: listing } : null,
  };
}

/** The destination's journal may turn out to prove an unmanaged key this resource's, so nothing is refused for its sake. */
function roomOnBucket(wish: Wish, scene: Scene, listing: Listing): Room {
  const { unmanaged, taken, use } = slotsOf(wish, scene, listing, wish.first);
  const { problem, messages: said } = counting(wish, scene, listing, use, taken, null);
  const listed = listing.keys.map(({ id }) => id);
  const room = { ...NOTHING_IN_THE_WAY, use, listed };
  const settled = taken.filter((key) => !unmanaged.includes(key)).map(({ id }) => id);
  const isOpen = wish.beside !== null || fit(settled, [...wish.slots.others.uses, use]) !== 'in no order';
  if (problem && !isOpen) return { ...room, problem };
  const messages =
    problem && wish.beside === null
      ? [say.perhapsNoFreeSlot(problem)]
      : [...said, ...unmanaged.map((key) => unmanagedBeside(scene, key, listing))];
  if (listing.isMissing) messages.push(madeWithoutList(scene.keys.bucket));
  return { ...room, messages };
}

/** Where there is nothing to look at, or AWS cannot be asked, other plans of this bucket still count. */
export function withoutList(wish: Wish, scene: Scene | null): Room {
  const use = useOf(wish, scene, wish.first);
  const room = { ...NOTHING_IN_THE_WAY, use };
  const { uses } = wish.slots.others;
  if (!scene || fit([], [...uses, use]) !== 'in no order') return room;
  const others = inTheWayOf([], use, uses);
  return { ...room, problem: slotsTaken(scene.keys.bucket, pairOf(scene), [], others) };
}

function useOf({ slots }: Wish, scene: Scene | null, first: readonly string[]): SlotUse {
  const { keys, then, isAsked, isNew, rotates } = slots;
  return {
    keys,
    first,
    makes: scene ? pairOf(scene) : 'another resource',
    then,
    isAsked,
    isNew,
    rotates,
  };
}

/** Where the pair of the new key is to go, as messages call it. */
function pairOf({ destination }: Scene): string {
  return destination.isNowhere ? 'a destination that is known only at apply' : destination.title;
}

/** `taken`: what will still take a slot when the new key is made. */
function slotsOf(wish: Wish, scene: Scene, listing: Listing, going: readonly string[]) {
  const { beside, known, slots } = wish;
  const taking = listing.keys.filter((key) => !going.includes(key.id));
  const unmanaged = taking.filter((key) => !known.ours.has(key.id));
  const use = useOf(wish, scene, going);
  const counts = takenOn(
    taking.map(({ id }) => id),
    known.ours,
    [...slots.others.uses, use],
  );
  // Of what its author has not asked for, no later plan could say that it has no room after all.
  const mayBeFree = beside === null || slots.isAsked;
  const taken = mayBeFree ? taking.filter(({ id }) => counts.includes(id)) : taking;
  return { unmanaged, taken, use };
}

interface Counted {
  readonly problem: LifecycleError | null;
  readonly messages: readonly Message[];
}

const NO_OBJECTION: Counted = { problem: null, messages: [] };

/** Whether every plan of the bucket finds its slot, this one among them. */
function counting(
  { slots, known, isNew }: Wish,
  scene: Scene,
  listing: Listing,
  use: SlotUse,
  taken: readonly AccessKey[],
  mark: Mark | null,
): Counted {
  const { uses } = slots.others;
  const keys = taken.map(({ id }) => id);
  const together = fit(keys, [...uses, use]);
  if (together === 'in any order') return NO_OBJECTION;
  const others = inTheWayOf(keys, use, uses);
  if (together === 'in some order' && !slots.canWait) {
    return { problem: null, messages: [roomDependsOnOrder(scene.keys.bucket, pairOf(scene), others)] };
  }
  const isFull = fit(keys, [use]) === 'in no order';
  const problem = isFull
    ? noFreeSlot(scene, listing, taken, { ours: known.ours, isNew, mark })
    : slotsTaken(scene.keys.bucket, pairOf(scene), keys, others);
  return { ...NO_OBJECTION, problem };
}

/** The key whose pair lies there, and gives way to the new one. */
function predecessorIn(situation: Exclude<Situation, Blocking>): string | null {
  return markIn(situation)?.accessKeyId ?? null;
}

/** Whose pair lies there, where a mark says so and it is not adopted. */
function markIn(situation: Situation): Mark | null {
  switch (situation.kind) {
    case 'free':
    case 'owned':
      return situation.mark;
    case 'unfinished':
    case 'abandoned':
      return situation.before;
    default:
      return null;
  }
}

function occupantIn(situation: Situation, { keys: { bucket } }: Scene, time: ServiceTime): Room['occupant'] {
  if (situation.kind === 'delivered') {
    return { bucket, key: situation.key.id, predecessor: null, replacement: null };
  }
  const mark = markIn(situation);
  return mark && occupantOf(mark, time);
}

function occupantOf(mark: Mark, time: ServiceTime): Occupant {
  const { bucket, accessKeyId: key, replaces: predecessor = null } = mark;
  return { bucket, key, predecessor, replacement: replacementOf(mark, time) };
}

/**
 * Whether the apply of a resource that is made before its old object goes finds no room, for the old one's keys alone. Where
 * the creation fails, and not the plan before it, Terraform makes the old object the resource's own again.
 */
export function lacksRoomBesideOwn({ occupant, listed }: Room): boolean {
  if (occupant?.replacement !== 'planned' || !listed || listed.length < KEYS_PER_BUCKET) return false;
  return listed.every((id) => id === occupant.key || id === occupant.predecessor);
}

/**
 * Whether what holds the place may be the old object of a resource that was to be made anew, by an apply that was refused
 * or died before it could say so: then it is no other resource.
 */
export function isLeftByReplacement(occupant: Occupant | null | undefined): boolean {
  return (occupant?.replacement ?? null) !== null;
}
