import type { KnownView } from './known-keys.js';
import type { Resource } from './resource.js';

/** One key of a resource that goes, in the order in which they do. */
export interface Removal {
  readonly key: string;
  /** Where its pair is: each of the two may have a destination of its own. */
  readonly at: 'current' | 'previous';
}

/** All that a resource still has; what another resource has in its state by now is no leftover any more. */
export function decideRemoval(
  { current, previous, leftovers }: Resource,
  { ours }: Pick<KnownView, 'ours'>,
): readonly Removal[] {
  return [
    ...(current ? [{ key: current.id, at: 'current' as const }] : []),
    ...(previous === null ? [] : [{ key: previous, at: 'previous' as const }]),
    ...leftovers.filter((id) => !ours.has(id)).map((key) => ({ key, at: 'current' as const })),
  ];
}
