import { newKeyIn } from './decide.js';
import type { CurrentDecision, Decision, PreviousDecision } from './decide.js';
import type { Message } from './message.js';
import * as messages from './messages/planning.js';
import type { Configuration, Resource } from './resource.js';

/** A warning of a plan. */
export interface Note {
  readonly message: Message;
  /** The argument that it points at. */
  readonly argument: 'secret' | 'rotation' | 'hooks' | null;
}

/** Everything that a plan says of its decision, in the order in which it is read. */
export function notesOn(resource: Resource | null, wanted: Configuration, decision: Decision): Note[] {
  const { current } = decision;
  const inspected = (newKeyIn(decision)?.room.messages ?? []).map((message) => note(message));
  if (!resource) return [...inspected, ...onCreation(current)];
  const future = current.kind === 'undecided' ? current.as : current;
  return [
    ...inspected,
    ...onCurrent(resource, wanted, future),
    ...onPrevious(resource, wanted, decision.previous),
    ...decision.leftovers.map((id) => note(messages.leftoverWillBeDeleted(resource, id))),
    ...(decision.hook === 'run again' ? [note(messages.hookWillRunAgain(resource), 'hooks')] : []),
  ];
}

function note(message: Message, argument: Note['argument'] = null): Note {
  return { message, argument };
}

function onCreation(current: CurrentDecision): Note[] {
  const problem = current.kind === 'create' && current.isRepair ? current.newKey.problem : null;
  return problem ? [note(messages.applyWillRefuse(problem))] : [];
}

function onCurrent(resource: Resource, wanted: Configuration, current: CurrentDecision): Note[] {
  switch (current.kind) {
    case 'take over':
      // Without a title it was not looked at again: the plan before has said it.
      return current.title === null
        ? []
        : [note(messages.alreadyInPlace(resource, current.key, current.title))];
    case 'rotate':
    case 'defer': {
      const { kind, cause, newKey } = current;
      const isAsked = cause.kind === 'asked';
      if (!newKey.problem) {
        return [note(messages.willBeReplaced(resource, wanted, cause.reason), isAsked ? 'secret' : null)];
      }
      // What its author asked for and cannot be is an error.
      if (isAsked) return [];
      return [note(messages.cannotBeReplaced(resource, cause.reason, newKey.problem, kind === 'rotate'))];
    }
    default:
      return [];
  }
}

function onPrevious(resource: Resource, wanted: Configuration, previous: PreviousDecision): Note[] {
  switch (previous.kind) {
    case 'undecided':
      return [note(messages.retirementIsOpen(resource, previous.key), 'rotation')];
    case 'blocked':
      return [note(messages.stillInUse(resource, wanted, previous.key, previous.why), 'rotation')];
    case 'retire':
      return [note(messages.willBeRetired(resource, wanted, previous.key, previous.why))];
    default:
      return [];
  }
}
