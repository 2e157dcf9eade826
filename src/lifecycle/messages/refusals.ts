import { isOfUnknownStatus } from '../access-key.js';
import type { AccessKey } from '../access-key.js';
import type { Intent, JournalEntry, Mark } from '../journal/entry.js';
import { UnreadableRecord } from '../journal/stored-record.js';
import { reasonOf, remedyFor } from '../lifecycle-error.js';
import { sentences } from '../message.js';
import type { Message } from '../message.js';
import type { BucketInRegion } from '../ports.js';
import type { Retirement } from '../rotation-policy.js';
import { undetermined } from './undetermined.js';
import type { Beside } from '../inspect.js';
import {
  deletionCommand,
  deletionCommands,
  describeHolder,
  describeOrigin,
  describeUse,
  ids,
  importCommand,
  instant,
} from '../wording.js';

export function anotherRunAtWork(intent: Intent, title: string, newcomers: readonly AccessKey[]): Message {
  const { bucket, holder, begunAt, expiresAt } = intent;
  return {
    about: { bucket, keys: [] },
    happened: `Another run is making a key for bucket ${bucket}: ${describeHolder(holder)}`,
    meaning: sentences(
      `It has locked ${title} since ${begunAt}, and no second key was made.`,
      newcomers.length > 0 ? `Since then ${ids(newcomers)} appeared on the bucket.` : '',
    ),
    remedy: {
      text: `Wait until it has ended, then plan again. If it crashed on another machine, the lock expires at ${expiresAt}.`,
    },
  };
}

/** Both had seen a free destination. `entry`: what the journal says by now. */
export function anotherRunFirst(bucket: string, title: string, entry: JournalEntry | null): Message {
  const run = entry ? `That run (${describeHolder(entry.holder)})` : 'That run';
  const done =
    entry?.phase === 'intent'
      ? 'is making a key for'
      : `has delivered ${entry ? `key ${entry.accessKeyId} of bucket ${entry.bucket}` : 'something'} to`;
  return {
    about: { bucket, keys: [] },
    happened: `Another run was first at ${title}, so no key was made for bucket ${bucket}`,
    meaning: `${run} ${done} this destination.`,
    remedy: { text: 'Wait until it has ended, then plan again.' },
  };
}

/** Its run died. */
export function leftAndUndetermined(at: BucketInRegion, key: AccessKey, title: string): Message {
  const { id, status } = key;
  const isStatus = isOfUnknownStatus(key);
  return {
    about: { bucket: at.bucket, keys: [id] },
    happened: `A run that died left key ${id} on bucket ${at.bucket}, and AWS does not report ${isStatus ? 'whether it is Active' : 'when it was made'}`,
    meaning: `${isStatus ? `Its status is ${status}` : 'Its creation time is missing'}, so it was neither finished for ${title} nor deleted, and no other key was made.`,
    remedy: {
      text: 'Plan again later. If AWS still does not report it, delete the key, then apply again:',
      commands: [deletionCommand(at.bucket, at.region, id)],
    },
  };
}

/** A key whose pair is lost, or was never delivered. */
export function notWithUnknownStatus(bucket: string, id: string, status: string): Message {
  return {
    about: { bucket, keys: [id] },
    happened: `No successor of key ${id} of bucket ${bucket} was made: AWS does not report whether it is Active`,
    meaning: `Its status is ${status}, and its pair is not at its destination. It stays as it is.`,
    remedy: { text: 'Plan again later, or change rotation.keepers, which makes another key at once.' },
  };
}

/** Other resources of the same state may still be read. */
const NOT_READ = 'no resource that this run has read so far manages it.';

interface Owned {
  readonly mark: Mark;
  readonly beside: Beside | null;
  /** ID of the key that it has replaced, where that is the one of this resource's state. */
  readonly follows?: string;
}

/** Some state holds the living key of this mark. `at`: whose key was to be put there. */
export function ownedByState(
  { mark, beside, follows }: Owned,
  title: string,
  { bucket, region }: BucketInRegion,
): Message {
  const { accessKeyId, holder, at } = mark;
  return {
    about: { bucket: mark.bucket, keys: [accessKeyId, ...idsOf(beside)] },
    happened: `${title} already holds key ${accessKeyId} of bucket ${mark.bucket}`,
    meaning: sentences(
      `That key is alive, and ${NOT_READ}`,
      follows !== undefined &&
        `It has replaced key ${follows}, which this state holds: an older state was put back, or the newer one was not saved.`,
      `Another stack owns this destination, or a run of this one whose state was not saved (${describeHolder(holder)}, ${at}).`,
      `Nothing was changed, and no key was made.`,
      beside && leftBeside(beside),
    ),
    remedy: {
      text: sentences(
        renamed(),
        leaveAlone(bucket),
        'If Terraform has left errored.tfstate, push it.',
        beside && deleteBeside(beside),
        follows !== undefined &&
          `Take the resource out of the state before you import. Key ${follows} is in no state then: the apply of the import names it.`,
        takeIt(),
      ),
      commands: [
        'terraform state push errored.tfstate',
        ...(follows === undefined ? [] : ['terraform state rm ADDRESS']),
        importCommand(mark.bucket, accessKeyId),
        ...besideCommands(beside, region),
      ],
    },
  };
}

/** Delivered, and it is unknown whether a state has taken it. `at`: whose key was to be put there. */
export function ownedByRun(
  { mark, beside }: Owned,
  title: string,
  { bucket, region }: BucketInRegion,
): Message {
  const { accessKeyId, holder, at, lateWindow } = mark;
  const isOfBucket = mark.bucket === bucket;
  const mayLand =
    lateWindow && !isOfBucket
      ? `Until ${lateWindow.until} bucket ${mark.bucket} may still get a key from a call without an answer.`
      : '';
  return {
    about: { bucket: mark.bucket, keys: [accessKeyId, ...idsOf(beside)] },
    happened: `${title} already holds key ${accessKeyId} of bucket ${mark.bucket}`,
    meaning: sentences(
      `That key is alive, and ${NOT_READ}`,
      `A run ${describeOrigin(holder)} delivered it at ${at} (process ${holder.pid}).`,
      `That run may still be in progress, its state may hold the key, or it died before that.`,
      `Nothing was changed, and no key was made for bucket ${bucket}.`,
      mayLand,
      beside && leftBeside(beside),
    ),
    remedy: isOfBucket
      ? {
          text: sentences(renamed(), leaveAlone(bucket), beside && deleteBeside(beside), takeIt()),
          commands: [importCommand(mark.bucket, accessKeyId), ...besideCommands(beside, region)],
        }
      : {
          text: sentences(
            leaveAlone(bucket),
            beside && deleteBeside(beside),
            'If no state has it and no consumer uses it, delete the key, then apply again:',
          ),
          commands: [deletionCommand(mark.bucket, region, accessKeyId), ...besideCommands(beside, region)],
        },
  };
}

function idsOf(beside: Beside | null): string[] {
  return (beside?.keys ?? []).map(({ id }) => id);
}

function deleteBeside({ keys }: Beside): string {
  return `If no state has ${ids(keys)} and no consumer uses it, delete it with the last command.`;
}

function besideCommands(beside: Beside | null, region: string): readonly string[] {
  return beside ? deletionCommands({ bucket: beside.bucket, region }, beside.keys) : [];
}

function renamed(): string {
  return 'If its resource was renamed, do not import it: add a moved block, or call moveFromId in CDKTF.';
}

function leaveAlone(bucket: string): string {
  return `If another stack owns it, give this key of bucket ${bucket} a destination of its own.`;
}

function takeIt(): string {
  return 'If it belongs here, import it: a pair that is there as it was delivered is taken over, and no new key is made:';
}

/** What lies there was put there by another writer. */
export function foreignValue(
  { bucket, region }: BucketInRegion,
  title: string,
  { beside, pairOf }: { readonly beside: Beside | null; readonly pairOf: AccessKey | null },
): Message {
  if (pairOf) return unmarkedPair({ bucket, region }, title, { beside, pairOf });
  return {
    about: { bucket, keys: [] },
    happened: `${title} holds something that this provider did not write, so no key of bucket ${bucket} can go there`,
    meaning: sentences(
      'The pair of the key would overwrite it, so nothing was changed and no key was made.',
      beside && leftBeside(beside),
    ),
    remedy: {
      text: sentences(
        'Move it away or delete it, or choose another destination.',
        beside &&
          `Once the destination is free, a plan says what will happen to ${ids(beside.keys)}. ` +
            `If no state has it and no consumer uses it, delete it:`,
      ),
      ...(beside && { commands: deletionCommands({ bucket: beside.bucket, region }, beside.keys) }),
    },
  };
}

/** Its journal was taken away, or another program has put it there. */
function unmarkedPair(
  { bucket, region }: BucketInRegion,
  title: string,
  { beside, pairOf: { id } }: { readonly beside: Beside | null; readonly pairOf: AccessKey },
): Message {
  return {
    about: { bucket, keys: [id, ...idsOf(beside)] },
    happened: `${title} already holds key ${id} of bucket ${bucket}`,
    meaning: sentences(
      'That key is alive, and its secret is there alone: AWS does not show it again.',
      'No journal there says who has put it, so nothing was changed and no key was made.',
      beside && leftBeside(beside),
    ),
    remedy: {
      text: sentences(leaveAlone(bucket), beside && deleteBeside(beside), takeIt()),
      commands: [importCommand(bucket, id), ...besideCommands(beside, region)],
    },
  };
}

function leftBeside({ bucket, keys, holder }: Beside): string {
  return (
    `The journal beside it is about ${ids(keys)} on bucket ${bucket}. ` +
    `The run of ${describeHolder(holder)} made it, or was making a key when it appeared. ` +
    `No state is known to hold it.`
  );
}

export function destinationNotReadable(bucket: string, title: string, cause: unknown): Message {
  return {
    about: { bucket, keys: [] },
    happened:
      cause instanceof UnreadableRecord
        ? `The journal of ${title} cannot be relied on, so no key of bucket ${bucket} can go there`
        : `The destination of the key of bucket ${bucket} cannot be read: ${title}`,
    meaning: `${reasonOf(cause)} No key was made.`,
    remedy: remedyFor(cause),
  };
}

/** The destination holds a pair of another bucket than its key is to be of. */
export function otherBucketNotListed(bucket: string, title: string, cause: unknown): Message {
  return {
    about: { bucket, keys: [] },
    happened: `The keys of bucket ${bucket} cannot be listed`,
    meaning:
      `There is a pair of that bucket at ${title}, so this provider must know whether its key is alive. ` +
      `${reasonOf(cause)} No key was made.`,
    remedy: {
      text: 'Allow lightsail:GetBucketAccessKeys on that bucket, or choose another destination.',
    },
  };
}

/** Both slots hold keys of this resource, and consumers may still use the older one. */
export function notDuringOverlap(
  bucket: string,
  { current, previous }: { readonly current: string; readonly previous: string },
  retirement: Exclude<Retirement, { kind: 'due' }>,
): Message {
  return {
    about: { bucket, keys: [current, previous] },
    happened: `Key ${current} of bucket ${bucket} cannot be replaced while key ${previous} is still valid`,
    meaning:
      `${whyValid(retirement, `Key ${previous}, which ${current} has replaced,`)} ` +
      `A Lightsail bucket holds two keys at most, so no key was made.`,
    remedy: {
      text:
        `${waysOut(retirement, previous)} ` +
        `If a key is compromised, set rotation.overlap_hours = 0 and change rotation.keepers. ` +
        `One apply then deletes ${previous}, delivers a new key and deletes ${current}.`,
    },
  };
}

function waysOut({ kind }: Retirement, previous: string): string {
  switch (kind) {
    case 'restored':
      return 'Put the newer pair back, or import the older key.';
    case 'successor not announced':
      return 'Fix the after_create hook first: the next apply runs it again.';
    default:
      return `Wait until ${previous} is deleted.`;
  }
}

function whyValid(retirement: Exclude<Retirement, { kind: 'due' }>, key: string): string {
  switch (retirement.kind) {
    case 'in overlap':
      return `${key} stays valid until ${instant(retirement.until)}. The first apply after that deletes it.`;
    case 'blocked':
      return `${key} was due for deletion at ${instant(retirement.until)}, but it was ${describeUse(retirement.use)}. An apply deletes it once it is no longer used.`;
    case 'restored':
      return `${key} is what consumers read again: its pair was put back.`;
    case 'successor unusable':
      return `${key} is the only one that consumers can use.`;
    case 'successor not announced':
      return `${key} is still in use: the after_create hook of its successor has not succeeded.`;
    case 'undetermined':
      return `${key} may still be in use: AWS's answer does not say ${undetermined(retirement.what)}.`;
  }
}
