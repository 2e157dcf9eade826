import type { AccessKey } from '../access-key.js';
import type { Holder } from '../journal/entry.js';
import type { Adoption } from '../journal/lease.js';
import { reasonOf, remedyBefore } from '../lifecycle-error.js';
import { sentences } from '../message.js';
import type { Message } from '../message.js';
import type { BucketInRegion } from '../ports.js';
import { CLAIMED, deletionCommands, describeHolder, ids, runOf } from '../wording.js';

export function adopted(bucket: string, accessKeyId: string, title: string, as: Adoption): Message {
  return {
    about: { bucket, keys: [accessKeyId] },
    happened: `Key ${accessKeyId} of bucket ${bucket} was taken over from ${runOf(as)}`,
    meaning: sentences(
      `That run had made it and delivered its secret to ${title}${as === 'claimed' ? '.' : ', but no state had taken it.'}`,
      as === 'claimed' ? CLAIMED : '',
      'It belongs to this resource from now on, and no second key was made.',
    ),
    remedy: null,
  };
}

export function notAdopted(
  bucket: string,
  accessKeyId: string,
  title: string,
  { as, cause }: { readonly as: Adoption; readonly cause: unknown },
): Message {
  return {
    about: { bucket, keys: [accessKeyId] },
    happened: `Key ${accessKeyId} of bucket ${bucket} could not be taken over from ${runOf(as)}`,
    meaning: `${reasonOf(cause)} The key is alive and its secret is at ${title}. Nothing was changed.`,
    remedy: remedyBefore(cause, 'Apply again.'),
  };
}

export function finished(bucket: string, accessKeyId: string, title: string): Message {
  return {
    about: { bucket, keys: [accessKeyId] },
    happened: `Key ${accessKeyId} of bucket ${bucket} was finished for a run that died`,
    meaning: `Its secret was pending at ${title} and is current now. No second key was made.`,
    remedy: null,
  };
}

/** AWS has accepted its deletion. */
export function givenUpUnlisted(bucket: string, accessKeyId: string): Message {
  return {
    about: { bucket, keys: [accessKeyId] },
    happened: `Key ${accessKeyId} of bucket ${bucket} was deleted for a run that died, and no list has ever shown it`,
    meaning:
      'That run may have deleted it already. If a list shows it yet, a plan of the next quarter of an hour says so, ' +
      'and its apply deletes the key.',
    remedy: null,
  };
}

/** The journal of this destination leads to them, and is no proof on another bucket than its own. */
export function leftOnOtherBucket(
  at: BucketInRegion,
  keys: readonly AccessKey[],
  title: string,
  holder: Holder,
): Message {
  return {
    about: { bucket: at.bucket, keys: keys.map(({ id }) => id) },
    happened: `Key ${ids(keys)} on bucket ${at.bucket} was left alone`,
    meaning:
      `The journal of ${title} says that a run of ${describeHolder(holder)} was making a key there and could not finish. ` +
      `What it says of another bucket proves nothing, so this provider deletes no key there.`,
    remedy: {
      text: 'If no state has it and no consumer uses it, delete it:',
      commands: deletionCommands(at, keys),
    },
  };
}

/** Why the pair of a key that the state holds cannot be taken over after all. */
export type NotInPlace =
  | { readonly kind: 'key gone' | 'another value' }
  | { readonly kind: 'refused'; readonly status: string }
  | { readonly kind: 'failed'; readonly cause: unknown };

export function pairNotTakenOver(
  bucket: string,
  accessKeyId: string,
  title: string,
  why: NotInPlace,
): Message {
  const cause = why.kind === 'failed' ? why.cause : undefined;
  return {
    about: { bucket, keys: [accessKeyId] },
    happened: `The pair of key ${accessKeyId} of bucket ${bucket} could not be taken over at ${title}`,
    meaning: `${explained(why)} Nothing was changed.`,
    remedy: remedyBefore(cause, 'Plan again.'),
  };
}

function explained(why: NotInPlace): string {
  switch (why.kind) {
    case 'key gone':
      return 'The key itself is gone.';
    case 'refused':
      return `The key is ${why.status}: S3 refuses it.`;
    case 'another value':
      return 'Another value is there now.';
    case 'failed':
      return reasonOf(why.cause);
  }
}

export function unexpectedError(bucket: string, cause: unknown): Message {
  return {
    about: { bucket, keys: [] },
    happened: `An unexpected error has ended the work on the keys of bucket ${bucket}`,
    meaning: `${reasonOf(cause)} What was done before it is in the state.`,
    remedy: { text: 'Apply again. If it happens again, report it.' },
  };
}
