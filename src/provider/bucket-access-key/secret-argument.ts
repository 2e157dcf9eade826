import type {
  Argument,
  Current,
  Descriptor,
  DestinationChoice,
  Given,
} from '../../destinations/descriptor.js';
import { NOWHERE } from '../../destinations/nowhere.js';
import { DESTINATIONS } from '../../destinations/registry.js';
import { AT_APPLY } from '../../lifecycle/resource.js';
import type { AtApply } from '../../lifecycle/resource.js';
import type { ObjectValue, Value } from '../../plugin/index.js';
import { hasUnknown, isObject, isSame, strings, text } from '../values.js';

/** A destination, and what stands in its block. */
export interface Named {
  readonly destination: Descriptor;
  readonly member: Value;
}

/** The destinations that a `secret` names; wherever it is known and valid, one. */
export function namedIn(secret: Value | undefined): readonly Named[] {
  if (!isObject(secret)) return [];
  return DESTINATIONS.flatMap((destination) => {
    const member = secret[destination.name] ?? null;
    return member === null ? [] : [{ destination, member }];
  });
}

/** The destination that `secret` names; null while it is not wholly known, or where an argument has turned out null. */
export function destinationIn(
  secret: Value | undefined,
  current: Current = NOTHING,
): DestinationChoice | null {
  if (secret === null || secret === undefined) return NOWHERE;
  if (!isObject(secret) || hasUnknown(secret)) return null;
  const [{ destination, member } = { destination: null, member: null }] = namedIn(secret);
  if (!destination || !isObject(member) || !isComplete(destination, member)) return null;
  return { destination, given: givenIn(destination, member), current };
}

/** A required argument, or an element of a list, may turn out null at apply, when what it refers to is known at last. */
function isComplete({ arguments: all }: Descriptor, member: ObjectValue): boolean {
  return Object.entries(all).every(([name, { isRequired }]) => {
    const value = member[name] ?? null;
    return Array.isArray(value) ? !value.includes(null) : !isRequired || value !== null;
  });
}

/** The arguments of a block as its destination takes them. */
function givenIn({ arguments: all }: Descriptor, member: ObjectValue): Given {
  return Object.fromEntries(
    Object.entries(all).map(([name, argument]) => [name, valueOf(argument, member[name])]),
  );
}

function valueOf(argument: Argument, value: Value | undefined): Given[string] {
  const { type, isRequired, oneOf } = argument;
  if (type === 'list') return strings(value) ?? (isRequired ? [] : undefined);
  const given = text(value) ?? '';
  if (isRequired) return given;
  return given === '' || (oneOf && !oneOf.includes(given)) ? argument.default : given;
}

const NOTHING: Current = { key: null, reference: null };

/** What the state says of the pair that was delivered. */
export function currentOf(state: ObjectValue): Current {
  return { key: text(state.access_key_id), reference: text(state.secret_reference) };
}

/** Whose pair is in the state itself: what stands in its block, or what may become that; null for any other. */
export function stateMemberIn(secret: Value | undefined): Value {
  if (!isObject(secret)) return secret ?? null;
  return namedIn(secret).find(({ destination }) => destination.isState)?.member ?? null;
}

/** Whether the state itself is the destination. */
export function isInState(secret: Value | undefined): boolean {
  return isObject(secret) && isObject(stateMemberIn(secret));
}

/** Bucket and destination in one word, however they are written; null while something of them is not known. */
export function identityOf({
  bucket_name: bucket,
  secret,
  secret_reference: reference,
}: ObjectValue): string | null {
  const destination = destinationIdentity(secret, text(reference));
  return hasUnknown(bucket) || destination === AT_APPLY ? null : JSON.stringify([bucket, destination]);
}

/** The same where another resource's pair could take the place of this one's: a state is its own resource's. */
export function sharedIdentityOf(config: ObjectValue): string | null {
  const { secret } = config;
  return isInState(secret) ? null : identityOf(config);
}

/**
 * Where a pair is delivered under a `secret` argument and in which form, in one word: the same for all ways to write
 * it that lead to the same place on this machine in this run. Null where it is nowhere. `reference`: of the pair that
 * the state says was delivered; it names the place as the store does.
 */
export function destinationIdentity(
  secret: Value | undefined,
  reference: string | null = null,
): string | null | AtApply {
  return inOneWord(secret, (destination, member) => ({
    ...member,
    ...(destination.resolve?.(givenIn(destination, member), reference) as ObjectValue | undefined),
  }));
}

/** The same as its author has written it. */
export function destinationAsWritten(secret: Value | undefined): string | null | AtApply {
  return inOneWord(secret, (_, member) => member);
}

function inOneWord(
  secret: Value | undefined,
  told: (destination: Descriptor, member: ObjectValue) => ObjectValue,
): string | null | AtApply {
  if (secret === null || secret === undefined) return null;
  if (!isObject(secret)) return AT_APPLY;
  const named = [...namedIn(secret)].sort((a, b) => (a.destination.name < b.destination.name ? -1 : 1));
  const places = (tellOf: typeof told) =>
    named.map(({ destination, member }): Value => [
      destination.name,
      isObject(member) ? placeIn(destination, tellOf(destination, member)) : member,
    ]);
  return hasUnknown(places((_, member) => member)) ? AT_APPLY : JSON.stringify(places(told));
}

/** What is not null, in one order; how a pair is treated there says neither where it is nor in which form. */
function placeIn({ arguments: all }: Descriptor, member: ObjectValue): Value {
  return Object.entries(all)
    .filter(([, { change }]) => change === undefined)
    .map(([name, argument]) => [name, inAnyNotation(argument, member[name])] as const)
    .filter(([, value]) => value !== null)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function inAnyNotation(argument: Argument, value: Value | undefined): Value {
  const given = value ?? argument.default ?? null;
  return argument.isUnordered ? inAnyOrder(given) : given;
}

/** Whoever was named first, and however often. */
function inAnyOrder(list: Value): Value {
  if (!Array.isArray(list)) return list;
  const all: readonly Value[] = list;
  return all.every((one) => typeof one === 'string') ? [...new Set(all)].sort() : all;
}

/**
 * Which arguments ask for another treatment than the present pair was stored with, and are heeded with the next one only;
 * none where the pair is elsewhere.
 */
export function changedTreatment(before: ObjectValue, wanted: ObjectValue): readonly string[] {
  const was = namedIn(before.secret);
  return namedIn(wanted.secret).flatMap(({ destination, member: asked }) => {
    const stored = was.find((one) => one.destination === destination)?.member;
    if (!isObject(stored) || !isObject(asked)) return [];
    return Object.entries(destination.arguments)
      .filter(([, { change }]) => change === 'next pair')
      .map(([name]) => name)
      .filter((name) => !hasUnknown(asked[name]) && !isSame(stored[name] ?? null, asked[name] ?? null));
  });
}
