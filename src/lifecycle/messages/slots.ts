import type { Message, Remedy } from '../message.js';
import { sentences } from '../message.js';
import type { SlotUse } from '../slots.js';

/** One plan finds that those before it need the slots. `pair`: where the pair of its own key is to go. */
export function slotsAreTaken(
  bucket: string,
  pair: string,
  listed: readonly string[],
  others: readonly SlotUse[],
): Message {
  const keys = namedIn(others);
  return {
    about: { bucket, keys },
    happened: `Bucket ${bucket} has no room for the key of ${pair} beside ${others.map(nameOf).join(' and ')}`,
    meaning: sentences(
      'A Lightsail bucket holds two keys at most, and other resources of this plan need its slots.',
      listed.length > 0 ? `On the bucket now: ${listed.join(' and ')}.` : 'It holds no key now.',
      'No key was made.',
    ),
    remedy: BUCKET_OF_ITS_OWN,
  };
}

/** The new key finds room only if the others are applied in the right order, or go before it. */
export function roomDependsOnOrder(bucket: string, pair: string, others: readonly SlotUse[]): Message {
  return {
    about: { bucket, keys: namedIn(others) },
    happened: `Bucket ${bucket} has room for the key of ${pair} only after ${others.map(nameOf).join(' and ')}`,
    meaning: sentences(
      'Another resource of this plan frees a slot, or needs one for a moment.',
      'Terraform may apply the two in any order. In the wrong order an apply fails, because no slot is free.',
    ),
    remedy: {
      text:
        'Name the other resource in depends_on of the one that needs the slot, unless it is there already. ' +
        'If it is no longer in the configuration, apply its removal first:',
      commands: ['terraform apply -target=ADDRESS'],
    },
  };
}

/** Of keys that stay, while another resource whose plan came first is to have a new one on their bucket. */
export function noRoomForOther(bucket: string, others: readonly SlotUse[], wanting: SlotUse): Message {
  return {
    about: { bucket, keys: namedIn([...others, wanting]) },
    happened: `Bucket ${bucket} has no room for ${nameOf(wanting)} beside ${others.map(nameOf).join(' and ')}`,
    meaning: sentences(
      'A Lightsail bucket holds two keys at most, and the keys of this configuration take both slots.',
      'The apply of the other resource would be refused.',
    ),
    remedy: BUCKET_OF_ITS_OWN,
  };
}

/** Said once, when the first of the two is new. */
export function rotationNeedsASlot(bucket: string, mine: SlotUse, other: SlotUse): Message {
  return {
    about: { bucket, keys: namedIn([mine, other]) },
    happened: `Bucket ${bucket} has no room for rotations: it will hold ${nameOf(mine)} and ${nameOf(other)}`,
    meaning: sentences(
      'A rotation makes the new key beside the old one, and a Lightsail bucket holds two keys at most.',
      'With two resources on one bucket both slots are taken, so no rotation can take place.',
    ),
    remedy: BUCKET_OF_ITS_OWN,
  };
}

const BUCKET_OF_ITS_OWN: Remedy = {
  text: 'Give one of these resources a bucket of its own, or let both consumers share one key.',
};

function nameOf({ keys, makes, first }: SlotUse): string {
  const [key] = keys;
  if (key === undefined) return `the new key of ${makes ?? 'another resource'}`;
  if (makes !== null) return `key ${key} and its successor`;
  const going = first.map((id) => `key ${id}`).join(' and ');
  return going === '' ? keys.map((id) => `key ${id}`).join(' and ') : `the deletion of ${going}`;
}

function namedIn(others: readonly SlotUse[]): string[] {
  return others.flatMap(({ keys, makes, first }) => {
    if (makes !== null) return keys.slice(0, 1);
    return first.length > 0 ? first : keys;
  });
}
