import type { NotSettled } from '../acceptance.js';
import type { Doubt, Remaining } from '../decide-removal.js';
import type { LateWindow } from '../journal/entry.js';
import { reasonOf, remedyBefore, remedyFor } from '../lifecycle-error.js';
import { sentences } from '../message.js';
import type { Message } from '../message.js';
import type { BucketInRegion, Listing } from '../ports.js';
import type { Retirement } from '../rotation-policy.js';
import { undetermined } from './undetermined.js';
import {
  auditCommand,
  deletionCommand,
  describeHolder,
  describeKeys,
  describeUse,
  instant,
  listingCommand,
  describeLateWindow,
} from '../wording.js';

/** A key that the state has with its secret at the destination. */
export function keyNotDeleted(bucket: string, accessKeyId: string, title: string, cause: unknown): Message {
  return notDeleted(
    bucket,
    accessKeyId,
    `${reasonOf(cause)} It stays in the state, and so does its secret at ${title}.`,
  );
}

export function leftoverNotDeleted(bucket: string, accessKeyId: string, cause: unknown): Message {
  return notDeleted(
    bucket,
    accessKeyId,
    `${reasonOf(cause)} It stays valid for everyone who has its secret. This resource keeps its ID.`,
  );
}

/** It was to make room for its successor. */
export function inactiveNotDeleted(bucket: string, accessKeyId: string, cause: unknown): Message {
  return notDeleted(
    bucket,
    accessKeyId,
    `${reasonOf(cause)} It is Inactive and takes the slot that its successor needs, so no key was made.`,
  );
}

function notDeleted(bucket: string, accessKeyId: string, meaning: string): Message {
  return {
    about: { bucket, keys: [accessKeyId] },
    happened: `Key ${accessKeyId} of bucket ${bucket} could not be deleted`,
    meaning,
    remedy: { text: 'Apply again.' },
  };
}

export function valueLeft(bucket: string, accessKeyId: string, title: string): Message {
  return {
    about: { bucket, keys: [accessKeyId] },
    happened: `The value at ${title} was left there when key ${accessKeyId} of bucket ${bucket} was deleted`,
    meaning:
      `It is more than the pair that this provider wrote, so this provider does not remove it. ` +
      `The pair of the deleted key in it no longer works.`,
    remedy: null,
  };
}

export function pairLeft(bucket: string, accessKeyId: string, title: string, cause: unknown): Message {
  return {
    about: { bucket, keys: [accessKeyId] },
    happened: `The pair of key ${accessKeyId} of bucket ${bucket} is left behind at ${title}`,
    meaning: `The key is deleted, so the pair is worthless, but it could not be removed: ${reasonOf(cause)}`,
    remedy: remedyBefore(
      cause,
      'Where its resource is removed, no later apply removes the pair: do so by hand.',
    ),
  };
}

/** Damaged, or not to be trusted. */
export function journalLeft(
  { bucket, region }: BucketInRegion,
  accessKeyId: string,
  title: string,
  cause: unknown,
): Message {
  const { text, commands = [] } = remedyFor(cause) ?? { text: '' };
  return {
    about: { bucket, keys: [accessKeyId] },
    happened: `Key ${accessKeyId} of bucket ${bucket} is deleted, and the journal of ${title} is left as it is`,
    meaning:
      `${reasonOf(cause)} It may have listed another key, which a run that died has left on the bucket. ` +
      `This provider cannot tell, and has deleted no other.`,
    remedy: {
      text: sentences(
        commands.length > 0 ? 'The first of these lists the keys of the bucket.' : '',
        text,
        commands.length > 0 ? '' : 'This lists the keys of the bucket:',
      ),
      commands: [listingCommand(bucket, region), ...commands],
    },
  };
}

/** Why a previous key is not to be deleted after all. */
export type StillNeeded =
  | Exclude<Retirement, { kind: 'due' }>
  | NotSettled
  /** What consumers read cannot be told. */
  | { readonly kind: 'not verified'; readonly cause: unknown };

export function notRetired(bucket: string, accessKeyId: string, why: StillNeeded): Message {
  return {
    about: { bucket, keys: [accessKeyId] },
    happened: `Key ${accessKeyId} of bucket ${bucket} is not retired yet`,
    meaning: `${explained(why)} It stays valid, and a later apply deletes it.`,
    remedy: null,
  };
}

function explained(why: StillNeeded): string {
  switch (why.kind) {
    case 'blocked':
      return `It was ${describeUse(why.use)}, after the plan was made.`;
    case 'in overlap':
      return `Its overlap lasts until ${instant(why.until)}.`;
    case 'restored':
      return 'Consumers read its pair again: it has replaced the pair of the key that followed.';
    case 'successor unusable':
      return 'The key that has followed it is gone or Inactive, so consumers have no other key.';
    case 'successor not announced':
      return 'The after_create hook of the key that has followed it has not succeeded, so consumers still use this one.';
    case 'successor not settled':
      return notSettled(why);
    case 'undetermined':
      return `AWS's answer does not say ${undetermined(why.what)}.`;
    case 'not verified':
      return `Cannot verify whether its pair was put back: ${reasonOf(why.cause)}`;
  }
}

/** A working key, while S3 may not know the one that follows it everywhere. */
export function keyNotDeletedYet(
  bucket: string,
  accessKeyId: string,
  title: string,
  why: NotSettled,
): Message {
  return notDeleted(
    bucket,
    accessKeyId,
    `${notSettled(why)} It stays in the state and valid, and so does its secret at ${title}.`,
  );
}

function notSettled({ accessKeyId, why }: NotSettled): string {
  const within = why.step === 'verify' ? ` again within ${why.seconds} s` : ' again yet';
  return `S3 has not accepted key ${accessKeyId}, which is new on the bucket,${within}: ${why.cause}`;
}

/** Of a key that a run which died has made in place of one that has gone with its resource. */
export function replacementDeleted(
  bucket: string,
  key: string,
  title: string,
  held: readonly string[],
): Message {
  return {
    about: { bucket, keys: [key, ...held] },
    happened: `Key ${key} of bucket ${bucket} is deleted with ${held.join(' and ')}`,
    meaning: sentences(
      'A run that died, or could not finish, had created it for this resource, and no state had taken it.',
      `The journal at ${title} proved that.`,
    ),
    remedy: null,
  };
}

/** Another run has written to the journal since this one has read it. */
export function takenByAnother(at: BucketInRegion, keys: readonly string[], title: string): Message {
  return {
    about: { bucket: at.bucket, keys },
    happened: `Key ${keys.join(' and ')} of bucket ${at.bucket} is left to another run`,
    meaning: `That run has just taken it over at ${title}, so it is not deleted with this resource.`,
    remedy: { text: 'Once that run has ended, check with:', commands: [auditCommand(at)] },
  };
}

/** A resource has gone, and these keys have not. `listing`: those of them that the bucket shows. */
export function notOfThisResource(
  { region }: BucketInRegion,
  title: string,
  { bucket, keys, why }: Remaining,
  listing: Listing,
): Message {
  const named = keys.length > 0 ? `Key ${keys.join(' and ')} of bucket ${bucket}` : `Bucket ${bucket}`;
  const isAtWork = why.kind === 'at work';
  return {
    about: { bucket, keys },
    happened:
      keys.length > 0
        ? `${named} is not deleted with this resource`
        : `${named} may get a key that is not deleted with this resource`,
    meaning: sentences(
      doubtful(why, title),
      listing.keys.length > 0 ? `${describeKeys(listing.keys, listing.asOf)}.` : null,
    ),
    remedy:
      isAtWork || keys.length === 0
        ? {
            text: 'Once that run has ended, check with:',
            commands: [auditCommand({ bucket, region })],
          }
        : {
            text: 'If no state has it and no consumer uses it, delete it with:',
            commands: keys.map((id) => deletionCommand(bucket, region, id)),
          },
  };
}

function doubtful(why: Doubt, title: string): string {
  switch (why.kind) {
    case 'at work':
      return sentences(
        `${capital(describeHolder(why.holder))} has been creating a key for ${title} since ${why.since} and may still do so.`,
        why.until === undefined ? null : `It has locked ${title} until ${why.until} at the latest.`,
      );
    case 'another creation':
      return sentences(
        `${capital(describeHolder(why.holder))} began to create a key for ${title} at ${why.since}, and not in place of this resource's key.`,
        'It may belong to a replacement of this resource, or to another resource.',
      );
    case 'in a state':
      return sentences(
        `${capital(describeHolder(why.holder))} delivered its secret to ${title} at ${why.since}, and a state has taken it.`,
        'That may be a newer version of this state, or the state of another stack.',
      );
    case 'late':
      return sentences(
        'It appeared while a CreateBucketAccessKey request without an answer could still take effect.',
        "It may be the outcome of that request, or another resource's key.",
      );
    case 'forgotten':
      return sentences(
        'What was noted beside this resource is lost, because the provider was killed in an apply.',
        "It may be a key that this resource had still to delete, or an unknown owner's.",
      );
    case 'replaced':
      return sentences(
        `The journal of ${title} says that the key of this resource has replaced it, and the state does not hold it any more.`,
        'Another state may have it.',
      );
    case 'newer':
      return sentences(
        'It appeared after the key of this resource was made, and no resource that this run has read manages it.',
        'An interrupted run of this resource may have created it.',
        "It may also be another resource's.",
      );
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function lateKeyMayStillAppear(at: BucketInRegion, lateWindow: LateWindow): Message {
  const { keys, happened, why } = describeLateWindow(at.bucket, lateWindow, 'an earlier run');
  return {
    about: { bucket: at.bucket, keys },
    happened,
    meaning: sentences(...why, 'This resource is gone by then and does not look there again.'),
    remedy: { text: `After ${lateWindow.until}, check with:`, commands: [auditCommand(at)] },
  };
}

export function remainderUnknown(at: BucketInRegion, held: readonly string[], cause: unknown): Message {
  return {
    about: { bucket: at.bucket, keys: held },
    happened: `Whether a key remains on bucket ${at.bucket} beside ${held.join(' and ')} is not known`,
    meaning: sentences(
      reasonOf(cause),
      'An interrupted run may have left another key of this resource there.',
    ),
    remedy: { text: 'Check with:', commands: [auditCommand(at)] },
  };
}
