import { isOfUnknownStatus, NOT_TOLD, UNKNOWN_STATUS } from '../access-key.js';
import type { AccessKey } from '../access-key.js';
import { sentences } from '../message.js';
import type { Message } from '../message.js';
import type { BucketInRegion } from '../ports.js';
import type { Untold } from '../rotation-policy.js';
import type { ServiceTime } from '../service-time.js';
import { instant, listingCommand } from '../wording.js';

/** What an answer leaves out, in the middle of a sentence. */
export function untold(what: Untold): string {
  switch (what) {
    case 'the time':
      return 'a time that can be relied on';
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
export function untoldIn(
  at: BucketInRegion,
  { key, previous }: { readonly key: AccessKey; readonly previous: AccessKey | null },
  time: ServiceTime,
): Message[] {
  const listed = [key, ...(previous ? [previous] : [])].filter(({ isUnlisted }) => !isUnlisted);
  return [
    ...(time.doubt ? [timeNotKnown(at, key.id, time)] : []),
    ...listed.filter(isOfUnknownStatus).map((each) => statusNotKnown(at, each)),
    ...(key.createdAt === null ? [creationNotTold(at, key, previous)] : []),
    ...(previous?.lastUse === NOT_TOLD ? [useNotTold(at, previous)] : []),
  ];
}

function timeNotKnown(
  { bucket }: BucketInRegion,
  accessKeyId: string,
  { asOf, doubt }: ServiceTime,
): Message {
  const about = { bucket, keys: [accessKeyId] };
  const meaning =
    'Nothing is due in this run: no key is rotated for its age, and none retired after its overlap.';
  if (doubt?.kind === 'clocks differ') {
    return {
      about,
      happened: `The clocks of AWS and of this machine differ, so nothing is due for key ${accessKeyId} of bucket ${bucket}`,
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
    happened: `AWS did not tell the time, so nothing is due for key ${accessKeyId} of bucket ${bucket}`,
    meaning: sentences('The answer to GetBucketAccessKeys has no Date that can be read.', meaning),
    remedy: {
      text: "Check what answers at the endpoint of Lightsail: AWS sends a Date, and a proxy may leave it out. This machine's clock is not used instead.",
    },
  };
}

function statusNotKnown(at: BucketInRegion, { id, status }: AccessKey): Message {
  const { bucket, region } = at;
  return {
    about: { bucket, keys: [id] },
    happened:
      status === UNKNOWN_STATUS
        ? `AWS does not tell the status of key ${id} of bucket ${bucket}`
        : `Key ${id} of bucket ${bucket} has the status ${status}, which this version does not know`,
    meaning:
      'It stays as it is: it is neither rotated for its age nor retired. Nobody knows whether S3 accepts it.',
    remedy: {
      text: 'If consumers are refused, change rotation.keepers: that makes another key. This shows its status:',
      commands: [listingCommand(bucket, region)],
    },
  };
}

function creationNotTold(at: BucketInRegion, { id }: AccessKey, previous: AccessKey | null): Message {
  const { bucket, region } = at;
  return {
    about: { bucket, keys: [id] },
    happened: `AWS does not tell when key ${id} of bucket ${bucket} was made`,
    meaning: sentences(
      'Without its createdAt it is not due for rotation, however old it is.',
      previous && `Key ${previous.id}, which it has replaced, is not retired.`,
    ),
    remedy: { text: 'Plan again later. This shows the keys:', commands: [listingCommand(bucket, region)] },
  };
}

function useNotTold(at: BucketInRegion, { id }: AccessKey): Message {
  const { bucket, region } = at;
  return {
    about: { bucket, keys: [id] },
    happened: `AWS does not tell when key ${id} of bucket ${bucket} was last used`,
    meaning: 'Somebody may still use it, so it is not retired, unless rotation.on_still_used = "retire".',
    remedy: { text: 'Plan again later. This shows the keys:', commands: [listingCommand(bucket, region)] },
  };
}
