import { reasonOf, remedyFor } from '../lifecycle-error.js';
import type { Message } from '../message.js';
import type { Retirement } from '../rotation-policy.js';
import { describeUse, instant } from '../wording.js';

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
    `${reasonOf(cause)} It is alive, and whoever has its secret can use it. This resource keeps its ID.`,
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
    happened: `What is at ${title} was left there when key ${accessKeyId} of bucket ${bucket} was deleted`,
    meaning:
      `It is not just the pair that this provider has put there, so this provider does not remove it. ` +
      `Whatever it holds of that key is worthless now.`,
    remedy: null,
  };
}

export function pairLeft(bucket: string, accessKeyId: string, title: string, cause: unknown): Message {
  return {
    about: { bucket, keys: [accessKeyId] },
    happened: `The pair of key ${accessKeyId} of bucket ${bucket} is left behind at ${title}`,
    meaning: `The key is deleted, so the pair is worthless, but it could not be removed: ${reasonOf(cause)}`,
    remedy: remedyFor(cause),
  };
}

/** Why a previous key is not to be deleted after all. */
export type StillNeeded =
  | Exclude<Retirement, { kind: 'due' }>
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
      return 'Its pair is what consumers read: it was put back in the place of the one that followed.';
    case 'not verified':
      return `Cannot verify whether its pair was put back: ${reasonOf(why.cause)}`;
  }
}
