import { reasonOf, remedyFor } from '../lifecycle-error.js';
import { sentences } from '../message.js';
import type { Message } from '../message.js';

export function adopted(bucket: string, accessKeyId: string, title: string): Message {
  return {
    about: { bucket, keys: [accessKeyId] },
    happened: `Key ${accessKeyId} of bucket ${bucket} was taken over from a run that died`,
    meaning:
      `That run had made it and delivered its secret to ${title}, but no state had taken it. ` +
      `It is this resource's key from now on, and no second key was made.`,
    remedy: null,
  };
}

export function notAdopted(bucket: string, accessKeyId: string, title: string, cause: unknown): Message {
  return {
    about: { bucket, keys: [accessKeyId] },
    happened: `Key ${accessKeyId} of bucket ${bucket} could not be taken over from a run that died`,
    meaning: `${reasonOf(cause)} The key is alive and its secret is at ${title}. Nothing was changed.`,
    remedy: { text: sentences(remedyFor(cause)?.text, 'Apply again.') },
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
    remedy: { text: sentences(remedyFor(cause)?.text, 'Plan again.') },
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
