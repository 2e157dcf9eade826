import type { AccessKey } from './access-key.js';
import { DestinationError } from './destination.js';
import type { Holding } from './destination.js';
import type { Intent, JournalReading, Mark } from './journal.js';
import { LifecycleError, reasonOf } from './lifecycle-error.js';
import { BucketNotFound } from './ports.js';
import type { Listing, World } from './ports.js';

/** What a destination and its bucket tell about the past, and so what may be done next. */
export type Situation =
  /** Nothing stands in the way. `mark` is what the new pair will replace: a dead pair, or its predecessor's. */
  | { readonly kind: 'free'; readonly journal: JournalReading | null; readonly mark: Mark | null }
  /** A run promoted this pair and died before a state could take it. */
  | { readonly kind: 'delivered'; readonly journal: JournalReading; readonly key: AccessKey }
  /** A run wrote this pair as pending and died before it was promoted. */
  | {
      readonly kind: 'staged';
      readonly journal: JournalReading;
      readonly intent: Intent;
      readonly key: AccessKey;
    }
  /** A run began a creation and died, or could not tell its outcome; `newcomers` came since its baseline. */
  | {
      readonly kind: 'abandoned';
      readonly journal: JournalReading;
      readonly intent: Intent;
      readonly newcomers: readonly AccessKey[];
    }
  /** Another run is creating a key for this destination right now. */
  | { readonly kind: 'busy'; readonly intent: Intent }
  /** The destination holds the pair of somebody else's living key. */
  | { readonly kind: 'owned'; readonly mark: Mark }
  /** The destination holds something that no run of ours has put there. */
  | { readonly kind: 'foreign' };

/** Reads, and changes nothing: the plan and the apply see with the same eyes. */
export async function survey(world: World, listing: Listing): Promise<Situation> {
  const { journal, holding } = await readDestination(world);
  const entry = journal?.entry ?? null;
  if (!journal || !entry) {
    return holding.current ? { kind: 'foreign' } : { kind: 'free', journal, mark: null };
  }
  return entry.phase === 'intent'
    ? surveyIntent(world, listing, { journal, holding, intent: entry })
    : surveyMark(world, listing, { journal, holding, mark: entry });
}

async function readDestination(world: World): Promise<{ journal: JournalReading | null; holding: Holding }> {
  try {
    // The journal first: a pair that appears in between is then one the journal does not tell of, and is refused.
    const journal = (await world.destination.journal?.read()) ?? null;
    return { journal, holding: await world.destination.read() };
  } catch (error) {
    throw new LifecycleError(
      `The destination of the key of bucket ${world.keys.bucket} cannot be read: ${world.destination.title}`,
      `${reasonOf(error)} No key was made. ${error instanceof DestinationError ? error.remedy : ''}`.trim(),
      { subject: 'destination' },
    );
  }
}

async function surveyIntent(
  world: World,
  listing: Listing,
  found: { journal: JournalReading; holding: Holding; intent: Intent },
): Promise<Situation> {
  const { journal, holding, intent } = found;
  const expired = listing.asOf.getTime() > Date.parse(intent.expiresAt);
  if (!intent.released && !expired && !world.runs.isDead(intent.holder)) return { kind: 'busy', intent };

  const keys = await keysAlive(world, intent.bucket, listing);
  const since = keys.filter((key) => !intent.baseline.includes(key.id) && !world.known.has(key.id));
  const promoted = since.find((key) => key.id === holding.current?.accessKeyId);
  if (promoted && intent.bucket === world.keys.bucket) return { kind: 'delivered', journal, key: promoted };
  const staged = since.find((key) => holding.pending.includes(key.id));
  if (staged) return { kind: 'staged', journal, intent, key: staged };
  return { kind: 'abandoned', journal, intent, newcomers: since };
}

async function surveyMark(
  world: World,
  listing: Listing,
  found: { journal: JournalReading; holding: Holding; mark: Mark },
): Promise<Situation> {
  const { journal, holding, mark } = found;
  const keys = await keysAlive(world, mark.bucket, listing);
  const key = keys.find((alive) => alive.id === mark.accessKeyId);
  const inPlace = holding.current?.accessKeyId === mark.accessKeyId;
  // A pair that our mark does not name was put there by somebody else, whatever has become of our key.
  if (holding.current && !inPlace) return { kind: 'foreign' };
  if (!key) return { kind: 'free', journal, mark };
  if (world.known.mayBeReplaced(mark.accessKeyId) || isReplaceable(mark, listing.asOf)) {
    return { kind: 'free', journal, mark };
  }
  const orphaned = mark.phase === 'unconfirmed' && world.runs.isDead(mark.holder);
  if (orphaned && inPlace && mark.bucket === world.keys.bucket) return { kind: 'delivered', journal, key };
  return { kind: 'owned', mark };
}

function isReplaceable(mark: Mark, asOf: Date): boolean {
  return mark.replaceableUntil !== undefined && asOf.getTime() < Date.parse(mark.replaceableUntil);
}

async function keysAlive(world: World, bucket: string, listing: Listing): Promise<readonly AccessKey[]> {
  if (bucket === world.keys.bucket) return listing.keys;
  try {
    return (await world.keysOf(bucket).list()).keys;
  } catch (error) {
    if (error instanceof BucketNotFound) return [];
    throw new LifecycleError(
      `The keys of bucket ${bucket} cannot be listed`,
      `${world.destination.title} holds a pair of that bucket, so it must be known whether its key is alive. ` +
        `${reasonOf(error)} No key was made. Allow lightsail:GetBucketAccessKeys on that bucket, or choose another destination.`,
      { subject: 'destination' },
    );
  }
}
