import { isInactive } from './access-key.js';
import type { LastUse, NotReported } from './access-key.js';
import type { CreateOptions } from './ports.js';
import type { RotationPolicy } from './rotation-policy.js';

/** What the configuration refers to and Terraform learns only at apply. */
export const AT_APPLY = Symbol('known only at apply');
export type AtApply = typeof AT_APPLY;

/** One resource as its state and its private data tell of it. */
export interface Resource {
  readonly bucket: string;
  /** Null: it is gone. */
  readonly current: CurrentKey | null;
  /** ID of the key before, which stays valid for its overlap. */
  readonly previous: string | null;
  /** Identity of the place where the current key's pair was delivered, and of its form; null: it never was. */
  readonly destination: string | null;
  /** The last refresh has not found the pair gone. */
  readonly isDelivered: boolean;
  /** The author's own values whose change rotates, in one word; null for none. */
  readonly keepers: string | null;
  /** IDs of keys that are still to be deleted. */
  readonly leftovers: readonly string[];
  /** ID of the last current key, where it was found gone while something of this resource may live. */
  readonly former: string | null;
  /** The after_create hook has not succeeded yet for the current key. */
  readonly isHookPending: boolean;
  /** Null: none since it was made, changed or imported. */
  readonly lastRefresh: LastRefresh | null;
}

export interface CurrentKey {
  readonly id: string;
  readonly status: string;
  /** Null where neither AWS nor the state says it, as after a move. */
  readonly createdAt: Date | null;
}

/**
 * Terraform plans an update once more while it applies, and both plans have to come to the same end. So what is due
 * is decided by the service's time at the refresh, which both of them are given.
 */
export interface LastRefresh {
  /** Null: it is unknown, so nothing is due. */
  readonly asOf: Date | null;
  readonly previous: PreviousKey | null;
}

export interface PreviousKey {
  readonly status: string;
  readonly lastUse: LastUse | NotReported | null;
  /** Its pair lies where the current key's belongs: consumers read it. */
  readonly isRestored: boolean;
}

/** What the author wants of a resource. */
export interface Configuration {
  readonly bucket: string | AtApply;
  readonly destination: string | null | AtApply;
  /** All of the `secret` argument is known, so that its destination can be looked at; none is one, too. */
  readonly namesDestination: boolean;
  readonly keepers: string | null | AtApply;
  readonly rotation: RotationArgument;
  readonly hasHook: boolean | AtApply;
  readonly options: CreateOptions;
}

interface RotationArgument {
  /** With the defaults for what is known only at apply. */
  readonly policy: RotationPolicy;
  readonly isKnown: boolean;
  readonly isOverlapKnown: boolean;
}

/** A key that S3 takes, or may take. */
export function isUsable(current: CurrentKey | null): current is CurrentKey {
  return current !== null && !isInactive(current);
}

/** By its arguments, its key is to be followed by others without a change of its author's. */
export function isToRotate({ policy }: RotationArgument): boolean {
  return policy.afterDays !== null;
}

/** IDs of the keys of a state, the current one first. */
export function keysOf({
  current,
  previous,
  leftovers,
}: Pick<Resource, 'current' | 'previous' | 'leftovers'>): string[] {
  return [...(current ? [current.id] : []), ...(previous === null ? [] : [previous]), ...leftovers];
}
