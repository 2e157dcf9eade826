import type { AccessKey } from '../lifecycle/access-key.js';
import { reasonOf, remedyFor } from '../lifecycle/lifecycle-error.js';
import type { Message } from '../lifecycle/message.js';
import type { BucketInRegion, Listing } from '../lifecycle/ports.js';
import { describeKeys, listingCommand } from '../lifecycle/wording.js';

/* What is not as Terraform, its configuration or its state would have it. The lifecycle has its own: every sentence
   about what becomes of a key. */

const UNTOUCHED = 'Nothing was changed, and no key is affected.';
const NOT_IMPORTED = 'Nothing was imported, and no key is affected.';

export function exclusiveTwice(bucket: string, resources: number): Message {
  return {
    about: { bucket, keys: [] },
    happened: `Bucket ${bucket} has ${resources} access keys in this configuration, and one of them claims it with exclusive = true`,
    meaning:
      `exclusive says that one resource alone makes keys on that bucket. ` +
      `On its word this provider deletes a key that appears during a call without an answer, and that could be the other one. ` +
      `Nothing was created or deleted.`,
    remedy: { text: 'Remove exclusive from all of them.' },
  };
}

/** At plan. */
export function programMissing(
  bucket: string | null,
  missing: {
    readonly event: 'after_create' | 'before_delete';
    readonly program: string;
    readonly reason: string;
  },
): Message {
  const { event, program, reason } = missing;
  const whose = bucket === null ? 'the key' : `the key of bucket ${bucket}`;
  const meaning = {
    after_create: 'The apply would make the key, and could not run this hook for it.',
    before_delete: 'Without it the key cannot be deleted, unless on_failure is "continue".',
  }[event];
  return {
    about: { bucket, keys: [] },
    happened: `The program of hooks.${event} is missing, for ${whose}`,
    meaning: `"${program}" ${reason}. ${meaning}`,
    remedy: { text: 'Install it where Terraform applies, or correct its name.' },
  };
}

/** What the configuration refers to has turned out to be null. */
export function nullAtApply(bucket: string | null): Message {
  return {
    about: { bucket, keys: [] },
    happened: bucket
      ? `The key of bucket ${bucket} has no destination for its secret`
      : 'The key has no bucket',
    meaning: 'A value that the configuration refers to is null. No key was created.',
    remedy: { text: 'Give bucket_name and one member of secret values that are never null.' },
  };
}

/** Terraform has not handed on the private data of the plan that precedes an apply, or made that plan too early. */
export function nothingDecided(bucket: string, accessKeyId: string | null): Message {
  return {
    about: { bucket, keys: accessKeyId === null ? [] : [accessKeyId] },
    happened: `What the plan has decided about ${accessKeyId === null ? 'the key' : `key ${accessKeyId}`} of bucket ${bucket} has not reached apply`,
    meaning: 'Nothing was changed.',
    remedy: { text: 'Plan and apply again. If it happens again, report it.' },
  };
}

export function notAnImportId(id: string): Message {
  return {
    about: { bucket: null, keys: [] },
    happened: `"${id}" is not the import ID of a bucket access key`,
    meaning: NOT_IMPORTED,
    remedy: {
      text:
        'Give the bucket and the key ID with a comma between them, such as uploads,AKIAIOSFODNN7EXAMPLE. ' +
        'This lists the IDs:',
      commands: ['aws lightsail get-bucket-access-keys --bucket-name BUCKET'],
    },
  };
}

export function importWithoutBucket({ bucket, region }: BucketInRegion, accessKeyId: string): Message {
  return {
    about: { bucket, keys: [accessKeyId] },
    happened: `Key ${accessKeyId} cannot be imported: there is no Lightsail bucket ${bucket} in ${region}`,
    meaning: NOT_IMPORTED,
    remedy: {
      text: "Check the bucket's name, and that the provider's region (or AWS_REGION, or the profile's) is the bucket's.",
    },
  };
}

export function importWithoutKey(
  { bucket, region }: BucketInRegion,
  accessKeyId: string,
  { keys, asOf }: Listing,
): Message {
  return {
    about: { bucket, keys: [accessKeyId] },
    happened: `Key ${accessKeyId} cannot be imported: it is not on bucket ${bucket} in ${region}, or not listed yet`,
    meaning: `${NOT_IMPORTED} ${held(keys, asOf)}`,
    remedy: {
      text:
        'If it was made in the last five minutes, it may not be listed yet: try again in a minute. ' +
        'Otherwise import one of those, or leave the import out and let the resource make a key.',
    },
  };
}

function held(keys: readonly AccessKey[], asOf: Date): string {
  return keys.length > 0 ? `On the bucket: ${describeKeys(keys, asOf)}.` : 'The bucket holds no key at all.';
}

export function importTooEarly(bucket: string, accessKeyId: string): Message {
  return {
    about: { bucket, keys: [accessKeyId] },
    happened: `Key ${accessKeyId} of bucket ${bucket} cannot be imported yet: the provider block is not wholly known`,
    meaning: NOT_IMPORTED,
    remedy: {
      text: 'Apply what the provider block refers to first, for instance with -target, or write its values down.',
    },
  };
}

export function notMovable(sourceType: string, sourceProvider: string, movableType: string): Message {
  return {
    about: { bucket: null, keys: [] },
    happened: `A ${sourceType} of ${sourceProvider} cannot become a bucket access key`,
    meaning: `${UNTOUCHED} Only the ${movableType} of hashicorp/aws can be moved here.`,
    remedy: {
      text: 'Remove the moved block. A key that exists is imported as "BUCKET,ACCESSKEYID".',
    },
  };
}

export function movedStateLacksKey(movableType: string): Message {
  return {
    about: { bucket: null, keys: [] },
    happened: `The state of the ${movableType} does not name a bucket and a key`,
    meaning: UNTOUCHED,
    remedy: {
      text:
        'Refresh that resource with the AWS provider first, ' +
        'or remove the moved block and import the key as "BUCKET,ACCESSKEYID".',
    },
  };
}

/** The first look at a key that was moved does not find it. */
export function movedFromElsewhere({ bucket, region }: BucketInRegion, accessKeyId: string): Message {
  return {
    about: { bucket, keys: [accessKeyId] },
    happened: `Key ${accessKeyId} cannot be moved here: it is not on bucket ${bucket} in ${region}`,
    meaning:
      `Either the key was deleted, or its bucket is in another region or account, ` +
      `which the AWS provider's state does not always record. Nothing was changed.`,
    remedy: {
      text:
        "Set this provider's region and credentials to the bucket's. " +
        'If the key is really gone, remove the moved block where there is still one, and take the resource out of the state:',
      commands: ['terraform state rm ADDRESS'],
    },
  };
}

/** An apply was killed, and nothing tells any more in which Region and account its key was made. */
export function placeLost({ bucket, region }: BucketInRegion, accessKeyId: string): Message {
  return {
    about: { bucket, keys: [accessKeyId] },
    happened: `Bucket ${bucket} of key ${accessKeyId} is not in ${region}, in the account of these credentials`,
    meaning:
      'The provider was killed in an apply of this resource, and in which Region and account the key was made is lost with it. ' +
      'So it may be alive elsewhere, and beside it a key of that apply. Nothing was changed.',
    remedy: {
      text:
        "Set this provider's region and credentials to the bucket's. " +
        'If the bucket is really gone, take the resource out of the state:',
      commands: ['terraform state rm ADDRESS'],
    },
  };
}

/** An apply was killed. `accessKeyId`: of the current key; null where there is none. */
export function deletedWithLostNotes(bucket: string, accessKeyId: string | null): Message {
  return {
    about: { bucket, keys: accessKeyId === null ? [] : [accessKeyId] },
    happened: `What was noted beside ${accessKeyId === null ? 'a key' : `key ${accessKeyId}`} of bucket ${bucket} is lost`,
    meaning:
      'The provider was killed in an apply of this resource. It is removed all the same. ' +
      'If an earlier key of it had another destination, its dead pair may be left there.',
    remedy: { text: 'Look for it there, and remove it.' },
  };
}

/** `accessKeyId`: of the current key; null where there is none. */
export function memoryUnreadable(bucket: string, accessKeyId: string | null, cause: unknown): Message {
  return {
    about: { bucket, keys: accessKeyId === null ? [] : [accessKeyId] },
    happened: `What this resource remembers of key ${accessKeyId ?? 'of no current ID'} of bucket ${bucket} cannot be read`,
    meaning:
      `${reasonOf(cause)} It records in which Region the key is and which keys still need deleting, ` +
      `so nothing was changed. A destroy does without it.`,
    remedy: remedyFor(cause),
  };
}

/** The same at a deletion, which goes on. */
export function deletedWithoutMemory(bucket: string, accessKeyId: string | null, cause: unknown): Message {
  return {
    about: { bucket, keys: accessKeyId === null ? [] : [accessKeyId] },
    happened: `Key ${accessKeyId ?? 'of no current ID'} of bucket ${bucket} is deleted without what its resource remembers of it`,
    meaning:
      `${reasonOf(cause)} It recorded in which Region and account the key was made. ` +
      `If that was in another than the provider is set to, the key is alive there. ` +
      `It also recorded which earlier keys still needed deleting, and where their pairs are.`,
    remedy: {
      text: 'Check that no key of it is left, in each Region and account that it may have been in:',
      commands: [listingCommand(bucket, 'REGION')],
    },
  };
}

/** AWS needs a Region before it can be asked anything. */
export function regionUnknown(bucket: string, cause: unknown): Message {
  return {
    about: { bucket, keys: [] },
    happened: `AWS cannot be asked about the keys of bucket ${bucket}`,
    meaning: `${reasonOf(cause)} Nothing was created or deleted.`,
    remedy: null,
  };
}

const LOST_ELSEWHERE =
  'Asked there, AWS would say that the key is gone, and this provider would lose track of it. Nothing was changed.';

export function madeInOtherRegion(bucket: string, madeIn: string, asked: string): Message {
  return {
    about: { bucket, keys: [] },
    happened: `The key of bucket ${bucket} was made in ${madeIn}, but the provider is set to ${asked}`,
    meaning: LOST_ELSEWHERE,
    remedy: { text: `Set the provider's region (or AWS_REGION, or the profile's) to ${madeIn}.` },
  };
}

export function madeInOtherAccount(bucket: string, madeIn: string, asked: string): Message {
  return {
    about: { bucket, keys: [] },
    happened: `The key of bucket ${bucket} was made in AWS account ${madeIn}, but these credentials are of account ${asked}`,
    meaning: LOST_ELSEWHERE,
    remedy: {
      text:
        `Use credentials of account ${madeIn}: check AWS_PROFILE, AWS_ACCESS_KEY_ID and the provider's assume_role. ` +
        `If that account is given up for good, take the key out of the state:`,
      commands: ['terraform state rm ADDRESS'],
    },
  };
}

export function auditWithoutBucket({ bucket, region }: BucketInRegion): Message {
  return {
    about: { bucket, keys: [] },
    happened: `The keys of bucket ${bucket} were not compared: there is no such bucket in ${region}`,
    meaning: 'This provider cannot verify whether it holds unmanaged keys.',
    remedy: {
      text:
        "Check the name and the provider's region. " +
        'If the bucket is still to be made, refer to its attribute instead of writing its name again.',
    },
  };
}

/** `finding`: what its plan has found, rendered for the state. */
export function auditNotPassed(bucket: string, finding: string): Message {
  return {
    about: { bucket, keys: [] },
    happened: `The keys of bucket ${bucket} do not pass the audit`,
    meaning: finding,
    remedy: null,
  };
}

export function auditOfNoBucket(): Message {
  return {
    about: { bucket: null, keys: [] },
    happened: 'The audit has no bucket',
    meaning: 'The value that bucket_name refers to is null. No keys were compared.',
    remedy: { text: 'Give it a value that is never null.' },
  };
}

export function listedTooEarly(bucket: string): Message {
  return {
    about: { bucket, keys: [] },
    happened: `The keys of bucket ${bucket} cannot be listed yet`,
    meaning:
      'Something in the provider block is only known after apply, and asking AWS without it might ask the wrong account. ' +
      'Nothing was asked.',
    remedy: {
      text:
        'Let the data source depend on what the provider block refers to (depends_on). ' +
        'Terraform then reads it during the apply.',
    },
  };
}

export function listingThrottled(
  buckets: number,
  seconds: number,
  throttled: number,
  atOnce: number,
): Message {
  return {
    about: { bucket: null, keys: [] },
    happened: `AWS throttles the listing of access keys: the first ${buckets} buckets took ${seconds} s`,
    meaning:
      `It asked ${throttled} times to slow down, so this provider asks for the rest more slowly, ${atOnce} at once. ` +
      `No key is affected. Other callers of Lightsail in this account and region use the same allowance.`,
    remedy: { text: 'You need not do anything. TF_LOG_PROVIDER=info shows the progress.' },
  };
}

/** Parameter Store takes a KMS key and a tier with a value only. */
export function atNextRotation(bucket: string, key: string, names: readonly string[]): Message {
  return {
    about: { bucket, keys: [key] },
    happened: `${names.join(' and ')} of the pair of key ${key} of bucket ${bucket} change at the next rotation`,
    meaning: 'AWS shows a secret only once, so the pair that is stored stays as it was stored.',
    remedy: { text: 'To have it at once, change rotation.keepers as well: that makes a new pair.' },
  };
}

/** Under `on_still_used = "block"`, what AWS shows late would be looked for too early. */
export function overlapTooShort(bucket: string | null, overlapHours: number, shownWithin: number): Message {
  return {
    about: { bucket, keys: [] },
    happened: `rotation.overlap_hours = ${overlapHours}${bucket === null ? '' : ` of bucket ${bucket}`} is shorter than AWS may take to show that a key is in use`,
    meaning:
      `AWS shows a use up to four hours later. The previous key is therefore deleted after ${shownWithin} hours without a use, ` +
      `or with on_still_used = "retire" after ${overlapHours}, in use or not.`,
    remedy: {
      text: `Set rotation.overlap_hours to ${shownWithin} or more, and longer than the pauses of your jobs.`,
    },
  };
}
