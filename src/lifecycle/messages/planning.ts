import type { AccessKey } from '../access-key.js';
import type { Cause, Reason } from '../cause.js';
import { newKeyIn } from '../decide.js';
import type { CurrentDecision, Decision, PreviousDecision } from '../decide.js';
import type { Intent, JournalEntry, Watch } from '../journal.js';
import type { LifecycleError } from '../lifecycle-error.js';
import type { Message } from '../message.js';
import type { Listing, Scene } from '../ports.js';
import { isUsable } from '../resource.js';
import type { Configuration, Resource } from '../resource.js';
import type { Retirement } from '../rotation.js';
import {
  deletionCommand,
  describeHolder,
  describeKey,
  describeKeys,
  describeUse,
  ids,
  instant,
  listingCommand,
} from '../wording.js';

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
  if (!resource) return [...inspected, ...(current.kind === 'create' ? ofCreation(current) : [])];
  const future = current.kind === 'undecided' ? current.as : current;
  return [
    ...inspected,
    ...ofCurrent(resource, wanted, future),
    ...ofPrevious(resource, wanted, decision.previous),
    ...decision.leftovers.map((id) => note(leftoverWillBeDeleted(resource, id))),
    ...(decision.hook === 'run again' ? [note(hookWillRunAgain(resource), 'hooks')] : []),
  ];
}

function note(message: Message, argument: Note['argument'] = null): Note {
  return { message, argument };
}

function ofCreation({ isRepair, newKey }: Extract<CurrentDecision, { kind: 'create' }>): Note[] {
  return isRepair && newKey.problem ? [note(applyWillRefuse(newKey.problem))] : [];
}

function ofCurrent(resource: Resource, wanted: Configuration, current: CurrentDecision): Note[] {
  switch (current.kind) {
    case 'take over':
      return [note(alreadyInPlace(resource, current.key, current.title))];
    case 'rotate':
      if (!current.newKey.problem) {
        const argument = current.cause.kind === 'asked' ? 'secret' : null;
        return [note(willBeReplaced(resource, wanted, current.cause), argument)];
      }
      return current.cause.kind === 'asked'
        ? []
        : [note(cannotBeReplaced(resource, current.cause, current.newKey.problem, true))];
    case 'defer':
      return current.newKey.problem
        ? [note(cannotBeReplaced(resource, current.cause, current.newKey.problem, false))]
        : [];
    default:
      return [];
  }
}

function ofPrevious(resource: Resource, wanted: Configuration, previous: PreviousDecision): Note[] {
  switch (previous.kind) {
    case 'undecided':
      return [note(retirementIsOpen(resource, previous.key), 'rotation')];
    case 'blocked':
      return [note(stillInUse(resource, wanted, previous.key, previous.why), 'rotation')];
    case 'retire':
      return [note(willBeRetired(resource, wanted, previous.key, previous.why))];
    default:
      return [];
  }
}

function about({ bucket, current }: Resource, ...others: readonly string[]) {
  return { bucket, keys: [...others, ...(current ? [current.id] : [])] };
}

function nameOf({ bucket, current }: Resource): string {
  return current ? `Key ${current.id} of bucket ${bucket}` : `The key of bucket ${bucket}`;
}

export function alreadyInPlace({ bucket }: Resource, key: string, title: string | null): Message {
  return {
    about: { bucket, keys: [key] },
    happened: `${title ?? 'The destination'} already holds the pair of key ${key} of bucket ${bucket}`,
    meaning:
      'It is taken over as it is: no new key is made, and nothing is written but the mark that it belongs to this resource. That its secret is the right one has not been tried.',
    remedy: null,
  };
}

/** For a resource whose author has asked for nothing new: its plan goes on. */
export function applyWillRefuse({ summary, detail }: LifecycleError): Message {
  return {
    about: { bucket: '', keys: [] },
    happened: summary,
    meaning: `${detail} Apply will refuse, too, until that is mended.`,
    remedy: null,
  };
}

export function cannotBeReplaced(
  resource: Resource,
  { reason }: Cause,
  { summary, detail }: LifecycleError,
  failsApply: boolean,
): Message {
  const modal = reason.why === 'decided at apply' ? 'may have to' : 'should';
  const until = failsApply ? ', and apply fails as long as it is not' : '';
  return {
    about: about(resource),
    happened: `${nameOf(resource)} ${modal} be replaced, and cannot be now: ${summary}`,
    meaning: `${sentence(reason)} ${detail} The key is left as it is until that is mended${until}.`,
    remedy: null,
  };
}

export function willBeReplaced(resource: Resource, wanted: Configuration, { reason }: Cause): Message {
  const isOpen = reason.why === 'decided at apply';
  return {
    about: about(resource),
    happened: `${nameOf(resource)} ${isOpen ? 'may' : 'will'} be replaced by a new one`,
    meaning: `${sentence(reason)} A key's secret is shown only once, so ${isOpen ? 'it then' : 'apply'} makes a new key and delivers it. ${afterwards(resource, wanted)}`,
    remedy: null,
  };
}

/** What becomes of the key that is replaced. */
function afterwards({ current }: Resource, { rotation }: Configuration): string {
  if (!current) return '';
  const { overlapHours } = rotation.policy;
  if (!rotation.isOverlapKnown) {
    return `How long key ${current.id} stays valid after that is known only then, too.`;
  }
  if (!isUsable(current)) return `Key ${current.id} is deleted in the same apply.`;
  if (overlapHours === 0) return `Then ${current.id} is deleted, in the same apply.`;
  return `Key ${current.id} stays valid for ${overlapHours} h more, and an apply after that retires it.`;
}

function sentence(reason: Reason): string {
  switch (reason.why) {
    case 'gone':
      return 'Its current key is gone.';
    case 'never delivered':
      return 'Its secret was never sent anywhere by this resource, and cannot be had again.';
    case 'pair lost':
      return 'Its secret is no longer where it was sent.';
    case 'not active':
      return `It is ${reason.status}: S3 refuses it.`;
    case 'other destination':
      return 'Its secret is to go to another place, or there in another form.';
    case 'other keepers':
      return 'Its keepers have changed.';
    case 'due':
      return `It has been due since ${instant(reason.since)}, ${reason.afterDays} days after it was made.`;
    case 'decided at apply':
      return `A part of its ${reason.open.join(' and ')} is known only at apply, which replaces the key if that calls for it.`;
  }
}

export function retirementIsOpen(resource: Resource, key: string): Message {
  return {
    about: about(resource, key),
    happened: `Whether key ${key} of bucket ${resource.bucket} is retired is decided at apply`,
    meaning: `Key ${resource.current?.id ?? ''} took its place, and a part of rotation is known only then.`,
    remedy: null,
  };
}

export function stillInUse(
  resource: Resource,
  { rotation }: Configuration,
  key: string,
  { until, use }: Extract<Retirement, { kind: 'blocked' }>,
): Message {
  const { overlapHours } = rotation.policy;
  return {
    about: about(resource, key),
    happened: `Key ${key} of bucket ${resource.bucket} is still in use, and is not retired`,
    meaning: `Its overlap was over at ${instant(until)}, but it was ${describeUse(use)}, within the last ${overlapHours} h.`,
    remedy: {
      text: `Give whoever uses it the pair of key ${resource.current?.id ?? ''}; the apply after ${overlapHours} h without a use retires it. With rotation.on_still_used = "retire" it goes all the same.`,
    },
  };
}

export function willBeRetired(
  resource: Resource,
  { rotation }: Configuration,
  key: string,
  why: Extract<Retirement, { kind: 'due' }>,
): Message {
  return {
    about: about(resource, key),
    happened: `Key ${key} of bucket ${resource.bucket} will be retired`,
    meaning: `Key ${resource.current?.id ?? ''} took its place. ${whyRetired(why, rotation.policy.overlapHours)} Apply deletes it.`,
    remedy: null,
  };
}

function whyRetired(due: Extract<Retirement, { kind: 'due' }>, overlapHours: number): string {
  const refused = due.use ? `It was ${describeUse(due.use)}: whoever that is will be refused` : '';
  switch (due.why) {
    case 'inactive':
      return 'It is Inactive, so S3 refuses it already.';
    case 'no-overlap':
      return `rotation.overlap_hours = 0 gives it no time beside its successor, whether it is in use or not. ${refused ? `${refused}.` : 'No use of it was seen.'}`;
    case 'overlap-over':
      return `Its overlap is over since ${instant(due.since)}. ${refused ? `${refused}, as rotation.on_still_used = "retire" wants it.` : `It was not used within the last ${overlapHours} h.`}`;
  }
}

export function leftoverWillBeDeleted({ bucket }: Resource, key: string): Message {
  return {
    about: { bucket, keys: [key] },
    happened: `Key ${key} of bucket ${bucket} will be deleted`,
    meaning:
      'This resource made it, and it is not the current key: an earlier run replaced it, had to withdraw it, or got no answer when it made it. Nobody uses its secret.',
    remedy: null,
  };
}

export function hookWillRunAgain(resource: Resource): Message {
  return {
    about: about(resource),
    happened: `The after_create hook of key ${resource.current?.id ?? ''} of bucket ${resource.bucket} will be run again`,
    meaning: 'It failed after the key was made. The key itself is good and delivered.',
    remedy: null,
  };
}

export function willBeAdopted(
  { keys: { bucket }, destination }: Scene,
  key: AccessKey,
  { asOf }: Listing,
): Message {
  return {
    about: { bucket, keys: [key.id] },
    happened: `Key ${key.id} of bucket ${bucket} will be taken over from a run that died`,
    meaning: `Its secret is at ${destination.title}, but no state has taken it. Apply adopts it and makes no second key. ${describeKey(key, asOf)}`,
    remedy: null,
  };
}

export function willBeFinished({ destination }: Scene, bucket: string, key: AccessKey): Message {
  return {
    about: { bucket, keys: [key.id] },
    happened: `Key ${key.id} of bucket ${bucket} will be finished or deleted for a run that died`,
    meaning: `That run had made it for ${destination.title} and has not delivered its secret. Apply makes the pending secret current, or deletes the key and makes another where the secret cannot be read back or S3 refuses it.`,
    remedy: null,
  };
}

interface Newcomers {
  readonly intent: Intent;
  readonly keys: readonly AccessKey[];
  readonly asOf: Date;
  /** By `exclusive`, and the baseline of that run. */
  readonly isProven: boolean;
}

export function appearedMeanwhile(
  { keys: { region } }: Scene,
  { intent, keys, asOf, isProven }: Newcomers,
): Message {
  const { bucket } = intent;
  const run = `${describeHolder(intent.holder)}, ${intent.begunAt}`;
  const message = {
    about: { bucket, keys: keys.map(({ id }) => id) },
    happened: `Key ${ids(keys)} appeared on bucket ${bucket} during a run that could not finish`,
  };
  if (isProven) {
    return {
      ...message,
      meaning: `That run (${run}) was making a key, and exclusive = true says that nobody else does: apply deletes it and makes another. ${describeKeys(keys, asOf)}`,
      remedy: null,
    };
  }
  return {
    ...message,
    meaning: `That run (${run}) was making a key. It may be the outcome, and then nobody has its secret, or somebody else's: nothing proves it, so it is left alone. ${describeKeys(keys, asOf)}.`,
    remedy: {
      text: 'If nobody knows it:',
      commands: keys.map(({ id }) => deletionCommand(bucket, region, id)),
    },
  };
}

/** While the destination is not known, it may turn out to know one of the keys. */
export function perhapsNoFreeSlot({ summary, detail }: LifecycleError): Message {
  return {
    about: { bucket: '', keys: [] },
    happened: summary,
    meaning: `${detail} Apply fails, unless the destination, which is not known yet, shows that one of them is this resource's.`,
    remedy: null,
  };
}

export function replaceableOnlyByDestroying({ keys: { bucket }, destination }: Scene, key: string): Message {
  return {
    about: { bucket, keys: [key] },
    happened: `Key ${key} of bucket ${bucket} can only be replaced by destroying it first`,
    meaning: `${destination.title} could not be written while planning, so an apply with create_before_destroy will not know that the pair there is its own, and will refuse.`,
    remedy: { text: 'Plan with write access to it, or leave create_before_destroy out.' },
  };
}

export function otherBucketMayGetKey(
  { keys }: Scene,
  { bucket, holder }: JournalEntry,
  { until }: Watch,
): Message {
  return {
    about: { bucket, keys: [] },
    happened: `Bucket ${bucket} may still get a key that nobody knows`,
    meaning: `A run on ${holder.host} sent a call there that got no answer, and until ${until} it may take effect. This resource makes keys of bucket ${keys.bucket} now and does not look there again.`,
    remedy: { text: 'Look yourself:', commands: [listingCommand(bucket, keys.region)] },
  };
}
