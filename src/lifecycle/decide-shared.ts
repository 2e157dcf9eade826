import type { Decision } from './decide.js';
import type { Resource } from './resource.js';

/** IDs of the keys of a state, the current one first. */
export function keysOf({
  current,
  previous,
  leftovers,
}: Pick<Resource, 'current' | 'previous' | 'leftovers'>): string[] {
  return [...(current ? [current.id] : []), ...(previous === null ? [] : [previous]), ...leftovers];
}

/** IDs of the keys that a decision gives up, or may give up: its apply decides anew. */
export function givenUpBy(resource: Resource, { current, previous, leftovers }: Decision): string[] {
  if (current.kind === 'replace') return keysOf(resource);
  const stays = current.kind === 'keep' || current.kind === 'take over';
  return [
    ...(resource.current && !stays ? [resource.current.id] : []),
    ...(previous.kind === 'retire' || previous.kind === 'undecided' ? [previous.key] : []),
    ...leftovers,
  ];
}

/** What is decided of a resource while another one keeps a key that it would give up. */
export function withheld({ previous }: Resource): Decision {
  return {
    current: { kind: 'keep' },
    previous: previous === null ? { kind: 'none' } : { kind: 'keep', key: previous, why: null },
    leftovers: [],
    hook: 'none',
    destination: 'stays',
    replacing: [],
  };
}
