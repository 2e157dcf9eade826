import type { AccessKey, KeyPair } from '../access-key.js';
import { reasonOf, remedyBefore, remedyFor } from '../lifecycle-error.js';
import { sentences } from '../message.js';
import type { Message } from '../message.js';
import type { Holder } from '../journal/entry.js';
import type { BucketInRegion } from '../ports.js';
import { deletionCommand, describeHolder, describeOrigin } from '../wording.js';

/** The step at which a new key's pair failed to reach its consumers. */
export type FailedStep =
  | { readonly step: 'create'; readonly cause: string }
  | { readonly step: 'record' | 'stage' | 'promote'; readonly cause: unknown }
  | { readonly step: 'verify'; readonly seconds: number; readonly cause: string }
  | { readonly step: 'stopped'; readonly cause: string }
  /** Another run has the destination by now. */
  | { readonly step: 'taken over' }
  /** Its lease had expired before the promotion. */
  | { readonly step: 'late' }
  /** Of another run, which died on the way. */
  | { readonly step: 'died' };

export type NotAccepted = Extract<FailedStep, { step: 'verify' | 'stopped' }>;

/** A pair that was there already. */
export function pairNotAccepted(at: BucketInRegion, id: string, title: string, failed: NotAccepted): Message {
  const { what, cause, remedy } = explained(failed, title);
  return {
    about: { bucket: at.bucket, keys: [id] },
    happened: `Key ${id} of bucket ${at.bucket} was not taken over: ${what}`,
    meaning: `${reasonOf(cause)} The pair at ${title} may have been altered. Nothing was changed.`,
    remedy: {
      text: sentences(
        remedy,
        'If the pair is wrong and no consumer uses the key, delete it, then apply again:',
      ),
      commands: [deletionCommand(at.bucket, at.region, id)],
    },
  };
}

/** S3 has gone on denying access to it, so nothing says whether it works where its consumers are. */
export function acceptedWithoutAccess(
  { bucket, accessKeyId }: Pick<KeyPair, 'bucket' | 'accessKeyId'>,
  reason: string,
  seconds: number,
): Message {
  return {
    about: { bucket, keys: [accessKeyId] },
    happened: `S3 knows key ${accessKeyId} of bucket ${bucket} and denies it access, after ${seconds} s still`,
    meaning: sentences(
      reason,
      'The key is delivered all the same, because its signature was accepted.',
      'A VPC endpoint policy or an organization policy may deny access from this machine, or from everywhere.',
    ),
    remedy: { text: 'Check that the key works from where its consumers run.' },
  };
}

/** There is nowhere to put a secret. */
export function destinationNotWritable(bucket: string, title: string, cause: unknown): Message {
  return {
    about: { bucket, keys: [] },
    happened: `The secret of bucket ${bucket}'s key could not be kept: ${title} cannot be written`,
    meaning: `${reasonOf(cause)} AWS shows a secret only once, so no key was made.`,
    remedy: remedyFor(cause),
  };
}

export function journalNotBegun(bucket: string, title: string, cause: unknown): Message {
  return {
    about: { bucket, keys: [] },
    happened: `${title} cannot be written, so no key was made for bucket ${bucket}`,
    meaning: `${reasonOf(cause)} This provider never creates a key whose secret has nowhere to go.`,
    remedy: null,
  };
}

export function journalNotEnded(bucket: string, title: string, cause: unknown): Message {
  return {
    about: { bucket, keys: [] },
    happened: `The journal of ${title} for bucket ${bucket} cannot be written`,
    meaning: `${reasonOf(cause)} The key itself is not affected. The next plan compares the bucket's keys with what the journal still says.`,
    remedy: null,
  };
}

/** No refusal: the destination keeps what was there. */
export function valueOverwritten(bucket: string, title: string, kept: string): Message {
  return {
    about: { bucket, keys: [] },
    happened: `${title} holds a value that this provider did not write, and the pair of a key of bucket ${bucket} replaces it`,
    meaning: `The value is kept ${kept}.`,
    remedy: null,
  };
}

export function notAsBefore(bucket: string, key: string, title: string, remark: string): Message {
  return {
    about: { bucket, keys: [key] },
    happened: `The pair of key ${key} of bucket ${bucket} is delivered, and ${title} is not quite as it was`,
    meaning: `There, ${remark}.`,
    remedy: {
      text: 'Check that its consumers can read it. Only its owner may write a pair, and only owner and group may read it.',
    },
  };
}

/** To delete the key now could leave consumers with a dead pair. */
export function promotionUnknown(bucket: string, { id }: AccessKey, title: string, cause: unknown): Message {
  return {
    about: { bucket, keys: [id] },
    happened: `Cannot verify whether the secret of key ${id} of bucket ${bucket} is current at ${title}`,
    meaning: `${reasonOf(cause)} Then this provider could not read ${title} either. Consumers may use the key already, so it is kept.`,
    remedy: {
      text: 'Apply again: the key is taken over where its pair is current, and finished or deleted where it is not.',
    },
  };
}

/** Its lease had expired. What becomes of the key is that run's to say, and no state takes it from this one. */
export function takenOver(bucket: string, { id }: AccessKey, title: string, holder: Holder): Message {
  return {
    about: { bucket, keys: [id] },
    happened: `Key ${id} of bucket ${bucket} was made by this run and is another run's now: ${describeHolder(holder)}`,
    meaning: sentences(
      `This run took too long, and its lease on ${title} expired.`,
      `Another run ${describeOrigin(holder)} has taken the key over, and finishes or deletes it.`,
      'This run has left the key alone and does not put it into its state.',
    ),
    remedy: {
      text: 'If both runs are of one stack, plan again. If not, give each a destination of its own.',
    },
  };
}

export function deletedAgain(bucket: string, { id }: AccessKey, title: string, failed: FailedStep): Message {
  const { what, cause, remedy, isToFix = true } = explained(failed, title);
  const again = isToFix ? 'Fix the cause and apply again.' : 'Apply again.';
  return {
    about: { bucket, keys: [id] },
    happened: `${what}; key ${id} of bucket ${bucket} was deleted again`,
    meaning: `${reasonOf(cause)} Nothing of it remains; a pair that was delivered before stays.`,
    remedy: remedy === undefined ? remedyBefore(cause, again) : { text: sentences(remedy, again) },
  };
}

export function notDeletedAgain(
  bucket: string,
  { id }: AccessKey,
  title: string,
  failed: FailedStep,
  notDeleted: string,
): Message {
  const { what, cause } = explained(failed, title);
  return {
    about: { bucket, keys: [id] },
    happened: `${what}, and key ${id} of bucket ${bucket} could not be deleted`,
    meaning:
      `${reasonOf(cause)} Deleting the key failed too: ${notDeleted} Its secret is lost. ` +
      `The key is kept in the state as tainted, so that the next apply deletes it.`,
    remedy: remedyFor(cause),
  };
}

interface Explained {
  readonly what: string;
  readonly cause: unknown;
  /** Where the cause itself brings none. */
  readonly remedy?: string;
  readonly isToFix?: boolean;
}

function explained(failed: FailedStep, title: string): Explained {
  switch (failed.step) {
    case 'create':
      return { what: 'AWS reports that creating the key has failed', cause: failed.cause, isToFix: false };
    case 'record':
      return { what: NOT_RECORDED, cause: failed.cause };
    case 'taken over':
      return {
        what: `Another run has taken ${title} over`,
        cause: 'This run took too long, and its lease expired.',
        isToFix: false,
      };
    case 'stage':
      return { what: `${title} did not take the secret`, cause: failed.cause };
    case 'promote':
      return { what: `The secret could not be made current at ${title}`, cause: failed.cause };
    case 'verify':
      return {
        what: `S3 did not accept the key within ${failed.seconds} s`,
        cause: failed.cause,
        remedy:
          'Where this machine never reaches S3, set verify = false: this provider then delivers keys without trying them.',
      };
    case 'stopped':
      return {
        what: 'Stopped while S3 did not accept the key yet',
        cause: failed.cause,
        isToFix: false,
      };
    case 'late':
      return {
        what: `The secret was not yet at ${title} when this run's lease expired`,
        cause: 'The calls before took too long.',
      };
    case 'died':
      return {
        what: 'A run died before the secret was delivered',
        cause: 'Its pair cannot be read back.',
        isToFix: false,
      };
  }
}

const NOT_RECORDED = 'The journal entry of the key could not be written before its secret';
