import type { AccessKey } from './access-key.js';
import type { Refreshed } from './refresh.js';
import type { LastRefresh, Resource } from './resource.js';
import { knownTime } from './service-time.js';
import type { ServiceTime } from './service-time.js';

/** What a refresh makes of a resource. */
export type RefreshDecision =
  /** No key of it lives. */
  | { readonly kind: 'forget' }
  /** Its current key is gone, and others live, or may be its own: forgotten with it, they would be lost. */
  | ({ readonly kind: 'without current' } & Remembered)
  | ({ readonly kind: 'present'; readonly key: AccessKey; readonly isDelivered: boolean } & Remembered);

interface Remembered {
  readonly hasPrevious: boolean;
  /** IDs of keys that are still to be deleted. */
  readonly leftovers: readonly string[];
  readonly lastRefresh: LastRefresh;
}

/** `isMoreAtStake`: keys in no state may be of a resource whose current key is gone, or may still come. */
export function decideRefresh(resource: Resource, found: Refreshed, isMoreAtStake = false): RefreshDecision {
  if (found.state === 'gone') return withoutCurrent(resource, found, isMoreAtStake);
  const { key, delivered: isDelivered, previous, isPreviousRestored } = found;
  return {
    kind: 'present',
    key,
    isDelivered,
    hasPrevious: previous !== null,
    leftovers: [...resource.leftovers, ...found.leftovers.map(({ id }) => id)],
    lastRefresh: lastRefresh(found.time, previous, isPreviousRestored),
  };
}

function withoutCurrent(
  resource: Resource,
  { listed, time }: Extract<Refreshed, { state: 'gone' }>,
  isMoreAtStake: boolean,
): RefreshDecision {
  const previous = listed.find(({ id }) => id === resource.previous) ?? null;
  const leftovers = resource.leftovers.filter((id) => listed.some((key) => key.id === id));
  if (!time || (!previous && leftovers.length === 0 && !isMoreAtStake)) return { kind: 'forget' };
  return {
    kind: 'without current',
    hasPrevious: previous !== null,
    leftovers,
    lastRefresh: lastRefresh(time, previous, false),
  };
}

function lastRefresh(time: ServiceTime, previous: AccessKey | null, isRestored: boolean): LastRefresh {
  return {
    asOf: knownTime(time),
    previous: previous && { status: previous.status, lastUse: previous.lastUse, isRestored },
  };
}
