import type { AccessKey, LastUse } from '../../../src/lifecycle/access-key.js';
import { decide } from '../../../src/lifecycle/decide.js';
import type {
  Decision,
  Look,
  Observation,
  ProcessView,
  StoredDecision,
} from '../../../src/lifecycle/decide.js';
import type {
  Holder,
  Intent,
  JournalReading,
  Mark,
  LateWindow,
} from '../../../src/lifecycle/journal/entry.js';
import type { KnownView } from '../../../src/lifecycle/known-keys.js';
import { LifecycleError } from '../../../src/lifecycle/lifecycle-error.js';
import * as say from '../../../src/lifecycle/messages/planning.js';
import { overwrittenValue, noFreeSlot, unmanagedBeside } from '../../../src/lifecycle/refusals.js';
import type { Configuration, LastRefresh, PreviousKey, Resource } from '../../../src/lifecycle/resource.js';
import { NOTHING_IN_THE_WAY } from '../../../src/lifecycle/room.js';
import type { Inspection, SlotWish, Wish } from '../../../src/lifecycle/room.js';
import { NO_OTHERS } from '../../../src/lifecycle/slots.js';
import type { Retirement, RotationPolicy } from '../../../src/lifecycle/rotation-policy.js';
import type { Situation } from '../../../src/lifecycle/inspect.js';

const HOUR = 3_600_000;

/** When the service has answered last. */
export const NOW = new Date('2026-03-10T12:00:00Z');
export const hoursAgo = (hours: number) => new Date(NOW.getTime() - hours * HOUR);
export const daysAgo = (days: number) => hoursAgo(days * 24);

export const BUCKET = 'uploads';
export const CURRENT = 'AKIACURRENT';
export const PREVIOUS = 'AKIAPREVIOUS';
export const LEFT = 'AKIALEFT';
export const STRANGER = 'AKIASTRANGER';
export const OTHER = 'AKIAOTHER';
export const PLACE = 'file:uploads.json';

export const SCENE = {
  keys: { bucket: BUCKET, region: 'eu-central-1' },
  destination: { title: 'file uploads.json' },
};

export function listed(id: string, changes: Partial<AccessKey> = {}): AccessKey {
  return { id, status: 'Active', createdAt: daysAgo(1), lastUse: null, ...changes };
}

export function usedAt(date: Date): LastUse {
  return { date, region: 'eu-central-1', serviceName: 's3' };
}

/** A key in order, made a day ago. */
export function resource(changes: Partial<Resource> = {}): Resource {
  return {
    bucket: BUCKET,
    current: { id: CURRENT, status: 'Active', createdAt: daysAgo(1) },
    previous: null,
    destination: PLACE,
    isDelivered: true,
    keepers: null,
    leftovers: [],
    former: null,
    isHookPending: false,
    lastRefresh: { asOf: NOW, previous: null },
    ...changes,
  };
}

export const INACTIVE = { id: CURRENT, status: 'Inactive', createdAt: daysAgo(1) };

/** What a refresh has seen of a previous key. */
export function looked(changes: Partial<PreviousKey> = {}, asOf: Date | null = NOW): LastRefresh {
  return { asOf, previous: { status: 'Active', lastUse: null, isRestored: false, ...changes } };
}

/** With a previous key, whose overlap of 24 h is over by default. */
export function overlapping(changes: Partial<Resource> = {}): Resource {
  return resource({ previous: PREVIOUS, lastRefresh: looked(), ...changes });
}

/** The pair of a previous key lies where consumers read the current one's. */
export const RESTORED = looked({ isRestored: true });
export const IS_READ_AGAIN: Extract<Retirement, { kind: 'restored' }> = { kind: 'restored' };

/** What the resource above is wanted to be, unless changed. */
export function wanted(
  changes: Partial<Omit<Configuration, 'rotation' | 'options'>> & {
    readonly policy?: Partial<RotationPolicy>;
    readonly isRotationKnown?: boolean;
    readonly exclusive?: boolean;
  } = {},
): Configuration {
  const { policy, isRotationKnown = true, exclusive = false, ...rest } = changes;
  return {
    bucket: BUCKET,
    destination: PLACE,
    namesDestination: true,
    keepers: null,
    rotation: {
      policy: { afterDays: null, overlapHours: 24, onStillUsed: 'block', ...policy },
      isKnown: isRotationKnown,
      isOverlapKnown: isRotationKnown,
    },
    hasHook: false,
    options: { exclusive, verifySeconds: 60 },
    ...rest,
  };
}

export function processView(changes: Partial<ProcessView> = {}, ours: readonly string[] = []): ProcessView {
  return {
    canAsk: true,
    known: known(ours),
    predecessors: [],
    removedThere: null,
    wasGone: false,
    own: [],
    others: NO_OTHERS,
    ...changes,
  };
}

/** `removed`: of the keys that states hold, those whose resource is removed. */
export function known(ours: readonly string[], removed: readonly string[] = []): KnownView {
  return { ours: new Set([...ours, ...removed]), removed: new Set(removed) };
}

/** Everything outside of one resource, whether or not somebody looks at it. */
export interface Outside {
  readonly process: ProcessView;
  readonly pair: NonNullable<Observation['pair']>;
  readonly inspection: Inspection;
  readonly promised: StoredDecision | null;
}

export const TITLE = 'file uploads.json';
export const PAIR_IN_PLACE = { isInPlace: true, title: TITLE };
export const NO_PAIR = { isInPlace: false, title: TITLE };

export const FREE: Extract<Situation, { kind: 'free' }> = { kind: 'free', journal: null, mark: null };

/** What a look at bucket and destination has found. */
export function found(
  situation: Situation = FREE,
  keys: readonly AccessKey[] = [],
  covers: string | null = null,
): Inspection {
  return {
    found: 'all',
    scene: SCENE,
    inspected: { situation, overwrites: covers, listing: { keys, asOf: NOW } },
  };
}

export function foundBucket(...keys: readonly AccessKey[]): Inspection {
  return { found: 'bucket', scene: SCENE, listing: { keys, asOf: NOW } };
}

export const NO_BUCKET: Inspection = { found: 'no bucket', scene: SCENE };
export const PROBLEM = new LifecycleError({
  about: { bucket: BUCKET, keys: [] },
  happened: 'The bucket cannot be asked',
  meaning: 'It was not.',
  remedy: null,
});
export const NOTHING_FOUND: Inspection = { found: 'nothing', problem: PROBLEM };

/** A bucket with room for a key, and no pair in place. */
export function outside(changes: Partial<Outside> = {}): Outside {
  return { process: processView(), pair: NO_PAIR, inspection: found(), promised: null, ...changes };
}

/** A plan's own process, its state's keys known to it: it looks where it is told to, and at nothing else. */
export function plan(
  from: Resource | null,
  to: Configuration,
  { process, promised, ...there }: Outside = outside(),
): { readonly decision: Decision; readonly looks: readonly Look[] } {
  const looks: Look[] = [];
  let seen: Observation = { process, promised };
  for (;;) {
    const decision = decide(from, to, seen);
    if (!('look' in decision)) return { decision, looks };
    const isAskedTwice = looks.some(({ look }) => look === decision.look);
    if (isAskedTwice) throw new Error(`It has looked at the ${decision.look} already.`);
    looks.push(decision);
    seen =
      decision.look === 'pair' ? { ...seen, pair: there.pair } : { ...seen, inspection: there.inspection };
  }
}

export function decided(from: Resource | null, to: Configuration, there?: Outside): Decision {
  return plan(from, to, there).decision;
}

const HOLDER: Holder = {
  machine: 'ci-1',
  pid: 1,
  started: '1',
  host: 'ci',
  folder: '/stack',
  workspace: 'default',
};

export function intent(changes: Partial<Intent> = {}): Intent {
  const [begunAt, expiresAt] = [hoursAgo(1).toISOString(), hoursAgo(0.9).toISOString()];
  const rest = { nonce: 'n', baseline: [], holder: HOLDER, begunAt, expiresAt };
  return { phase: 'intent', bucket: BUCKET, ...rest, ...changes };
}

export function mark(accessKeyId: string, changes: Partial<Mark> = {}): Mark {
  const at = hoursAgo(1).toISOString();
  return { phase: 'confirmed', bucket: BUCKET, accessKeyId, holder: HOLDER, at, expiresAt: at, ...changes };
}

export function journal(entry: JournalReading['entry']): JournalReading {
  return { entry, revision: '1' };
}

/** No other resource of this process has anything to do with the bucket. */
export const ALONE: SlotWish = {
  keys: [],
  then: [],
  isAsked: true,
  isNew: true,
  rotates: false,
  others: NO_OTHERS,
  canWait: false,
};

/** A look has found nothing in the way, whatever is counted. */
export const CLEAR = {
  ...NOTHING_IN_THE_WAY,
  use: expect.anything() as unknown,
  listed: expect.anything() as unknown,
};

/** For a resource without a key, on its own bucket. */
export function wish(changes: Partial<Wish> = {}, ours: readonly string[] = []): Wish {
  return {
    exclusive: false,
    beside: null,
    first: [],
    isNew: false,
    known: known(ours),
    slots: ALONE,
    ...changes,
  };
}

const wanting = (ours: readonly string[]) => ({ ours: new Set(ours), isNew: false, mark: null });

/** What is said of what was found; the texts are those of the lifecycle. */
export const told = {
  willBeAdopted: (key: AccessKey) => say.willBeAdopted(SCENE, key, { keys: [], asOf: NOW }, 'left'),
  willBeFinished: (key: AccessKey) => say.willBeFinished(SCENE, key),
  appeared: (begun: Intent, keys: readonly AccessKey[], isProven: boolean) =>
    say.appearedMeanwhile(SCENE, { intent: begun, keys, asOf: NOW, proof: isProven ? 'exclusive' : null }),
  unmanaged: (key: AccessKey) => unmanagedBeside(SCENE, key, { keys: [], asOf: NOW }),
  covered: (kept: string) => overwrittenValue(SCENE, kept),
  full: (...keys: readonly AccessKey[]) => noFreeSlot(SCENE, { keys: [], asOf: NOW }, keys, wanting([])),
  /** The same where some of them are of this configuration. */
  fullBeside: (ours: readonly string[], ...keys: readonly AccessKey[]) =>
    noFreeSlot(SCENE, { keys: [], asOf: NOW }, keys, wanting(ours)),
  perhapsFull: (...keys: readonly AccessKey[]) => say.perhapsNoFreeSlot(told.full(...keys)),
  otherBucket: (entry: Intent | Mark, watch: LateWindow) => say.otherBucketMayGetKey(SCENE, entry, watch),
};
