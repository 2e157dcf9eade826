import type { AccessKey } from '../access-key.js';
import type { Holding } from '../destination.js';
import type { Holder, Intent } from '../journal/entry.js';
import { reasonOf, remedyFor } from '../lifecycle-error.js';
import { sentences } from '../message.js';
import type { Message } from '../message.js';
import type { BucketInRegion, LeftInFolder, Listing } from '../ports.js';
import { deletionCommands, describeHolder, describeKey, describeKeys, ids, instant } from '../wording.js';

export function bucketGone({ bucket, region }: BucketInRegion, accessKeyId: string): Message {
  return {
    about: { bucket, keys: [accessKeyId] },
    happened: `Bucket ${bucket} of key ${accessKeyId} does not exist any more`,
    meaning:
      `Either the bucket was deleted outside of Terraform, and its key with it, or the provider uses another region or account. ` +
      `It looked in ${region}, in the account of these credentials.`,
    remedy: {
      text: 'Check that first: if you apply, a new key is created and this one is no longer tracked.',
    },
  };
}

export function keyGone(bucket: string, accessKeyId: string, { keys, asOf }: Listing): Message {
  return {
    about: { bucket, keys: [accessKeyId] },
    happened: `Key ${accessKeyId} of bucket ${bucket} does not exist any more`,
    meaning:
      `It was deleted outside of Terraform, and S3 refuses its consumers. The plan makes a new key. ` +
      (keys.length > 0 ? `On the bucket: ${describeKeys(keys, asOf)}.` : 'The bucket holds no key.'),
    remedy: null,
  };
}

export function keyNotListedYet(bucket: string, key: AccessKey, asOf: Date): Message {
  return {
    about: { bucket, keys: [key.id] },
    happened: `Key ${key.id} of bucket ${bucket} is not listed yet`,
    meaning:
      `AWS made it less than five minutes ago (${key.createdAt ? `${instant(key.createdAt)}; ` : ''}it is ${instant(asOf)}), and lists of new keys may lag. ` +
      `It counts as alive.`,
    remedy: { text: 'Plan again in some minutes.' },
  };
}

export function keyInactive(bucket: string, key: AccessKey, asOf: Date): Message {
  return {
    about: { bucket, keys: [key.id] },
    happened: `Key ${key.id} of bucket ${bucket} is ${key.status}`,
    meaning:
      `S3 refuses its consumers, and no call of the API makes it Active again. The plan makes a new key. ` +
      `${describeKey(key, asOf)}.`,
    remedy: null,
  };
}

export function pairGone(
  bucket: string,
  accessKeyId: string,
  title: string,
  instead: Holding['current'],
): Message {
  return {
    about: { bucket, keys: [accessKeyId] },
    happened: `The secret of key ${accessKeyId} of bucket ${bucket} is no longer at ${title}`,
    meaning:
      `${found(instead, accessKeyId)}. The key itself is alive, but AWS does not show its secret again, ` +
      `so the plan replaces it with a new one.`,
    remedy: null,
  };
}

function found(current: Holding['current'], accessKeyId: string): string {
  if (!current) return 'Nothing is there';
  if (current.accessKeyId === accessKeyId)
    return 'Its pair is there, but with another secret than was delivered';
  return `Another value is there${current.accessKeyId === null ? '' : `, of key ${current.accessKeyId}`}`;
}

export function pairNotVerified(bucket: string, accessKeyId: string, title: string, cause: unknown): Message {
  return {
    about: { bucket, keys: [accessKeyId] },
    happened: `Cannot verify whether ${title} still holds the secret of key ${accessKeyId} of bucket ${bucket}`,
    meaning: `${reasonOf(cause)} The key is left as it is.`,
    remedy: remedyFor(cause),
  };
}

/** Damaged, or not to be trusted. */
export function journalUnreadable(
  bucket: string,
  accessKeyId: string,
  title: string,
  cause: unknown,
): Message {
  return {
    about: { bucket, keys: [accessKeyId] },
    happened: `The journal of ${title}, where key ${accessKeyId} of bucket ${bucket} was sent, cannot be relied on`,
    meaning:
      `${reasonOf(cause)} The key is left as it is, and so is its pair. ` +
      `This provider cannot tell whether a run that died has left another key. ` +
      `It refuses to make a key there, or to replace this one, until that is fixed.`,
    remedy: remedyFor(cause),
  };
}

export function appearedInAnotherRun(
  bucket: string,
  { holder, expiresAt }: Intent,
  title: string,
  keys: readonly AccessKey[],
): Message {
  return {
    about: { bucket, keys: keys.map(({ id }) => id) },
    happened: `Key ${ids(keys)} appeared on bucket ${bucket} while another run is making one: ${describeHolder(holder)}`,
    meaning: `That run has locked ${title} until ${expiresAt} at the latest.`,
    remedy: {
      text: 'If that run has died, plan after that time: the plan reports what will happen to the key.',
    },
  };
}

/** `other`: what the journal speaks of. */
export function journalOfOtherBucket(
  bucket: string,
  accessKeyId: string,
  title: string,
  other: { readonly bucket: string; readonly accessKeyId: string; readonly holder: Holder },
): Message {
  return {
    about: { bucket, keys: [accessKeyId, other.accessKeyId] },
    happened: `The journal of ${title}, where key ${accessKeyId} of bucket ${bucket} was sent, is about key ${other.accessKeyId} of bucket ${other.bucket}`,
    meaning:
      `A run of ${describeHolder(other.holder)} has written it, so another key may have the same destination. ` +
      `A journal proves nothing about another bucket, so that key is left alone.`,
    remedy: { text: 'Give each key a destination of its own.' },
  };
}

export function leftoverFound(bucket: string, keys: readonly AccessKey[], asOf: Date): Message {
  return {
    about: { bucket, keys: keys.map(({ id }) => id) },
    happened: `Key ${ids(keys)} on bucket ${bucket} was left by a run that could not finish`,
    meaning: `It belongs to this resource, and no consumer uses it: the next apply deletes it. ${describeKeys(keys, asOf)}.`,
    remedy: null,
  };
}

export function possibleLeftoverFound(at: BucketInRegion, keys: readonly AccessKey[], asOf: Date): Message {
  return {
    about: { bucket: at.bucket, keys: keys.map(({ id }) => id) },
    happened: `Key ${ids(keys)} on bucket ${at.bucket} may have been left by a run that could not finish`,
    meaning:
      `It appeared while a call without an answer could still take effect. ` +
      `Nothing proves whose it is, so it is left alone. ${describeKeys(keys, asOf)}.`,
    remedy: {
      text: 'If no state has it and no consumer uses it, delete it:',
      commands: deletionCommands(at, keys),
    },
  };
}

export function leftInFolder(
  at: BucketInRegion,
  left: LeftInFolder,
  keys: readonly AccessKey[],
  asOf: Date,
): Message {
  const isMade = left.key !== null;
  return {
    about: { bucket: at.bucket, keys: keys.map(({ id }) => id) },
    happened: `Key ${ids(keys)} on bucket ${at.bucket} ${isMade ? 'was' : 'may have been'} made by a run of this folder that has not ended in order`,
    meaning: sentences(
      !isMade && `That run asked for a key at ${instant(left.at)}, and died before it had an answer.`,
      'No resource that this run has read so far manages it.',
      'If its resource is still declared, its plan says what becomes of the key. Else it is left alone.',
      `${describeKeys(keys, asOf)}.`,
    ),
    remedy: {
      text: 'If no plan takes it over or deletes it, no state has it and no consumer uses it, delete it:',
      commands: deletionCommands(at, keys),
    },
  };
}

interface Replaced {
  readonly predecessor: AccessKey;
  readonly key: AccessKey;
  readonly title: string;
  readonly asOf: Date;
}

/** An update that was killed, an older state or an import has lost it. */
export function predecessorFound(at: BucketInRegion, { predecessor, key, title, asOf }: Replaced): Message {
  return {
    about: { bucket: at.bucket, keys: [predecessor.id, key.id] },
    happened: `Key ${predecessor.id} on bucket ${at.bucket} is alive, and key ${key.id} has replaced it`,
    meaning:
      `The journal at ${title} says so, and the state does not hold ${predecessor.id} any more, so no apply deletes it. ` +
      `Another state may have it. ${describeKey(predecessor, asOf)}.`,
    remedy: {
      text: 'If no state has it and no consumer uses it, delete it:',
      commands: deletionCommands(at, [predecessor]),
    },
  };
}

interface Lost {
  /** Keys of the bucket that no resource manages. */
  readonly unreported: readonly AccessKey[];
  readonly asOf: Date;
  /** ID of the key before. */
  readonly previous: string | null;
}

/** Terraform keeps the attributes of an update whose provider was killed, and not what lies beside them. */
export function notesLost(
  at: BucketInRegion,
  accessKeyId: string,
  { unreported, asOf, previous }: Lost,
): Message {
  const [one] = unreported;
  return {
    about: { bucket: at.bucket, keys: [accessKeyId, ...unreported.map(({ id }) => id)] },
    happened:
      `What was noted beside key ${accessKeyId} of bucket ${at.bucket} is lost` +
      (one ? `, and so is whose key ${ids(unreported)} is` : ''),
    meaning: sentences(
      'The provider was killed in an apply of this resource.',
      one &&
        `What it had still to delete may be among these keys, or they are another resource's or an unknown owner's: no resource that this run has read so far manages them, and no apply deletes them. ${describeKeys(unreported, asOf)}.`,
      previous !== null &&
        `The pair of key ${previous} may be left where it was, if that is another destination than now.`,
    ),
    remedy: one
      ? {
          text: 'If no state has it and no consumer uses it, delete it:',
          commands: deletionCommands(at, unreported),
        }
      : null,
  };
}

interface Newer {
  readonly newer: readonly AccessKey[];
  /** All of them; else one is a little older, and was listed later. */
  readonly isNewer: boolean;
  readonly than: AccessKey;
}

/**
 * Without a journal nothing tells of a run that died: its key can only be newer than the one in the state.
 * `title`: null where the secret of that key was never sent anywhere.
 */
export function newerKeyFound(
  bucket: string,
  { newer, isNewer, than: key }: Newer,
  title: string | null,
  { asOf, mayHavePair }: { readonly asOf: Date; readonly mayHavePair: boolean },
): Message {
  const since = isNewer ? 'is newer than key' : 'no list had shown before key';
  return {
    about: { bucket, keys: [...newer, key].map(({ id }) => id) },
    happened: `Bucket ${bucket} also holds key ${ids(newer)}, which ${since} ${key.id}${isNewer ? '' : ' was made'}`,
    meaning:
      `No resource that this run has read so far manages it, so another resource or an unknown owner may have made it. ` +
      `${title === null ? `The secret of key ${key.id} has no destination, and so there is no journal` : `There is no journal at ${title}`}: ` +
      `an interrupted run may have made it as well. ` +
      `It will not be deleted. ${describeKeys(newer, asOf)}.`,
    remedy: mayHavePair
      ? {
          text: `An interrupted run has perhaps given its pair to ${title ?? ''}, in the place of the pair of key ${key.id}. Unless you know that it has not, delete key ${ids(newer)}, and change rotation.keepers: the apply then delivers the pair of a new key.`,
        }
      : null,
  };
}

/** For an audit: the keys that neither the configuration declares nor this run manages. */
export function unmanagedFound(at: BucketInRegion, unmanaged: readonly AccessKey[], asOf: Date): Message {
  const imports = unmanaged.map(({ id }) => `"${at.bucket},${id}"`).join(' or ');
  return {
    about: { bucket: at.bucket, keys: unmanaged.map(({ id }) => id) },
    happened: `Bucket ${at.bucket} holds ${unmanaged.length === 1 ? 'a key' : 'keys'} that no resource declares: ${ids(unmanaged)}`,
    meaning:
      `${describeKeys(unmanaged, asOf)}. A key gives full access to the bucket's objects. ` +
      `Nothing proves whose it is, so it is left alone.`,
    remedy: {
      text:
        `If another stack manages it, give its ID to the audit. If it belongs here, import it as ${imports}. ` +
        `If no consumer uses it, delete it:`,
      commands: deletionCommands(at, unmanaged),
    },
  };
}
