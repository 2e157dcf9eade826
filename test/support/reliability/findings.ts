import type { Emulator, EmulatorKey } from '../../../src/emulator/index.js';
import { useOnS3 } from '../s3-consumer.js';
import type { Depot, Pair } from './depot.js';
import { reported } from './follow-up.js';
import { instancesIn } from './state-file.js';
import type { Workshop } from './workshop.js';

/** What is left when the runs are over. */
export interface Findings {
  /** Living keys that no state holds with their secret delivered, and that no later run has named. */
  readonly orphans: readonly string[];
  /** Living keys that no state holds with their secret delivered, and that a later run has named. */
  readonly named: readonly string[];
  readonly strangersDeleted: readonly string[];
  /** Whether S3 accepts the delivered pair; null where there is none. */
  readonly accepted: boolean | null;
  /** Pairs that were never promoted, and after a removal one of a living key that was not named. */
  readonly filesLeft: readonly string[];
  /** After a removal: the pair of a key that is gone, which nobody could use any more. */
  readonly deadPairsLeft: readonly string[];
  /** Entries of the journal that were written and never put in force: no secret, and nobody reads them. */
  readonly draftsLeft: readonly string[];
  /** Whether the state holds a living key whose pair is delivered. */
  readonly delivered: boolean;
  /** The state holds the key before, and it lives. */
  readonly keepsPrevious: boolean;
}

export interface Remains {
  readonly workshop: Workshop;
  readonly emulator: Emulator;
  readonly depot: Depot;
  readonly bucket: string;
  readonly strangers: readonly EmulatorKey[];
}

interface Run {
  /** What the runs after the struck one have said. */
  readonly later: readonly string[];
  /** Nothing was to be left of the resource. */
  readonly isGone: boolean;
}

export async function examine(remains: Remains & Run): Promise<Findings> {
  const { workshop, emulator, depot, bucket, strangers, isGone } = remains;
  const later = remains.later.map(reported);
  const living = emulator.keys(bucket);
  const strangerIds = strangers.map((key) => key.accessKeyId);
  const current = livingKey(living, await deliveredPair(remains));
  const previous = (await attributesInState(workshop))?.previous_access_key_id;
  const loose = living
    .map((key) => key.accessKeyId)
    .filter((id) => id !== current?.accessKeyId && id !== previous && !strangerIds.includes(id));
  const isNamed = (id: string) => later.some((said) => said.includes(id));
  const { pending, drafts } = await depot.leftovers();
  const left = isGone ? await depot.current() : null;
  const pairs = left ? [`the pair of ${left.accessKeyId}`] : [];
  return {
    orphans: loose.filter((id) => !isNamed(id)),
    named: loose.filter(isNamed),
    strangersDeleted: strangerIds.filter((id) => !living.some((key) => key.accessKeyId === id)),
    accepted: current ? await isAccepted(emulator, bucket, current) : null,
    filesLeft: [...pending, ...(isLiving(living, left) && !isNamed(left?.accessKeyId ?? '') ? pairs : [])],
    deadPairsLeft: isLiving(living, left) ? [] : pairs,
    draftsLeft: drafts,
    delivered: current !== undefined,
    keepsPrevious: living.some((key) => key.accessKeyId === previous),
  };
}

/** Whether a consumer finds the pair of the state's key, and S3 accepts it. */
export async function isServed(remains: Remains): Promise<boolean> {
  const { emulator, bucket } = remains;
  const key = livingKey(emulator.keys(bucket), await deliveredPair(remains));
  return key !== undefined && isAccepted(emulator, bucket, key);
}

export function isLiving(living: readonly EmulatorKey[], pair: Pair | null): boolean {
  return livingKey(living, pair) !== undefined;
}

/** The key of which this is the pair. */
function livingKey(living: readonly EmulatorKey[], pair: Pair | null): EmulatorKey | undefined {
  return living.find(
    (key) => key.accessKeyId === pair?.accessKeyId && key.secretAccessKey === pair.secretAccessKey,
  );
}

/** The pair of the state's key, from where the state says that it is; null when there is none. */
async function deliveredPair({ workshop, depot }: Remains): Promise<Pair | null> {
  const attributes = await attributesInState(workshop);
  return attributes && depot.delivered(attributes);
}

/** Read from the file: `terraform show` takes as long as a plan. Tainted and deposed objects do not count. */
async function attributesInState(workshop: Workshop): Promise<Readonly<Record<string, unknown>> | null> {
  const instances = instancesIn(await workshop.state().catch(() => ''));
  return instances.find((instance) => !instance.status && !instance.deposed)?.attributes ?? null;
}

export async function isAccepted(emulator: Emulator, bucket: string, key: EmulatorKey): Promise<boolean> {
  return useOnS3(emulator, bucket, key).then(
    () => true,
    () => false,
  );
}
