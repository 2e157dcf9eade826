import { isInactive, isOfUnknownStatus } from '../access-key.js';
import type { AccessKey } from '../access-key.js';
import type { Reason } from '../cause.js';
import type { Intent, JournalEntry, LateWindow } from '../journal/entry.js';
import type { Adoption } from '../journal/lease.js';
import type { LifecycleError } from '../lifecycle-error.js';
import { framed, sentences } from '../message.js';
import type { Message } from '../message.js';
import type { Listing, Scene } from '../ports.js';
import type { Configuration, Resource } from '../resource.js';
import { quietHours } from '../rotation-policy.js';
import type { Retirement } from '../rotation-policy.js';
import {
  deletionCommands,
  describeHolder,
  describeKey,
  describeKeys,
  describeUse,
  ids,
  instant,
  listingCommand,
  describeLateWindow,
  runOf,
  CLAIMED,
} from '../wording.js';

function about({ bucket }: Pick<Resource, 'bucket'>, ...keys: readonly (string | undefined)[]) {
  return { bucket, keys: keys.filter((key) => key !== undefined) };
}

function nameOf({ bucket, current }: Resource): string {
  return current ? `Key ${current.id} of bucket ${bucket}` : `The key of bucket ${bucket}`;
}

export function alreadyInPlace(resource: Resource, key: string, title: string): Message {
  return {
    about: about(resource, key),
    happened: `${title} already holds the pair of key ${key} of bucket ${resource.bucket}`,
    meaning:
      'Apply takes it over as it is and creates no new key. ' +
      'It writes nothing but the mark that the pair belongs to this resource. ' +
      'Where its secret can be read back, apply tries it on S3 first, unless verify = false.',
    remedy: null,
  };
}

/** For a resource whose author has asked for nothing new: its plan goes on. */
export function applyWillRefuse({ said }: LifecycleError): Message {
  return framed(said, '', 'Apply will fail as well, until that is fixed.');
}

export function cannotBeReplaced(
  resource: Resource,
  reason: Reason,
  { said }: LifecycleError,
  failsApply: boolean,
): Message {
  const modal = reason.why === 'decided at apply' ? 'may have to' : 'should';
  const until = failsApply ? ', and apply fails as long as it is not' : '';
  return {
    about: about(resource, resource.current?.id),
    happened: `${nameOf(resource)} ${modal} be replaced, and cannot be now: ${said.happened}`,
    meaning: `${sentence(reason)} ${said.meaning} The key is left as it is until that is fixed${until}.`,
    remedy: said.remedy,
  };
}

export function willBeReplaced(resource: Resource, wanted: Configuration, reason: Reason): Message {
  const isOpen = reason.why === 'decided at apply';
  return {
    about: about(resource, resource.current?.id),
    happened: `${nameOf(resource)} ${isOpen ? 'may' : 'will'} be replaced by a new one`,
    meaning: sentences(
      sentence(reason),
      `A key's secret is shown only once, so ${isOpen ? 'it then' : 'apply'} creates a new key and delivers it.`,
      afterwards(resource, wanted),
    ),
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
  if (isInactive(current)) return `Key ${current.id} is deleted in the same apply.`;
  if (isOfUnknownStatus(current)) return `Key ${current.id} stays until AWS reports whether it is Active.`;
  if (overlapHours === 0) return `Then ${current.id} is deleted, in the same apply.`;
  return `Key ${current.id} stays valid for ${overlapHours} h more, and an apply after that deletes it.`;
}

function sentence(reason: Reason): string {
  switch (reason.why) {
    case 'gone':
      return 'Its current key is gone.';
    case 'never delivered':
      return 'This resource has never delivered its secret, and AWS does not show it again.';
    case 'pair lost':
      return 'Its secret is no longer where it was sent.';
    case 'not active':
      return `It is ${reason.status}: S3 refuses it.`;
    case 'other destination':
      return 'Its secret has another destination now, or another format there.';
    case 'other keepers':
      return 'Its keepers have changed.';
    case 'due':
      return `It has been due since ${instant(reason.since)}, ${reason.afterDays} days after it was made.`;
    case 'decided at apply':
      return `A part of its ${reason.open.join(' and ')} is known only at apply, which replaces the key if necessary.`;
  }
}

export function retirementIsOpen(resource: Resource, key: string): Message {
  return {
    about: about(resource, key),
    happened: `Whether key ${key} of bucket ${resource.bucket} is retired is decided at apply`,
    meaning: `Key ${resource.current?.id ?? ''} replaced it, and a part of rotation is known only then.`,
    remedy: null,
  };
}

export function stillInUse(
  resource: Resource,
  { rotation }: Configuration,
  key: string,
  { until, use }: Extract<Retirement, { kind: 'blocked' }>,
): Message {
  const hours = quietHours(rotation.policy);
  return {
    about: about(resource, key),
    happened: `Key ${key} of bucket ${resource.bucket} is still in use, and is not retired`,
    meaning: `Its overlap was over at ${instant(until)}, but it was ${describeUse(use)}, within the last ${hours} h.`,
    remedy: {
      text:
        `Give its consumers the pair of key ${resource.current?.id ?? ''}. ` +
        `The first apply after ${hours} hours without use deletes it; ` +
        `with rotation.on_still_used = "retire", in use or not.`,
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
    meaning: sentences(
      `Key ${resource.current?.id ?? ''} replaced it.`,
      whyRetired(why, quietHours(rotation.policy)),
      'Apply deletes it.',
    ),
    remedy: null,
  };
}

function whyRetired(due: Extract<Retirement, { kind: 'due' }>, hours: number): string {
  const refused = due.use ? `It was ${describeUse(due.use)}: S3 will refuse that consumer` : '';
  switch (due.why) {
    case 'inactive':
      return 'It is Inactive, so S3 refuses it already.';
    case 'no-overlap':
      return `rotation.overlap_hours = 0 gives it no time beside its successor, whether it is in use or not. ${refused ? `${refused}.` : 'No use of it was seen.'}`;
    case 'overlap-over':
      return `Its overlap is over since ${instant(due.since)}. ${refused ? `${refused}, as rotation.on_still_used = "retire" asks for.` : `It was not used within the last ${hours} h.`}`;
  }
}

export function leftoverWillBeDeleted({ bucket }: Pick<Resource, 'bucket'>, key: string): Message {
  return {
    about: { bucket, keys: [key] },
    happened: `Key ${key} of bucket ${bucket} will be deleted`,
    meaning:
      'This resource created it, and it is not the current key. ' +
      'An earlier run replaced it, had to withdraw it, or got no answer when it created it. ' +
      'S3 refuses its consumers after that, if it still has any.',
    remedy: null,
  };
}

/** Of a key that a run which died has made in place of one that goes with its resource. */
export function replacementWillBeDeleted(
  bucket: string,
  key: string,
  title: string,
  held: readonly string[],
): Message {
  return {
    about: { bucket, keys: [key, ...held] },
    happened: `Key ${key} of bucket ${bucket} will be deleted with ${held.join(' and ')}`,
    meaning: sentences(
      'A run that died, or could not finish, created it for this resource, and no state has taken it.',
      `The journal at ${title} proves that.`,
      'If its secret is there, it is removed, too.',
    ),
    remedy: null,
  };
}

export function hookWillRunAgain(resource: Resource): Message {
  return {
    about: about(resource, resource.current?.id),
    happened: `The after_create hook of key ${resource.current?.id ?? ''} of bucket ${resource.bucket} will be run again`,
    meaning:
      'After the key was created it failed, or the provider was killed before that could be noted. The key itself is good and delivered.',
    remedy: null,
  };
}

export function willBeAdopted(
  { keys: { bucket }, destination }: Scene,
  key: AccessKey,
  { asOf }: Listing,
  as: Adoption,
): Message {
  return {
    about: { bucket, keys: [key.id] },
    happened: `Key ${key.id} of bucket ${bucket} will be taken over from ${runOf(as)}`,
    meaning: sentences(
      `Its secret is at ${destination.title}${as === 'claimed' ? '.' : ', but no state has taken it.'}`,
      as === 'claimed' ? CLAIMED : '',
      'Apply adopts it and creates no second key.',
      `${describeKey(key, asOf)}.`,
    ),
    remedy: null,
  };
}

export function willBeFinished({ keys: { bucket }, destination }: Scene, key: AccessKey): Message {
  return {
    about: { bucket, keys: [key.id] },
    happened: `Key ${key.id} of bucket ${bucket} will be finished or deleted for a run that died`,
    meaning: sentences(
      `That run created it for ${destination.title} and has not delivered its secret.`,
      'Apply makes the pending secret current.',
      'Where the secret cannot be read back or S3 refuses it, apply deletes the key and creates another.',
    ),
    remedy: null,
  };
}

export function alteredWillBeDeleted({ keys: { bucket }, destination }: Scene, key: AccessKey): Message {
  return {
    about: { bucket, keys: [key.id] },
    happened: `Key ${key.id} of bucket ${bucket} will be deleted: its pair at ${destination.title} was altered`,
    meaning: sentences(
      'A run that died created it and delivered it, and the secret there is another one now.',
      'No state has taken it, and AWS does not show its secret again.',
      'Apply deletes it, creates another and delivers its pair there.',
    ),
    remedy: null,
  };
}

interface Newcomers {
  readonly intent: Intent;
  readonly keys: readonly AccessKey[];
  readonly asOf: Date;
  /** What proves that they are that run's: `exclusive` and its baseline, or what it has written down. */
  readonly proof: 'exclusive' | 'journal' | null;
}

export function appearedMeanwhile(
  { keys: { region } }: Scene,
  { intent, keys, asOf, proof }: Newcomers,
): Message {
  const { bucket } = intent;
  const run = `${describeHolder(intent.holder)}, ${intent.begunAt}`;
  const message = {
    about: { bucket, keys: keys.map(({ id }) => id) },
    happened: `Key ${ids(keys)} appeared on bucket ${bucket} during a run that could not finish`,
  };
  if (proof) {
    return {
      ...message,
      meaning: sentences(
        proof === 'exclusive'
          ? `That run (${run}) was creating a key, and exclusive = true says that no other resource does.`
          : `That run (${run}) or one before it created the key and gave it up, as the journal says.`,
        'Apply deletes it and creates another.',
        `${describeKeys(keys, asOf)}.`,
      ),
      remedy: null,
    };
  }
  return {
    ...message,
    meaning: sentences(
      `That run (${run}) was creating a key.`,
      'It may be the outcome, and then its secret is lost, or it belongs to an unknown owner.',
      'Nothing proves it, so it is left alone.',
      `${describeKeys(keys, asOf)}.`,
    ),
    remedy: {
      text: 'If no state has it and no consumer uses it, delete it with:',
      commands: deletionCommands({ bucket, region }, keys),
    },
  };
}

/** While the destination is not known, it may turn out to know one of the keys. */
export function perhapsNoFreeSlot({ said }: LifecycleError): Message {
  return framed(
    said,
    '',
    "Apply fails, unless the destination, which is not known yet, shows that one of them is this resource's.",
  );
}

export function replaceableOnlyByDestroying({ keys: { bucket }, destination }: Scene, key: string): Message {
  return {
    about: { bucket, keys: [key] },
    happened: `Key ${key} of bucket ${bucket} can only be replaced by destroying it first`,
    meaning: sentences(
      `${destination.title} could not be written while planning.`,
      'So an apply with create_before_destroy will not know that the pair there is its own, and will refuse.',
    ),
    remedy: { text: 'Plan with write access to it, or remove create_before_destroy.' },
  };
}

export function otherBucketMayGetKey(
  { keys }: Scene,
  { bucket, holder }: JournalEntry,
  lateWindow: LateWindow,
): Message {
  const { keys: named, happened, why } = describeLateWindow(bucket, lateWindow, `a run on ${holder.host}`);
  return {
    about: { bucket, keys: named },
    happened,
    meaning: sentences(
      ...why,
      `This resource creates keys of bucket ${keys.bucket} now and does not look there again.`,
    ),
    remedy: { text: 'Check with:', commands: [listingCommand(bucket, keys.region)] },
  };
}
