import { sentences } from '../message.js';
import type { Message, Remedy } from '../message.js';

/** A new resource wants a key where the pair of this one lies. `isRemoved`: its own resource is planned to be destroyed. */
export function heldByAnother(bucket: string, key: string, isRemoved: boolean): Message {
  return {
    about: { bucket, keys: [key] },
    happened: `Key ${key} of bucket ${bucket} is held by another resource of this state`,
    meaning: sentences(
      "Its pair is at the destination of this resource's key.",
      isRemoved
        ? 'That resource is no longer in the configuration, and its key would be deleted with it.'
        : '',
      'Nothing was changed, and no key was made.',
    ),
    remedy: moved(
      isRemoved
        ? 'To destroy the old one, apply its removal first, without this resource.'
        : 'If both are wanted, give this one a destination of its own. To hand this one over, give the other resource another destination first, and apply that until its previous key is gone.',
    ),
  };
}

/** The same, said of the resource that has the key, which is planned second. */
export function wantedByNew(bucket: string, key: string, isRemoved: boolean): Message {
  return {
    about: { bucket, keys: [key] },
    happened: `Key ${key} of bucket ${bucket} is held by this resource, and a new one has the same destination`,
    meaning: sentences(
      isRemoved ? 'This resource is no longer in the configuration, so its key would be deleted.' : '',
      'The pair of the new key would replace this one. Nothing was changed.',
    ),
    remedy: moved(
      isRemoved
        ? 'To destroy the old one, apply its removal first, without the new one.'
        : 'If both are wanted, give the new one a destination of its own.',
    ),
  };
}

/**
 * Its own plan of the last day was to replace the key: the old object of a replacement that did not come to its end, or a
 * resource of another address. Terraform tells of neither.
 */
export function replacedWhereRemoved(bucket: string, key: string): Message {
  return {
    about: { bucket, keys: [key] },
    happened: `Key ${key} of bucket ${bucket} is deleted with the resource that is removed, and a new key replaces it`,
    meaning:
      'A plan of the last 24 hours would have replaced this key. If its apply was interrupted, this one does what is left.',
    remedy: moved('Then there is nothing else to do.'),
  };
}

export function importOfHeld(bucket: string, key: string): Message {
  return {
    about: { bucket, keys: [key] },
    happened: `Key ${key} of bucket ${bucket} cannot be imported: another resource of this state holds it`,
    meaning: 'A key of two resources would be deleted with either of them. Nothing was changed.',
    remedy: moved('Take the import out.'),
  };
}

/** The same, said of the resource that holds the key, which is planned second. */
export function importedByAnother(bucket: string, key: string): Message {
  return {
    about: { bucket, keys: [key] },
    happened: `Key ${key} of bucket ${bucket} is held by this resource, and another resource of this state imports it`,
    meaning: 'A key of two resources would be deleted with either of them. Nothing was changed.',
    remedy: moved('Take the import out.'),
  };
}

/** Both are in the state, and this one is planned second. */
export function deletedWithAnother(bucket: string, key: string): Message {
  return {
    about: { bucket, keys: [key] },
    happened: `Key ${key} of bucket ${bucket} is held by another resource of this state as well, whose plan deletes it`,
    meaning:
      'The key would be deleted, and this resource would be left with a dead one. Nothing was changed.',
    remedy: OUT_OF_ONE,
  };
}

export function heldTwice(bucket: string, key: string): Message {
  return {
    about: { bucket, keys: [key] },
    happened: `Key ${key} of bucket ${bucket} is held by two resources of this state`,
    meaning: 'As long as the other one keeps it, this one neither replaces nor deletes it.',
    remedy: OUT_OF_ONE,
  };
}

const OUT_OF_ONE: Remedy = {
  text: 'Take one of the two resources out of the state, which changes nothing else, then plan again:',
  commands: ['terraform state rm ADDRESS'],
};

function moved(otherwise: string): Remedy {
  return {
    text: `${otherwise} If it is the same resource under a new address, do not import its key: declare the move instead. In HCL add a moved block, or in CDKTF call moveFromId, then plan again:`,
    commands: [
      'moved {',
      '  from = lightsail_bucket_access_key.OLD',
      '  to   = lightsail_bucket_access_key.NEW',
      '}',
      'key.resource.moveFromId("lightsail_bucket_access_key.OLD");',
    ],
  };
}
