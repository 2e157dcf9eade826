import type { AccessKey } from './access-key.js';
import type { Situation } from './inspect.js';
import type { Intent, JournalEntry } from './journal/entry.js';
import { lateWindowOf, proofOf, unlessOver } from './journal/late-window.js';
import type { Message } from './message.js';
import * as say from './messages/planning.js';
import type { CreateOptions, Listing, Scene } from './ports.js';
import type { Blocking } from './refusals.js';

/** What an earlier run has left, and what becomes of it. */
interface Past {
  readonly messages: readonly Message[];
  /** IDs of the keys that the messages speak of and that are not deleted first: they need no second word. */
  readonly reported: readonly string[];
  readonly adopted: readonly string[];
  readonly deleted: readonly string[];
  /** A slot has to be free beside the rest. */
  readonly needsSlot: boolean;
}

type Options = Pick<CreateOptions, 'exclusive'>;
type Unblocked = Exclude<Situation, Blocking>;

const NO_PAST: Past = {
  messages: [],
  // Stryker disable next-line ArrayDeclaration: it would name a key of no ID that AWS gives.
  reported: [],
  adopted: [],
  deleted: [],
  needsSlot: true,
};

/** `options`: of the resource that is to have a key there now. */
export function pastOf(options: Options, scene: Scene, listing: Listing, situation: Unblocked): Past {
  const past = leftIn(options, scene, listing, situation);
  const elsewhere = otherBucket(scene, listing, situation.journal?.entry ?? null);
  return { ...past, messages: [...past.messages, ...elsewhere] };
}

function leftIn(options: Options, scene: Scene, listing: Listing, situation: Unblocked): Past {
  switch (situation.kind) {
    case 'delivered': {
      const { key, as } = situation;
      const messages = [say.willBeAdopted(scene, key, listing, as)];
      return { messages, reported: [key.id], adopted: [key.id], deleted: [], needsSlot: false };
    }
    case 'unfinished': {
      const { intent, key, others } = situation;
      const more = newcomers(options, scene, listing, intent, others);
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
      return newcomers(options, scene, listing, situation.intent, situation.newcomers);
    case 'free':
      return NO_PAST;
  }
}

function newcomers(
  options: Options,
  scene: Scene,
  listing: Listing,
  intent: Intent,
  keys: readonly AccessKey[],
): Past {
  const isHere = intent.bucket === scene.keys.bucket;
  const proven = (key: AccessKey) => (isHere ? proofOf(options, lateWindowOf(intent), key) : null);
  const about = (['journal', 'exclusive', null] as const)
    .map((proof) => ({ proof, keys: keys.filter((key) => proven(key) === proof) }))
    .filter((group) => group.keys.length > 0);
  return {
    ...NO_PAST,
    messages: about.map((group) => say.appearedMeanwhile(scene, { intent, asOf: listing.asOf, ...group })),
    reported: keys.map(({ id }) => id),
    deleted: keys.filter((key) => proven(key) !== null).map(({ id }) => id),
  };
}

/** From now on this resource no longer looks at the bucket that it had before. */
function otherBucket(scene: Scene, listing: Listing, entry: JournalEntry | null): Message[] {
  const lateWindow = unlessOver(lateWindowOf(entry), listing);
  if (!lateWindow || !entry || entry.bucket === scene.keys.bucket) return [];
  return [say.otherBucketMayGetKey(scene, entry, lateWindow)];
}
