import { isActive } from '../../lifecycle/access-key.js';
import { dueAt } from '../../lifecycle/rotation.js';
import { instant } from '../../lifecycle/wording.js';
import type { ObjectValue } from '../../plugin/index.js';
import { hasUnknown, isObject, isSame, text } from '../values.js';
import { isSamePlace } from './delivery-place.js';
import type { Memory, Sight } from './memory.js';
import { createdAtOf, keepersOf, policyOf } from './state.js';

/** Why a resource needs another key. */
export interface Cause {
  readonly why: string;
  /**
   * What its author `asked` for and cannot be is an error of the plan. A `repair` that cannot be is a warning then, which
   * stops no destroy, and fails at apply. A key that is merely `due` waits, with a warning and nothing else.
   */
  readonly kind: 'asked' | 'repair' | 'due';
  /** The state says that the key's pair is not at its destination: where it is there all the same, it can be taken over. */
  readonly lacksPair?: boolean;
  /** Some of what decides it is known only at apply. */
  readonly isOpen?: boolean;
}

/** Why the living key of a state cannot stay with the wanted attributes; null when it can. */
export function causeToRotate(
  prior: ObjectValue,
  wanted: ObjectValue,
  { seen, unrouted }: Pick<Memory, 'seen' | 'unrouted'>,
): Cause | null {
  const id = text(prior.access_key_id);
  if (id === null) return repair('Its current key is gone.');
  if (prior.secret === null || unrouted) {
    return {
      kind: 'due',
      why: 'Its secret was never sent anywhere by this resource, and cannot be had again.',
      lacksPair: true,
    };
  }
  const flaw = flawOf(prior);
  const open = openArguments(prior, wanted);
  // A repair is called for whatever the rest turns out to be.
  if (open.length > 0) return flaw ?? undecided(open);
  if (!isSamePlace(prior.secret, wanted.secret)) {
    return { kind: 'asked', why: 'Its secret is to go to another place, or there in another form.' };
  }
  if (!isSame(keepersOf(prior), keepersOf(wanted))) {
    return { kind: 'asked', why: 'Its keepers have changed.' };
  }
  return flaw ?? dueByAge(prior, wanted, seen);
}

/** Why nobody can use the key as it is. */
function flawOf(prior: ObjectValue): Cause | null {
  const status = text(prior.status) ?? 'Active';
  if (!isActive({ status })) return repair(`It is ${status}: S3 refuses it.`);
  if (isDelivered(prior)) return null;
  return { ...repair('Its secret is no longer where it was sent.'), lacksPair: true };
}

function undecided(open: readonly string[]): Cause {
  return {
    kind: 'due',
    isOpen: true,
    why: `A part of its ${open.join(' and ')} is known only at apply, which replaces the key if that calls for it.`,
  };
}

/** The arguments of which something is known only at apply that decides what becomes of the key. */
export function openArguments(prior: ObjectValue, { secret, rotation }: ObjectValue): readonly string[] {
  const isSecretOpen = hasUnknown(secret) && !isSamePlace(prior.secret, secret);
  return [...(isSecretOpen ? ['secret'] : []), ...(hasUnknown(rotation) ? ['rotation'] : [])];
}

function repair(why: string): Cause {
  return { kind: 'repair', why };
}

function dueByAge(prior: ObjectValue, wanted: ObjectValue, seen: Sight | null): Cause | null {
  const createdAt = createdAtOf(prior);
  const policy = policyOf(wanted);
  const due = createdAt && dueAt(createdAt, policy);
  if (!due || !seen || seen.asOf < due) return null;
  return {
    kind: 'due',
    why: `It has been due since ${instant(due)}, ${policy.afterDays ?? ''} days after it was made.`,
  };
}

/** A refresh empties these attributes where it finds the pair gone. What a program was given cannot be asked for. */
function isDelivered(state: ObjectValue): boolean {
  if (isObject(state.secret) && isObject(state.secret.command)) return true;
  return ['secret_reference', 'secret_access_key', 'sealed_secret_access_key'].some(
    (name) => (state[name] ?? null) !== null,
  );
}
