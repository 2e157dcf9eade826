import { isInactive, isOfUnknownStatus } from './access-key.js';
import { causeToReplace, openArguments, needsStatus } from './cause.js';
import type { Argument, Cause } from './cause.js';
import type { KnownView } from './known-keys.js';
import type { LifecycleError } from './lifecycle-error.js';
import { duringOverlap, heldByAnother, statusUndetermined } from './refusals.js';
import { AT_APPLY, isToRotate, isUsable, keysOf } from './resource.js';
import type { Configuration, Resource } from './resource.js';
import { isLeftByReplacement, NOTHING_IN_THE_WAY, roomFor, withoutList } from './room.js';
import type { Inspection, Room, Wish } from './room.js';
import { retirementOf } from './rotation-policy.js';
import type { Retirement } from './rotation-policy.js';
import type { OtherUses } from './slots.js';

/** What is outside of one resource, as far as it was read. */
export interface Observation {
  readonly process: ProcessView;
  /**
   * Whether the wanted destination, called by its title, already holds the current key's pair as it is wanted. Null:
   * there is no way to look.
   */
  readonly pair?: { readonly isInPlace: boolean; readonly title: string } | null;
  readonly inspection?: Inspection;
  /** What the plan before this one has told the user, where Terraform (1.16 and later) hands it on. */
  readonly promised?: StoredDecision | null;
}

/** What this process knows of all its resources. */
export interface ProcessView {
  /** The provider block is wholly known, so AWS can be asked. */
  readonly canAsk: boolean;
  readonly known: KnownView;
  /** The keys that a state holds at the wanted place, and that a new resource there is to replace. */
  readonly predecessors: readonly string[];
  /** The key of the wanted place whose own resource this process has seen removed: that resource got another address. */
  readonly removedThere: string | null;
  /** A refresh of this process has found the key of that place gone: what is planned there is a repair. */
  readonly wasGone: boolean;
  /** IDs of the keys of a resource that is made anew, as far as it is known which one that is. */
  readonly own: readonly string[];
  /** What the plans of other resources, so far, make of the same bucket. */
  readonly others: OtherUses;
}

/** What has to be observed before there can be a decision. */
export type Look =
  | { readonly look: 'pair'; readonly key: string }
  /** `replacing`: keys whose place the new one may take. Without a destination there is only the bucket to look at. */
  | { readonly look: 'room'; readonly replacing: readonly string[]; readonly withDestination: boolean };

/** A key to be made, and why it could not be as things stand. */
export interface NewKey {
  readonly room: Room;
  readonly problem: LifecycleError | null;
}

export type CurrentDecision =
  /** `isRepair`: a problem is a warning of the plan, since its author has asked for nothing new. */
  | { readonly kind: 'create'; readonly newKey: NewKey; readonly isRepair: boolean }
  /** Terraform destroys the resource, and creates it anew. */
  | { readonly kind: 'replace' }
  | { readonly kind: 'keep' }
  /** The pair is in place: it is marked as this resource's. */
  | { readonly kind: 'take over'; readonly key: string; readonly title: string | null }
  /** In spite of a problem: the key is of no use as it is, and "No changes" would hide that. */
  | { readonly kind: 'rotate'; readonly cause: Cause; readonly newKey: NewKey }
  /** Another key is called for, and cannot be made now. */
  | { readonly kind: 'defer'; readonly cause: Cause; readonly newKey: NewKey }
  /** What decides it is known only at apply. */
  | {
      readonly kind: 'undecided';
      readonly open: readonly Argument[];
      readonly as: Extract<CurrentDecision, { kind: 'keep' | 'take over' | 'rotate' | 'defer' }>;
    };

export type PreviousDecision =
  | { readonly kind: 'none' }
  /** Null: no refresh has looked at it. */
  | { readonly kind: 'keep'; readonly key: string; readonly why: Stays | null }
  | { readonly kind: 'blocked'; readonly key: string; readonly why: Extract<Retirement, { kind: 'blocked' }> }
  | { readonly kind: 'retire'; readonly key: string; readonly why: Extract<Retirement, { kind: 'due' }> }
  /** A part of `rotation` is known only at apply. */
  | { readonly kind: 'undecided'; readonly key: string };

type Stays = Exclude<Retirement, { kind: 'due' | 'blocked' }>;

/** What is to become of a resource's keys, each with its reason. */
export interface Decision {
  readonly current: CurrentDecision;
  readonly previous: PreviousDecision;
  /** IDs of keys of earlier runs that are deleted. */
  readonly leftovers: readonly string[];
  readonly hook: 'none' | 'run again' | 'undecided';
  readonly destination: 'stays' | 'gets the new pair' | 'gets the mark' | 'undecided';
  /** IDs of keys whose place the new one takes. */
  readonly replacing: readonly string[];
}

export const STORED_DECISIONS = [
  'create',
  'replace',
  'keep',
  'take over',
  'rotate',
  'defer',
  'undecided',
  'delete',
] as const satisfies readonly (CurrentDecision['kind'] | 'delete')[];

/** As much of a decision as apply needs; it goes there in the private data of the plan before it. */
export interface StoredDecision {
  readonly current: (typeof STORED_DECISIONS)[number];
  readonly retires: boolean;
}

export function storedForm({ current, previous }: Decision): StoredDecision {
  return { current: current.kind, retires: previous.kind === 'retire' };
}

/**
 * The one place where it is decided what becomes of a resource's keys; a null resource is yet to be made. Answers what
 * has to be looked at first where that is missing. The same observation leads to the same decision in any process.
 */
export function decide(resource: Resource | null, wanted: Configuration, seen: Observation): Decision | Look {
  if (!resource) return decideCreation(wanted, seen);
  if (resource.bucket !== wanted.bucket) {
    const replacing = resource.current ? [resource.current.id] : [];
    return { ...UNTOUCHED, current: { kind: 'replace' }, replacing };
  }
  const retiring = retiringIn(resource, wanted);
  const future = futureOf(resource, wanted, seen, retiring);
  if ('look' in future) return future;
  const open = openArguments(wanted);
  const current = open.length > 0 ? ({ kind: 'undecided', open, as: future } as const) : future;
  const rotates = future.kind === 'rotate';
  return {
    current,
    previous: previousDecision(resource, wanted, retiring?.retirement ?? null),
    leftovers: resource.leftovers,
    hook: rotates ? 'none' : hookDecision(resource, wanted),
    destination: DESTINATIONS[current.kind],
    replacing: rotates ? replacedIn(resource, retiring) : [],
  };
}

/** The error by which a plan fails. */
export function refusalIn({ current }: Decision): LifecycleError | null {
  if (current.kind === 'create') return current.isRepair ? null : current.newKey.problem;
  // As long as it is undecided, another key is not asked for.
  return current.kind === 'rotate' && current.cause.kind === 'asked' ? current.newKey.problem : null;
}

/** What a decision found out about making a key. */
export function newKeyIn({ current }: Decision): NewKey | null {
  const future = current.kind === 'undecided' ? current.as : current;
  return 'newKey' in future ? future.newKey : null;
}

const DESTINATIONS: Readonly<Record<Exclude<CurrentDecision['kind'], 'replace'>, Decision['destination']>> = {
  create: 'gets the new pair',
  keep: 'stays',
  defer: 'stays',
  'take over': 'gets the mark',
  rotate: 'gets the new pair',
  undecided: 'undecided',
};

const UNTOUCHED: Omit<Decision, 'current' | 'replacing'> = {
  previous: { kind: 'none' },
  leftovers: [],
  hook: 'none',
  destination: 'stays',
};

function decideCreation(wanted: Configuration, seen: Observation): Decision | Look {
  const { predecessors: replacing, removedThere, wasGone, own } = seen.process;
  // Its old object is destroyed first, unless its author has it otherwise, which is not said here.
  const slots = { keys: own, then: [], canWait: false, isAsked: !wasGone, isNew: own.length === 0 };
  const room = roomIn(wanted, seen, { beside: null, first: own, replacing, slots });
  if ('look' in room) return room;
  if (removedThere !== null && wanted.bucket !== AT_APPLY && !isLeftByReplacement(room.occupant)) {
    const problem = heldByAnother(wanted.bucket, removedThere, true);
    return creation({ room: NOTHING_IN_THE_WAY, problem }, false, []);
  }
  return creation({ room, problem: room.problem }, wasGone, replacing);
}

function creation(newKey: NewKey, isRepair: boolean, replacing: readonly string[]): Decision {
  const destination = DESTINATIONS.create;
  return { ...UNTOUCHED, current: { kind: 'create', newKey, isRepair }, destination, replacing };
}

type Future = Extract<CurrentDecision, { kind: 'undecided' }>['as'];

/** What becomes of the current key so far as is known. */
function futureOf(
  resource: Resource,
  wanted: Configuration,
  seen: Observation,
  retiring: Retiring | null,
): Future | Look {
  const cause = causeToReplace(resource, wanted);
  if (!cause) return { kind: 'keep' };
  const taken = cause.lacksPair ? takeOver(resource, wanted, seen) : null;
  if (taken) return taken;
  const newKey = needsStatus(cause, resource.current)
    ? { room: NOTHING_IN_THE_WAY, problem: statusUndetermined(resource.bucket, resource.current) }
    : nextKey(resource, wanted, seen, retiring, cause);
  if ('look' in newKey) return newKey;
  // Where consumers read the previous key's pair, they have one that works.
  const isBroken = cause.kind === 'repair' && retiring?.retirement.kind !== 'restored';
  // The hook is run again first, which frees the previous key: with a rotation it would not be.
  const needsHook =
    retiring !== null && stillValid(resource, retiring, cause)?.kind === 'successor not announced';
  const isNow = newKey.problem === null || cause.kind === 'asked' || (isBroken && !needsHook);
  return { kind: isNow ? 'rotate' : 'defer', cause, newKey };
}

/** Null where the pair is not in place, or cannot be. */
function takeOver(
  resource: Resource,
  wanted: Configuration,
  { process, pair, promised }: Observation,
): Future | Look | null {
  const { current, destination } = resource;
  // Nothing may say that the pair there is of another form than is wanted now.
  const mayBeInPlace = destination === null || destination === wanted.destination;
  if (!isUsable(current) || !process.canAsk || !wanted.namesDestination || !mayBeInPlace) return null;
  if (promised?.current === 'take over') return { kind: 'take over', key: current.id, title: null };
  if (pair === undefined) return { look: 'pair', key: current.id };
  return pair?.isInPlace ? { kind: 'take over', key: current.id, title: pair.title } : null;
}

function nextKey(
  resource: Resource,
  wanted: Configuration,
  seen: Observation,
  retiring: Retiring | null,
  cause: Cause,
): NewKey | Look {
  const { bucket, current, previous, leftovers } = resource;
  const valid = retiring && stillValid(resource, retiring, cause);
  if (isUsable(current) && retiring && valid) {
    // There is no slot for a second predecessor.
    const keys = { current: current.id, previous: retiring.key };
    return { room: NOTHING_IN_THE_WAY, problem: duringOverlap(bucket, keys, valid) };
  }
  const first = [...leftovers, ...goingFirst(resource, retiring)];
  const replacing = replacedIn(resource, retiring);
  const isDeletedAtOnce =
    isUsable(current) && !isOfUnknownStatus(current) && wanted.rotation.policy.overlapHours === 0;
  const slots = {
    keys: keysOf(resource),
    then: isDeletedAtOnce ? [current.id] : [],
    canWait: cause.kind === 'due',
    isAsked: cause.kind === 'asked',
    isNew: resource.destination === null,
  };
  const room = roomIn(wanted, seen, { beside: current?.id ?? previous, first, replacing, slots });
  return 'look' in room ? room : { room, problem: room.problem };
}

/** Why the previous key has to stay beside the one that is to be replaced; null where it is deleted first. */
function stillValid(
  { isHookPending }: Resource,
  { retirement }: Retiring,
  cause: Cause,
): Exclude<Retirement, { kind: 'due' }> | null {
  if (retirement.kind !== 'due') return retirement;
  // Whoever asks for another key may be after a compromise: then all that were there before are deleted.
  return isHookPending && cause.kind !== 'asked' ? { kind: 'successor not announced' } : null;
}

/** Keys of this resource that apply deletes before it makes another. */
function goingFirst({ current }: Resource, retiring: Retiring | null): string[] {
  return [
    ...(retiring?.retirement.kind === 'due' ? [retiring.key] : []),
    ...(current && isInactive(current) ? [current.id] : []),
  ];
}

/** A previous key that goes first leaves its place free. */
function replacedIn({ current }: Resource, retiring: Retiring | null): string[] {
  return [...(current ? [current.id] : []), ...(retiring?.retirement.kind === 'due' ? [retiring.key] : [])];
}

interface RoomWish extends Pick<Wish, 'beside' | 'first'> {
  readonly replacing: readonly string[];
  readonly slots: Omit<Wish['slots'], 'others' | 'rotates'>;
}

function roomIn(
  wanted: Configuration,
  { process, inspection }: Observation,
  { beside, first, replacing, slots }: RoomWish,
): Room | Look {
  const { bucket, namesDestination, options } = wanted;
  if (bucket === AT_APPLY) return NOTHING_IN_THE_WAY;
  const wish = {
    exclusive: options.exclusive,
    beside,
    first,
    isNew: beside === null && replacing.length === 0,
    known: process.known,
    slots: { ...slots, rotates: isToRotate(wanted.rotation), others: process.others },
  };
  if (!process.canAsk) return withoutList(wish, null);
  if (!inspection) return { look: 'room', replacing, withDestination: namesDestination };
  return roomFor(wish, inspection);
}

function previousDecision(
  { previous: key }: Resource,
  { rotation }: Configuration,
  retirement: Retirement | null,
): PreviousDecision {
  if (key === null) return { kind: 'none' };
  if (!rotation.isKnown) return { kind: 'undecided', key };
  switch (retirement?.kind) {
    case 'due':
      return { kind: 'retire', key, why: retirement };
    case 'blocked':
      return { kind: 'blocked', key, why: retirement };
    default:
      return { kind: 'keep', key, why: retirement };
  }
}

/** The previous key, and what is to become of it. */
interface Retiring {
  readonly key: string;
  readonly retirement: Retirement;
}

/** Null: there is no previous key, or no refresh has looked at it. */
function retiringIn(
  { current, previous: key, lastRefresh }: Resource,
  wanted: Configuration,
): Retiring | null {
  // Without a current key the previous one is all that consumers have.
  if (!current || key === null || !lastRefresh?.previous) return null;
  const { asOf, previous } = lastRefresh;
  // A pair that S3 refuses is of no use to its readers.
  if (previous.isRestored && !isInactive(previous)) return { key, retirement: { kind: 'restored' } };
  return { key, retirement: retirementOf(wanted.rotation.policy, current, previous, asOf) };
}

function hookDecision({ isHookPending }: Resource, { hasHook }: Configuration): Decision['hook'] {
  if (!isHookPending || hasHook === false) return 'none';
  return hasHook === AT_APPLY ? 'undecided' : 'run again';
}
