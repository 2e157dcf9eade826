import { MAX_KEYS_PER_BUCKET } from '../state/bucket.js';
import { type StoredKey } from '../state/access-key.js';
import { type Context } from './context.js';
import { accessKeyId, invalidInput } from './input.js';
import { epochSeconds } from './wire.js';

/** The one answer that ever carries the secret. */
export function createBucketAccessKey({ account, bucket, call, started }: Context): unknown {
  const owner = bucket();
  if (!owner.hasFreeSlot) {
    throw invalidInput(`You already have the maximum of ${MAX_KEYS_PER_BUCKET} access keys for this bucket.`);
  }
  const key = owner.addKey(account.clock.now());
  call.accessKeyId = key.accessKeyId;
  call.effect = true;
  return {
    accessKey: {
      accessKeyId: key.accessKeyId,
      secretAccessKey: key.secretAccessKey,
      status: key.status,
      createdAt: epochSeconds(key.createdAt),
    },
    operations: [started('CreateBucketAccessKey', owner)],
  };
}

export function deleteBucketAccessKey({ bucket, input, call, started, gone }: Context): unknown {
  const owner = bucket();
  const id = accessKeyId(input);
  const key = owner.findKey(id);
  if (!key || Date.now() < key.knownFrom) throw gone('AccessKey', id);
  if (!call.faults.includes('no-effect')) {
    owner.removeKey(id);
    call.effect = true;
  }
  return { operations: [started('DeleteBucketAccessKey', owner)] };
}

export function getBucketAccessKeys({ bucket }: Context): unknown {
  const listed = bucket().keys.filter((key) => {
    if (key.unlistedCalls === 0) return true;
    key.unlistedCalls -= 1;
    return false;
  });
  return { accessKeys: listed.map(describe) };
}

function describe(key: StoredKey): unknown {
  return {
    accessKeyId: key.accessKeyId,
    status: key.status,
    createdAt: epochSeconds(key.createdAt),
    lastUsed: key.lastUsed
      ? {
          lastUsedDate: epochSeconds(key.lastUsed.date),
          region: key.lastUsed.region,
          serviceName: key.lastUsed.serviceName,
        }
      : { region: 'N/A', serviceName: 'N/A' },
  };
}
