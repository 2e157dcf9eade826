import { goingOf } from '../../lifecycle/decide-removal.js';
import type { Going } from '../../lifecycle/decide-removal.js';
import { AT_APPLY } from '../../lifecycle/resource.js';
import type { AtApply, Configuration, CurrentKey, Resource } from '../../lifecycle/resource.js';
import type { ObjectValue, PrivateData, Value } from '../../plugin/index.js';
import { hasUnknown, isObject, text } from '../values.js';
import { destinationIdentity } from './destination-identity.js';
import { readMemory } from './memory.js';
import type { Memory } from './memory.js';
import { routeOf } from './route.js';
import { createdAtOf, createOptionsOf, policyOf } from './state.js';

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
    isDelivered: isDelivered(attributes),
    keepers: stored(keepersIn(attributes)),
    leftovers: memory.leftovers,
    former: memory.former,
    isHookPending: memory.isHookPending,
    lastRefresh: memory.lastRefresh,
  };
}

/** What tells the keys of a resource that goes from those of others. */
export function goingIn(recorded: Recorded): Going {
  const { attributes, memory } = recorded;
  return goingOf(recorded, {
    accounted: memory.accounted,
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
    namesDestination: routeOf(secret) !== null,
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

function currentIn(attributes: ObjectValue): CurrentKey | null {
  const id = text(attributes.access_key_id);
  const status = text(attributes.status) ?? 'Active';
  return id === null ? null : { id, status, createdAt: createdAtOf(attributes) };
}

function stored(keepers: string | null | AtApply): string | null {
  return keepers === AT_APPLY ? null : keepers;
}

/** An empty map is as good as none, and so is a null in it. */
function keepersIn({ rotation }: ObjectValue): string | null | AtApply {
  const keepers = isObject(rotation) ? (rotation.keepers ?? null) : (rotation ?? null);
  if (hasUnknown(keepers)) return AT_APPLY;
  if (!isObject(keepers)) return null;
  const given = Object.entries(keepers).filter(([, value]) => value !== null);
  return given.length === 0 ? null : JSON.stringify(given.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A refresh empties these attributes where it finds the pair gone. What a program was given cannot be asked for. */
function isDelivered({ secret, ...attributes }: ObjectValue): boolean {
  if (isObject(secret) && isObject(secret.command)) return true;
  return ['secret_reference', 'secret_access_key', 'sealed_secret_access_key'].some(
    (name) => (attributes[name] ?? null) !== null,
  );
}

function hasHook(hooks: Value | undefined): boolean | AtApply {
  if (isObject(hooks) && isObject(hooks.after_create)) return true;
  return hasUnknown(hooks) ? AT_APPLY : false;
}
