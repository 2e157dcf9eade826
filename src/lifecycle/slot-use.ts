import { keysOf } from './decide-shared.js';
import { newKeyIn } from './decide.js';
import type { Decision } from './decide.js';
import { isToRotate } from './resource.js';
import type { Configuration, Resource } from './resource.js';
import type { SlotUse } from './slots.js';

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
