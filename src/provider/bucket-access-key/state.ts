import { DEFAULTS } from '../../contract/limits.js';
import type { AccessKey } from '../../lifecycle/access-key.js';
import { goingOf } from '../../lifecycle/decide-removal.js';
import type { Going } from '../../lifecycle/decide-removal.js';
import type { Decision } from '../../lifecycle/decide.js';
import type { Delivery } from '../../lifecycle/destination.js';
import type { CreateOptions } from '../../lifecycle/issue-key.js';
import { AT_APPLY } from '../../lifecycle/resource.js';
import type { AtApply, Configuration, CurrentKey, Resource } from '../../lifecycle/resource.js';
import type { OwnKeys } from '../../lifecycle/rotate.js';
import { dueAt, retireAfter } from '../../lifecycle/rotation-policy.js';
import type { RotationPolicy } from '../../lifecycle/rotation-policy.js';
import { instant } from '../../lifecycle/wording.js';
import { UNKNOWN } from '../../plugin/index.js';
import type { ObjectValue, PrivateData, Value } from '../../plugin/index.js';
import { flag, hasUnknown, integer, isObject, isSame, text } from '../values.js';
import { readMemory } from './memory.js';
import type { Memory } from './memory.js';
import { destinationIdentity, destinationIn, isInState, namedIn, stateMemberIn } from './secret-argument.js';

/** What Terraform keeps of one resource, decoded once. */
export interface Recorded extends Resource {
  /** As they are stored: a state is answered from them, and never encoded anew from what was decoded. */
  readonly attributes: ObjectValue;
  readonly memory: Memory;
}

/** Throws a `LifecycleError` where the private data cannot be read. */
export function recordedIn(attributes: ObjectValue, privateData: PrivateData): Recorded {
  const memory = readMemory(privateData, attributes);
  const { secret } = attributes;
  const identity = memory.isUndelivered
    ? null
    : destinationIdentity(secret, text(attributes.secret_reference));
  return {
    attributes,
    memory,
    bucket: text(attributes.bucket_name) ?? '',
    current: currentIn(attributes),
    previous: text(attributes.previous_access_key_id),
    destination: identity === AT_APPLY ? null : identity,
    isDelivered: !memory.hasFailed && isDelivered(attributes),
    keepers: stored(keepersIn(attributes)),
    leftovers: memory.leftovers,
    former: memory.former,
    isHookPending: memory.isHookPending,
    lastRefresh: memory.lastRefresh,
  };
}

function currentIn(attributes: ObjectValue): CurrentKey | null {
  const id = text(attributes.access_key_id);
  const status = text(attributes.status) ?? 'Active';
  return id === null ? null : { id, status, createdAt: createdAtOf(attributes) };
}

function stored(keepers: string | null | AtApply): string | null {
  return keepers === AT_APPLY ? null : keepers;
}

/** A refresh empties these attributes where it finds the pair gone. What is mute cannot be asked for it. */
function isDelivered({ secret, ...attributes }: ObjectValue): boolean {
  if (namedIn(secret).some(({ destination, member }) => destination.isMute && isObject(member))) return true;
  return ['secret_reference', 'secret_access_key', 'sealed_secret_access_key'].some(
    (name) => (attributes[name] ?? null) !== null,
  );
}

/** What tells the keys of a resource that goes from those of others. */
export function goingIn(recorded: Recorded): Going {
  const { attributes, memory } = recorded;
  return goingOf(recorded, {
    accounted: memory.accounted,
    hasForgotten: memory.isLost,
    createdAt: createdAtOf(attributes),
    exclusive: createOptionsOf(attributes).exclusive,
  });
}

/** `wanted`: with its defaults. `prior`: the state that it is to follow, by which its destination is told. */
export function configurationIn(wanted: ObjectValue, prior: ObjectValue | null = null): Configuration {
  const { secret, rotation, hooks } = wanted;
  const overlap = isObject(rotation) ? rotation.overlap_hours : rotation;
  return {
    bucket: text(wanted.bucket_name) ?? AT_APPLY,
    destination: destinationIdentity(secret, text(prior?.secret_reference)),
    namesDestination: destinationIn(secret) !== null,
    keepers: keepersIn(wanted),
    rotation: {
      policy: policyOf(wanted),
      isKnown: !hasUnknown(rotation),
      isOverlapKnown: !hasUnknown(overlap),
    },
    hasHook: hasHook(hooks),
    options: createOptionsOf(wanted),
  };
}

/** An empty map is as good as none, and so is a null in it. */
function keepersIn({ rotation }: ObjectValue): string | null | AtApply {
  const keepers = isObject(rotation) ? (rotation.keepers ?? null) : (rotation ?? null);
  if (hasUnknown(keepers)) return AT_APPLY;
  if (!isObject(keepers)) return null;
  const given = Object.entries(keepers).filter(([, value]) => value !== null);
  return given.length === 0 ? null : JSON.stringify(given.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function hasHook(hooks: Value | undefined): boolean | AtApply {
  if (isObject(hooks) && isObject(hooks.after_create)) return true;
  return hasUnknown(hooks) ? AT_APPLY : false;
}

/** The configuration with the defaults filled in. */
export function withDefaults(config: ObjectValue): ObjectValue {
  return {
    ...config,
    exclusive: config.exclusive ?? DEFAULTS.exclusive,
    verify: config.verify ?? DEFAULTS.verify,
    verify_timeout_seconds: config.verify_timeout_seconds ?? DEFAULTS.verifySeconds,
  };
}

export function createOptionsOf(planned: ObjectValue): CreateOptions {
  return {
    exclusive: flag(planned.exclusive) ?? false,
    verifySeconds:
      (flag(planned.verify) ?? true)
        ? (integer(planned.verify_timeout_seconds) ?? DEFAULTS.verifySeconds)
        : null,
  };
}

export function policyOf({ rotation }: ObjectValue): RotationPolicy {
  const given = isObject(rotation) ? rotation : {};
  return {
    afterDays: integer(given.after_days),
    overlapHours: integer(given.overlap_hours) ?? DEFAULTS.overlapHours,
    onStillUsed: given.on_still_used === 'retire' ? 'retire' : 'block',
  };
}

export function ownKeys({ current, previous, leftovers, former }: Resource): OwnKeys {
  return { current, previous, leftovers, former };
}

export function createdAtOf(state: ObjectValue): Date | null {
  const createdAt = text(state.created_at);
  return createdAt === null ? null : new Date(createdAt);
}

/** The configuration, and what will be computed: as it was where it stays, and unknown where apply decides. */
export function plannedState(
  recorded: Recorded | null,
  wanted: ObjectValue,
  { current, previous, leftovers, hook }: Decision,
  reference: string | null,
): ObjectValue {
  const policy = policyOf(wanted);
  const anew = { ...wanted, ...newKeyUnknowns(wanted) };
  if (!recorded || current.kind === 'replace') return { ...anew, ...NO_PREVIOUS };
  const another = { ...anew, ...previousAttributes(UNKNOWN, null, policy) };
  if (current.kind === 'rotate' || current.kind === 'undecided') return another;
  const { attributes } = recorded;
  const createdAt = createdAtOf(attributes);
  const planned: ObjectValue = {
    ...wanted,
    ...keptAttributes(attributes),
    ...(reference !== null && { secret_reference: reference }),
    ...dueAttribute(createdAt, policy),
    ...previousAttributes(previous.kind === 'retire' ? UNKNOWN : recorded.previous, createdAt, policy),
    // A change that Terraform can see is needed for an apply to do what is left to do.
    ...((leftovers.length > 0 || hook !== 'none') && { status: UNKNOWN }),
    ...(current.kind === 'take over' && { status: UNKNOWN, secret_reference: UNKNOWN }),
  };
  // Until apply there may be room for the key that is called for.
  return current.kind === 'defer' && !isSame(planned, attributes) ? another : planned;
}

/** What a new key will have, and that is not known yet. */
function newKeyUnknowns({ secret, rotation }: ObjectValue): ObjectValue {
  const output = stateMemberIn(secret);
  const recipients = isObject(output) ? output.age_recipients : output;
  const isOutput = output === UNKNOWN || isObject(output);
  const afterDays = isObject(rotation) ? rotation.after_days : rotation;
  return {
    access_key_id: UNKNOWN,
    status: UNKNOWN,
    created_at: UNKNOWN,
    rotation_due_at: (afterDays ?? null) === null ? null : UNKNOWN,
    secret_reference: isObject(output) ? null : UNKNOWN,
    secret_access_key: isOutput && (recipients === UNKNOWN || recipients === null) ? UNKNOWN : null,
    sealed_secret_access_key: isOutput && recipients !== null ? UNKNOWN : null,
  };
}

export const NO_PREVIOUS: ObjectValue = { previous_access_key_id: null, retire_previous_after: null };

/** The previous key with the end of its overlap; `UNKNOWN` for one that may go. */
export function previousAttributes(
  previous: string | typeof UNKNOWN | null,
  currentCreatedAt: Date | null,
  policy: RotationPolicy,
): ObjectValue {
  if (previous === null) return NO_PREVIOUS;
  if (previous === UNKNOWN) return { previous_access_key_id: UNKNOWN, retire_previous_after: UNKNOWN };
  return {
    previous_access_key_id: previous,
    retire_previous_after: currentCreatedAt && instant(retireAfter(currentCreatedAt, policy)),
  };
}

export function keyAttributes(key: AccessKey, policy: RotationPolicy): ObjectValue {
  return {
    access_key_id: key.id,
    status: key.status,
    created_at: key.createdAt && instant(key.createdAt),
    ...dueAttribute(key.createdAt, policy),
  };
}

export function dueAttribute(createdAt: Date | null, policy: RotationPolicy): ObjectValue {
  const due = createdAt && dueAt(createdAt, policy);
  return { rotation_due_at: due && instant(due) };
}

/** What the state says of a delivery; null: of a pair that is not there. */
export function deliveryAttributes(delivery: Delivery | null, secret: Value | undefined): ObjectValue {
  // The one place where a secret enters the state: only where its author asked for that, in so many words.
  const isAsked = isInState(secret);
  return {
    secret_reference: delivery?.reference ?? null,
    secret_access_key: isAsked ? (delivery?.secret?.reveal() ?? null) : null,
    sealed_secret_access_key: isAsked ? (delivery?.sealed ?? null) : null,
  };
}

const KEPT = [
  'access_key_id',
  'status',
  'created_at',
  'secret_reference',
  'secret_access_key',
  'sealed_secret_access_key',
];

/** What a key that stays keeps. */
export function keptAttributes(prior: ObjectValue): ObjectValue {
  return Object.fromEntries(KEPT.map((name) => [name, prior[name] ?? null]));
}
