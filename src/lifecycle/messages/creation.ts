import type { AccessKey } from '../access-key.js';
import type { LateWindow } from '../journal/entry.js';
import { reasonOf } from '../lifecycle-error.js';
import { sentences } from '../message.js';
import type { Message, Remedy } from '../message.js';
import type { BucketInRegion } from '../ports.js';
import {
  auditCommand,
  deletionCommand,
  deletionCommands,
  describeKey,
  describeKeys,
  ids,
} from '../wording.js';

export function bucketMissing({ bucket, region }: BucketInRegion): Message {
  return {
    about: { bucket, keys: [] },
    happened: `There is no Lightsail bucket ${bucket} in ${region}`,
    meaning: 'No key was made.',
    remedy: {
      text:
        `Check the name and the region. If this configuration makes the bucket too, refer to its attribute, ` +
        `for instance aws_lightsail_bucket.NAME.name, instead of writing its name again. Terraform then makes the bucket first.`,
    },
  };
}

export function keysNotListed(bucket: string, cause: unknown): Message {
  return {
    about: { bucket, keys: [] },
    happened: `The access keys of bucket ${bucket} cannot be listed`,
    meaning: `${reasonOf(cause)} Without the list this provider creates and deletes nothing.`,
    remedy: null,
  };
}

export function listMissing(bucket: string, cause: unknown): Message {
  return {
    about: { bucket, keys: [] },
    happened: `AWS does not say which access keys bucket ${bucket} holds`,
    meaning:
      `${reasonOf(cause)} That is no empty list, so this provider takes no key for gone: ` +
      `it leaves the keys, the state and the secrets as they are.`,
    remedy: { text: 'Plan again later.' },
  };
}

/** A key that replaces nothing is made all the same: the bucket itself refuses a third one. */
export function madeWithoutList(bucket: string): Message {
  return {
    about: { bucket, keys: [] },
    happened: `AWS does not say which access keys bucket ${bucket} holds before one is made`,
    meaning:
      `The new key is made as if there were none; AWS refuses it where the bucket is full. ` +
      `This provider deletes no key for having appeared since.`,
    remedy: null,
  };
}

/** For whom there is no room. */
export interface Wanting {
  /** Keys of this configuration: no user is advised to delete one by hand. */
  readonly ours: Pick<ReadonlySet<string>, 'has'>;
  /** A rotation's key, a new resource's, or that of a resource all of whose own keys are still there. */
  readonly as: 'successor' | 'new' | 'replacement';
}

export function noFreeSlot(
  { bucket, region }: BucketInRegion,
  taking: readonly AccessKey[],
  asOf: Date,
  wanting: Wanting,
): Message {
  return {
    about: { bucket, keys: taking.map(({ id }) => id) },
    happened: `Bucket ${bucket} has no room for another access key: it holds ${ids(taking)}`,
    meaning: `A Lightsail bucket holds two keys at most, so no key was made. On the bucket: ${describeKeys(taking, asOf)}.`,
    remedy: roomMaking({ bucket, region }, taking, wanting),
  };
}

function roomMaking(
  { bucket, region }: BucketInRegion,
  taking: readonly AccessKey[],
  { ours, as }: Wanting,
): Remedy {
  const own = taking.filter(({ id }) => ours.has(id));
  const others = taking.filter(({ id }) => !ours.has(id));
  if (own.length === 0) {
    return {
      text: 'Delete one that no state has and no consumer uses, for instance with:',
      commands: [deletionCommand(bucket, region, 'ACCESSKEYID')],
    };
  }
  if (others.length > 0) {
    return {
      text: `${ids(own)} ${own.length === 1 ? 'is a key' : 'are keys'} of this configuration. If no state has ${ids(others)} and nothing uses it, delete it:`,
      commands: deletionCommands({ bucket, region }, others),
    };
  }
  if (as === 'replacement') {
    return {
      text:
        `All of them are this resource's own: delete none by hand. ` +
        `Wait until an apply has retired the previous key, then replace this one. ` +
        `Or leave out create_before_destroy: then its keys are deleted before the new one is made.`,
    };
  }
  if (as === 'new') {
    return {
      text:
        `All of them are keys of this configuration: delete none by hand. ` +
        `Give this resource a bucket of its own, or let its consumers share one of these keys.`,
    };
  }
  return {
    text:
      `All of them are keys of this configuration: delete none by hand. ` +
      `A rotation needs a free slot, so give one of their resources a bucket of its own. ` +
      `To have a new key now, which deletes the old one first and leaves its readers without one meanwhile:`,
    commands: ['terraform apply -replace=ADDRESS'],
  };
}

/** A key that was there before and that no resource of this process manages. */
export function unmanagedBeside({ bucket, region }: BucketInRegion, key: AccessKey, asOf: Date): Message {
  return {
    about: { bucket, keys: [key.id] },
    happened: `Bucket ${bucket} already holds key ${key.id}`,
    meaning:
      `${describeKey(key, asOf)}. No resource that this run has read manages it. ` +
      `It may be an unmanaged key, the key that this one replaces, or left by a run that died. ` +
      `It is left alone, and the new key is made beside it.`,
    remedy: {
      text: 'If no consumer uses it, delete it:',
      commands: deletionCommands({ bucket, region }, [key]),
    },
  };
}

export function stoppedBeforeCreate(bucket: string, isDoubtful: boolean): Message {
  return {
    about: { bucket, keys: [] },
    happened: `Stopped before a key was made on bucket ${bucket}`,
    meaning: isDoubtful
      ? 'A call that was sent before got no answer, so a key may still appear.'
      : 'No key was made.',
    remedy: { text: isDoubtful ? LOOKED_FOR : 'Apply again to make one.' },
  };
}

export function createRefused(bucket: string, reason: string, isDoubtful: boolean): Message {
  return {
    about: { bucket, keys: [] },
    happened: `Bucket ${bucket} got no access key: the call was refused`,
    meaning: `${reason} ${isDoubtful ? 'An earlier call got no answer, so a key may still appear.' : 'No key was made.'}`,
    remedy: isDoubtful ? { text: LOOKED_FOR } : null,
  };
}

export function createUnanswered(bucket: string, reason: string, times: number): Message {
  return {
    about: { bucket, keys: [] },
    happened: `Creating a key on bucket ${bucket} got no answer ${times === 1 ? 'once' : `${times} times`}`,
    meaning:
      `${reason} This provider listed the bucket's keys after each call, and none had been made so far. ` +
      `A late one may still appear within 15 minutes.`,
    remedy: { text: LOOKED_FOR },
  };
}

const LOOKED_FOR = 'The next plan looks for it.';

export function unansweredAndNotListed(bucket: string, reason: string, cause: unknown): Message {
  return {
    about: { bucket, keys: [] },
    happened: `Creating a key on bucket ${bucket} got no answer, and its keys cannot be listed`,
    meaning: `${reason} Then: ${reasonOf(cause)} A key may exist whose secret is lost.`,
    remedy: { text: 'The next plan lists the keys again and reports it.' },
  };
}

/** The reader judges whose the newcomers are: nothing proves that they are ours. */
export function unansweredAndAppeared(
  at: BucketInRegion,
  newcomers: readonly AccessKey[],
  asOf: Date,
  reason: string,
): Message {
  return {
    about: { bucket: at.bucket, keys: newcomers.map(({ id }) => id) },
    happened: `Creating a key on bucket ${at.bucket} got no answer, and key ${ids(newcomers)} has appeared since`,
    meaning: sentences(reason, unproven(newcomers, asOf)),
    remedy: withUnproven(at, newcomers, 'The next apply makes a key if there is room for one.'),
  };
}

/** Of a key that is proven to be the outcome of a call without an answer. */
export function orphanNotDeleted(bucket: string, { id }: AccessKey, cause: unknown): Message {
  return {
    about: { bucket, keys: [id] },
    happened: `Key ${id} on bucket ${bucket} was made by a call that got no answer, and cannot be deleted`,
    meaning: `${reasonOf(cause)} Its secret is lost, so no consumer uses it.`,
    remedy: { text: 'The next apply tries again to delete it.' },
  };
}

export function notListedYet(bucket: string, { id }: AccessKey): Message {
  return {
    about: { bucket, keys: [id] },
    happened: `Key ${id} of bucket ${bucket} is made, but not listed yet`,
    meaning: 'GetBucketAccessKeys has not shown it so far. Its secret is delivered.',
    remedy: { text: 'Plan again in some minutes.' },
  };
}

/** Every call was answered, so the newcomer is none of ours. */
export function unmanagedAppeared(bucket: string, newcomer: AccessKey, key: AccessKey): Message {
  return {
    about: { bucket, keys: [newcomer.id, key.id] },
    happened: appeared(bucket, newcomer, key),
    meaning:
      `AWS answered every call of this run, so another run, another provider configuration or an unknown owner made it. ` +
      `This provider did nothing to it.`,
    remedy: null,
  };
}

export function lateOrUnmanagedAppeared(
  at: BucketInRegion,
  newcomer: AccessKey,
  key: AccessKey,
  asOf: Date,
): Message {
  return {
    about: { bucket: at.bucket, keys: [newcomer.id, key.id] },
    happened: appeared(at.bucket, newcomer, key),
    meaning: sentences('A call of this run, or of one that died, got no answer.', unproven([newcomer], asOf)),
    remedy: withUnproven(at, [newcomer]),
  };
}

/** Where no journal keeps it for the next run. */
export function lateKeyMayAppear(at: BucketInRegion, { id }: AccessKey, { until }: LateWindow): Message {
  return {
    about: { bucket: at.bucket, keys: [id] },
    happened: `Bucket ${at.bucket} may still get an unmanaged key beside ${id}`,
    meaning:
      `A CreateBucketAccessKey request of this run got no answer and may still create a key until ${until}. ` +
      `That does not affect key ${id}. A later plan reports the other one.`,
    remedy: { text: `After ${until}, check with:`, commands: [auditCommand(at)] },
  };
}

function appeared(bucket: string, newcomer: AccessKey, key: AccessKey): string {
  return `Key ${newcomer.id} appeared on bucket ${bucket} while key ${key.id} was being made`;
}

function unproven(newcomers: readonly AccessKey[], asOf: Date): string {
  return (
    `It may be the outcome of that call, and then its secret is lost. Or an unknown owner made it at the same time. ` +
    `Nothing proves that it is this resource's, so it is not deleted. On the bucket: ${describeKeys(newcomers, asOf)}.`
  );
}

function withUnproven(at: BucketInRegion, newcomers: readonly AccessKey[], before = ''): Remedy {
  return {
    text: sentences(
      before,
      'With exclusive = true this provider may delete it by itself.',
      'If no state has it and no consumer uses it, delete it:',
    ),
    commands: deletionCommands(at, newcomers),
  };
}
