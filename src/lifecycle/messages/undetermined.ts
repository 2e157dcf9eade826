import { isOfUnknownStatus, NOT_REPORTED, UNKNOWN_STATUS } from '../access-key.js';
import type { AccessKey } from '../access-key.js';
import { sentences } from '../message.js';
import type { Message } from '../message.js';
import type { BucketInRegion } from '../ports.js';
import type { Undetermined } from '../rotation-policy.js';
import type { ServiceTime } from '../service-time.js';
import { instant, listingCommand } from '../wording.js';

/** What an answer leaves out, in the middle of a sentence. */
export function undetermined(what: Undetermined): string {
  switch (what) {
    case 'the time':
      return 'a reliable time';
    case 'its status':
      return 'whether it is Active or Inactive';
    case "its successor's status":
      return 'whether its successor is Active or Inactive';
    case "its successor's time":
      return 'when its successor was made';
    case 'its last use':
      return 'when it was last used';
  }
}

/** What a list does not tell of a resource's keys: they stay as they are, and the user hears why. */
export function undeterminedIn(
  at: BucketInRegion,
  { key, previous }: { readonly key: AccessKey; readonly previous: AccessKey | null },
  time: ServiceTime,
): Message[] {
  const listed = [key, ...(previous ? [previous] : [])].filter(({ isUnlisted }) => !isUnlisted);
  return [
    ...(time.doubt ? [timeNotKnown(at, key.id, time)] : []),
    ...listed.filter(isOfUnknownStatus).map((each) => statusNotKnown(at, each, previous !== null)),
    ...(key.createdAt === null ? [creationNotReported(at, key, previous)] : []),
    ...(previous?.lastUse === NOT_REPORTED ? [useNotReported(at, previous)] : []),
  ];
}

function timeNotKnown(
  { bucket }: BucketInRegion,
  accessKeyId: string,
  { asOf, doubt }: ServiceTime,
): Message {
  // Summaries that are alike: Terraform shows the first, and how many more there are.
  const about = { bucket: null, keys: [] };
  const meaning =
    `No key is rotated for its age in this run, and none retired after its overlap: ` +
    `that includes key ${accessKeyId} of bucket ${bucket}.`;
  if (doubt?.kind === 'clocks differ') {
    return {
      about,
      happened: 'The clocks of AWS and of this machine differ, so nothing is due in this run',
      meaning: sentences(
        `The Date of AWS's answer is ${instant(asOf)}, and this machine's clock said ${instant(doubt.machine)}.`,
        meaning,
      ),
      remedy: {
        text: "Check this machine's clock first. If it is right, check what answers at the endpoint of Lightsail: a proxy may change the Date.",
      },
    };
  }
  return {
    about,
    happened: 'AWS did not report the time, so nothing is due in this run',
    meaning: sentences('The answer to GetBucketAccessKeys has no Date that can be read.', meaning),
    remedy: {
      text: "Check what answers at the endpoint of Lightsail: AWS sends a Date, and a proxy may leave it out. This machine's clock is not used instead.",
    },
  };
}

/** `isInOverlap`: both slots are the resource's, so that it has none for another key. */
function statusNotKnown(at: BucketInRegion, { id, status }: AccessKey, isInOverlap: boolean): Message {
  const { bucket, region } = at;
  return {
    about: { bucket, keys: [id] },
    happened:
      status === UNKNOWN_STATUS
        ? `AWS does not report the status of key ${id} of bucket ${bucket}`
        : `Key ${id} of bucket ${bucket} has the status ${status}, which this version does not know`,
    meaning:
      'It stays as it is: it is neither rotated for its age nor retired. S3 may accept it or refuse it.',
    remedy: {
      text: isInOverlap
        ? 'Plan again later. This shows its status:'
        : 'If S3 refuses its consumers, change rotation.keepers: that makes another key. This shows its status:',
      commands: [listingCommand(bucket, region)],
    },
  };
}

function creationNotReported(at: BucketInRegion, { id }: AccessKey, previous: AccessKey | null): Message {
  const { bucket, region } = at;
  return {
    about: { bucket, keys: [id] },
    happened: `AWS does not report when key ${id} of bucket ${bucket} was made`,
    meaning: sentences(
      'Without its createdAt it is not due for rotation, however old it is.',
      previous && `Key ${previous.id}, which it has replaced, is not retired.`,
    ),
    remedy: { text: 'Plan again later. This shows the keys:', commands: [listingCommand(bucket, region)] },
  };
}

function useNotReported(at: BucketInRegion, { id }: AccessKey): Message {
  const { bucket, region } = at;
  return {
    about: { bucket, keys: [id] },
    happened: `AWS does not report when key ${id} of bucket ${bucket} was last used`,
    meaning: 'It may still be in use, so it is not retired, unless rotation.on_still_used = "retire".',
    remedy: { text: 'Plan again later. This shows the keys:', commands: [listingCommand(bucket, region)] },
  };
}
