import { KEYS_PER_BUCKET } from './access-key.js';
import type { AccessKey } from './access-key.js';
import type { Intent, JournalEntry, Mark } from './journal/entry.js';
import { replacementOf } from './journal/lease.js';
import type { KnownView } from './known-keys.js';
import type { LifecycleError } from './lifecycle-error.js';
import type { Message } from './message.js';
import { madeWithoutList } from './messages/creation.js';
import * as say from './messages/planning.js';
import type { Listing, Scene } from './ports.js';
import {
  heldByAnother,
  overwrittenValue,
  isBlocking,
  noFreeSlot,
  refusal,
  unmanagedBeside,
} from './refusals.js';
import type { Blocking } from './refusals.js';
import type { Situation, Inspected } from './inspect.js';
import { lateWindowOf, proofOf, unlessOver } from './journal/late-window.js';
import type { ServiceTime } from './service-time.js';

/** What a look at a bucket and a destination has found. */
export type Inspection =
  | { readonly found: 'nothing'; readonly problem: LifecycleError }
  /** While planning, a bucket that is not there yet is one that this apply will make. */
  | { readonly found: 'no bucket' }
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
}

export interface Occupant {
  readonly bucket: string;
  readonly key: string;
  /** What has become of the replacement that its own resource has planned. */
  readonly replacement: ReturnType<typeof replacementOf>;
}

export const NOTHING_IN_THE_WAY: Room = {
  messages: [],
  problem: null,
  accountedFor: [],
  permits: null,
  occupant: null,
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
}

export function roomFor(wish: Wish, inspection: Inspection): Room {
  switch (inspection.found) {
    case 'nothing':
      return { ...NOTHING_IN_THE_WAY, problem: inspection.problem };
    case 'no bucket':
      return NOTHING_IN_THE_WAY;
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
  if (wish.isNew && occupant && !isLeftByRefusal(occupant) && wish.known.removed.has(occupant.key)) {
    const problem = heldByAnother(occupant.bucket, occupant.key, true);
    return { ...NOTHING_IN_THE_WAY, problem, occupant };
  }
  const past = pastOf(wish, scene, listing, situation);
  const left = otherBucket(scene, listing, situation.journal?.entry ?? null);
  const predecessor = predecessorIn(situation);
  const going = [...past.deleted, ...wish.first];
  const accountedFor = [...past.adopted, ...going, ...(predecessor === null ? [] : [predecessor])];
  const messages = [...overwritten, ...unlisted, ...past.messages, ...left];
  const room = { messages, accountedFor, permits: null, occupant };
  const { unmanaged, inTheWay } = slotsOf(wish, listing, going);
  if (past.needsSlot && inTheWay.length >= KEYS_PER_BUCKET) {
    return { ...room, problem: noFreeSlot(scene, listing, inTheWay) };
  }
  const unnamed = unmanaged.filter(({ id }) => !past.named.includes(id) && id !== predecessor);
  return {
    ...room,
    messages: [...room.messages, ...unnamed.map((key) => unmanagedBeside(scene, key, listing))],
    problem: null,
    // A rotation in place needs no permission: its apply knows the predecessor.
    permits: wish.beside === null && predecessor !== null ? { key: predecessor, time: listing } : null,
  };
}

/** The destination's journal may turn out to know one of the keys, so nothing is refused. */
function roomOnBucket(wish: Wish, scene: Scene, listing: Listing): Room {
  const { unmanaged, inTheWay } = slotsOf(wish, listing, wish.first);
  const messages =
    wish.beside === null && inTheWay.length >= KEYS_PER_BUCKET
      ? [say.perhapsNoFreeSlot(noFreeSlot(scene, listing, inTheWay))]
      : unmanaged.map((key) => unmanagedBeside(scene, key, listing));
  if (listing.isMissing) messages.push(madeWithoutList(scene.keys.bucket));
  return { ...NOTHING_IN_THE_WAY, messages };
}

/** `inTheWay`: what will still take a slot when the new key is made. */
function slotsOf({ beside, known }: Wish, listing: Listing, going: readonly string[]) {
  const taking = listing.keys.filter((key) => !going.includes(key.id));
  const unmanaged = taking.filter((key) => !known.ours.has(key.id));
  return { unmanaged, inTheWay: beside === null ? unmanaged : taking };
}

/** The key whose pair lies there, and gives way to the new one. */
function predecessorIn(situation: Exclude<Situation, Blocking>): string | null {
  if (situation.kind === 'delivered') return null;
  const mark = situation.kind === 'free' ? situation.mark : situation.before;
  return mark?.accessKeyId ?? null;
}

function occupantIn(situation: Situation, { keys: { bucket } }: Scene, time: ServiceTime): Room['occupant'] {
  switch (situation.kind) {
    case 'busy':
    case 'foreign':
    case 'untold':
      return null;
    case 'delivered':
      return { bucket, key: situation.key.id, replacement: null };
    case 'free':
    case 'owned':
      return situation.mark && occupantOf(situation.mark, time);
    case 'unfinished':
    case 'abandoned':
      return situation.before && occupantOf(situation.before, time);
  }
}

function occupantOf(mark: Mark, time: ServiceTime): Occupant {
  return { bucket: mark.bucket, key: mark.accessKeyId, replacement: replacementOf(mark, time) };
}

/** Whether what holds the place is the old object of a resource that was to be made anew: it is no other resource. */
export function isLeftByRefusal(occupant: Occupant | null | undefined): boolean {
  return occupant?.replacement === 'refused';
}

/** What an earlier run has left, and what becomes of it. */
interface Past {
  readonly messages: readonly Message[];
  /** IDs of the keys that the messages speak of and that are not deleted first: they need no second word. */
  readonly named: readonly string[];
  readonly adopted: readonly string[];
  readonly deleted: readonly string[];
  /** A slot has to be free beside the rest. */
  readonly needsSlot: boolean;
}

const NO_PAST: Past = {
  messages: [],
  // Stryker disable next-line ArrayDeclaration: it would name a key of no ID that AWS gives.
  named: [],
  adopted: [],
  deleted: [],
  needsSlot: true,
};

function pastOf(wish: Wish, scene: Scene, listing: Listing, situation: Situation): Past {
  switch (situation.kind) {
    case 'delivered': {
      const { key } = situation;
      const messages = [say.willBeAdopted(scene, key, listing)];
      return { messages, named: [key.id], adopted: [key.id], deleted: [], needsSlot: false };
    }
    case 'unfinished': {
      const { intent, key, others } = situation;
      const more = newcomers(wish, scene, listing, intent, others);
      return {
        ...more,
        messages: [
          situation.isAltered ? say.alteredWillBeDeleted(scene, key) : say.willBeFinished(scene, key),
          ...more.messages,
        ],
        deleted: [...more.deleted, key.id],
      };
    }
    case 'abandoned':
      return newcomers(wish, scene, listing, situation.intent, situation.newcomers);
    default:
      return NO_PAST;
  }
}

function newcomers(
  wish: Wish,
  scene: Scene,
  listing: Listing,
  intent: Intent,
  keys: readonly AccessKey[],
): Past {
  if (keys.length === 0) return NO_PAST;
  const isHere = intent.bucket === scene.keys.bucket;
  const proven = (key: AccessKey) => (isHere ? proofOf(wish, lateWindowOf(intent), key) : null);
  const about = (['journal', 'exclusive', null] as const)
    .map((proof) => ({ proof, keys: keys.filter((key) => proven(key) === proof) }))
    .filter((group) => group.keys.length > 0);
  return {
    ...NO_PAST,
    messages: about.map((group) => say.appearedMeanwhile(scene, { intent, asOf: listing.asOf, ...group })),
    named: keys.map(({ id }) => id),
    deleted: keys.filter((key) => proven(key) !== null).map(({ id }) => id),
  };
}

/** From now on nobody of this resource looks at the bucket that it had before. */
function otherBucket(scene: Scene, listing: Listing, entry: JournalEntry | null): Message[] {
  const lateWindow = unlessOver(lateWindowOf(entry), listing);
  if (!lateWindow || !entry || entry.bucket === scene.keys.bucket) return [];
  return [say.otherBucketMayGetKey(scene, entry, lateWindow)];
}
