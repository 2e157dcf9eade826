import { shownUse, type StoredKey } from '../state/access-key.js';
import { MAX_KEYS_PER_BUCKET } from '../state/bucket.js';
import { type Context } from './context.js';
import { accessKeyId, epochSeconds, invalidInput } from './wire.js';

/** The one answer that ever carries the secret. */
export function createBucketAccessKey({ account, bucket, call, started }: Context): unknown {
  const owner = bucket();
  if (!owner.hasFreeSlot(account.clock.now())) {
    throw invalidInput(`You already have the maximum of ${MAX_KEYS_PER_BUCKET} access keys for this bucket.`);
  }
  const key = account.addKey(owner);
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

export function deleteBucketAccessKey({ account, bucket, input, call, started, gone }: Context): unknown {
  const owner = bucket();
  const id = accessKeyId(input);
  const key = owner.findKey(id);
  if (!key || Date.now() < key.knownFrom) throw gone('AccessKey', id);
  if (!call.faults.includes('no-effect')) {
    account.removeKey(owner, id);
    call.effect = true;
  }
  return { operations: [started('DeleteBucketAccessKey', owner)] };
}

export function getBucketAccessKeys({ account, bucket }: Context): unknown {
  const now = account.clock.now();
  return {
    accessKeys: bucket()
      .listedKeys(now)
      .map((key) => describe(key, now)),
  };
}

function describe(key: StoredKey, now: Date): unknown {
  const lastUsed = shownUse(key, now);
  return {
    accessKeyId: key.accessKeyId,
    status: key.status,
    createdAt: epochSeconds(key.createdAt),
    lastUsed: lastUsed
      ? {
          lastUsedDate: epochSeconds(lastUsed.date),
          region: lastUsed.region,
          serviceName: lastUsed.serviceName,
        }
      : { region: 'N/A', serviceName: 'N/A' },
  };
}
