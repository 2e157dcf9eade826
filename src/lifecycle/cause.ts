import { isInactive, isOfUnknownStatus } from './access-key.js';
import { AT_APPLY } from './resource.js';
import type { Configuration, CurrentKey, Resource } from './resource.js';
import { dueAt } from './rotation-policy.js';

/** Why a resource needs another key. */
export type Reason =
  | { readonly why: 'gone' | 'never delivered' | 'pair lost' | 'other destination' | 'other keepers' }
  | { readonly why: 'not active'; readonly status: string }
  | { readonly why: 'due'; readonly since: Date; readonly afterDays: number }
  | { readonly why: 'decided at apply'; readonly open: readonly Argument[] };

/** An argument that decides what becomes of the current key. */
export type Argument = 'secret' | 'rotation';

export interface Cause {
  readonly reason: Reason;
  /**
   * What its author `asked` for and cannot be is an error of the plan. A `repair` that cannot be is a warning then, which
   * stops no destroy, and fails at apply. A key that is merely `due` waits, with a warning and nothing else.
   */
  readonly kind: 'asked' | 'repair' | 'due';
  /** The state says that the key's pair is not at its destination: where it is there all the same, it can be taken over. */
  readonly lacksPair?: true;
}

/** Why the current key cannot stay with the wanted arguments; null when it can. */
export function causeToReplace(resource: Resource, wanted: Configuration): Cause | null {
  const { current, destination } = resource;
  if (!current) return { kind: 'repair', reason: { why: 'gone' } };
  // Its secret is lost, so it is no key that works until its successor comes.
  if (destination === null) return { kind: 'repair', reason: { why: 'never delivered' }, lacksPair: true };
  const flaw = flawOf(current.status, resource);
  const open = openArguments(wanted);
  // A repair is called for whatever the rest turns out to be.
  if (open.length > 0) return flaw ?? { kind: 'due', reason: { why: 'decided at apply', open } };
  if (destination !== wanted.destination) return { kind: 'asked', reason: { why: 'other destination' } };
  if (resource.keepers !== wanted.keepers) return { kind: 'asked', reason: { why: 'other keepers' } };
  return flaw ?? dueByAge(current, resource, wanted);
}

/** The arguments of which something is known only at apply that decides what becomes of the current key. */
export function openArguments(wanted: Configuration): readonly Argument[] {
  return [
    ...(wanted.destination === AT_APPLY ? (['secret'] as const) : []),
    ...(wanted.rotation.isKnown ? [] : (['rotation'] as const)),
  ];
}

/** Why the key cannot be used as it is. */
function flawOf(status: string, { isDelivered }: Resource): Cause | null {
  if (isInactive({ status })) return { kind: 'repair', reason: { why: 'not active', status } };
  return isDelivered ? null : { kind: 'repair', reason: { why: 'pair lost' }, lacksPair: true };
}

/** What AWS leaves out calls for no other key: only its author does. */
export function needsStatus({ kind, reason }: Cause, current: CurrentKey | null): current is CurrentKey {
  const isAsked = kind === 'asked' || reason.why === 'decided at apply';
  return !isAsked && current !== null && isOfUnknownStatus(current);
}

function dueByAge(
  { createdAt, status }: CurrentKey,
  { lastRefresh }: Resource,
  { rotation: { policy } }: Configuration,
): Cause | null {
  const { afterDays } = policy;
  // What AWS's answer leaves out makes nothing due.
  if (!createdAt || afterDays === null || !lastRefresh?.asOf || isOfUnknownStatus({ status })) return null;
  const since = dueAt(createdAt, { afterDays });
  return lastRefresh.asOf < since ? null : { kind: 'due', reason: { why: 'due', since, afterDays } };
}
