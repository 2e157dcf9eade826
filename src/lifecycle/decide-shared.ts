import type { Decision } from './decide.js';
import { keysOf, isToRotate } from './resource.js';
import type { Resource, Configuration } from './resource.js';
import { newKeyIn } from './decide.js';
import type { SlotUse } from './slots.js';

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

/** What a decision does to the slots of its resource's bucket. */
export function slotUseOf(
  resource: Resource | null,
  wanted: Configuration,
  decision: Decision,
): SlotUse | null {
  const { current, previous, leftovers } = decision;
  const newKey = newKeyIn(decision);
  const isOpen = current.kind === 'undecided' && 'cause' in current.as && current.as.cause.kind === 'due';
  if (newKey?.problem === null && !isOpen) return newKey.room.use;
  if (!resource) return null;
  const keys = keysOf(resource);
  const first =
    current.kind === 'replace' ? keys : [...leftovers, ...(previous.kind === 'retire' ? [previous.key] : [])];
  const isNew = resource.destination === null;
  return { keys, first, makes: null, then: [], isAsked: false, isNew, rotates: isToRotate(wanted.rotation) };
}
