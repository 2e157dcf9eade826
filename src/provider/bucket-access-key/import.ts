import type { AccessKey } from '../../lifecycle/access-key.js';
import { LifecycleError } from '../../lifecycle/lifecycle-error.js';
import { listKeysIfThere } from '../../lifecycle/list-keys.js';
import type { BucketKeys } from '../../lifecycle/ports.js';
import { describeKeys, instant } from '../../lifecycle/wording.js';
import type { ManagedResource } from '../../plugin/index.js';
import { isBucketName } from '../bucket-name.js';
import type { Session } from '../session.js';
import { adoptedState } from './adopted.js';
import { diagnose } from './diagnose.js';
import { NO_MEMORY, writeMemory } from './memory.js';

/** The AWS provider's form of the ID: `BUCKET,ACCESSKEYID`. */
const ID = /^([^,]+),(\w+)$/;

export const importKey: NonNullable<ManagedResource<Session>['import']> = async (id, session, context) => {
  const nothing = { state: {} };
  const [, bucket = '', accessKeyId = ''] = ID.exec(id) ?? [];
  if (!isBucketName(bucket)) {
    context.diagnostics.error(
      `"${id}" is not the import ID of a bucket access key`,
      'Nothing was imported, and no key is affected. Give the bucket and the key ID with a comma between them, such as uploads,AKIAIOSFODNN7EXAMPLE; aws lightsail get-bucket-access-keys --bucket-name BUCKET lists the IDs.',
    );
    return nothing;
  }
  try {
    if (session.isIncomplete) throw notKnown(bucket, accessKeyId);
    const { keys } = await session.world(bucket, { kind: 'none' }, context, { phase: 'plan' });
    const key = await findKey(keys, accessKeyId);
    const { status, createdAt } = key;
    return {
      state: adoptedState({
        bucket_name: bucket,
        access_key_id: accessKeyId,
        status,
        created_at: instant(createdAt),
      }),
      privateData: writeMemory({ ...NO_MEMORY, ...(await session.origin()) }),
    };
  } catch (error) {
    diagnose(error, context);
    return nothing;
  }
};

async function findKey(keys: BucketKeys, accessKeyId: string): Promise<AccessKey> {
  const { bucket, region } = keys;
  const listing = await listKeysIfThere(keys);
  if (!listing) {
    throw new LifecycleError(
      `Key ${accessKeyId} cannot be imported: there is no Lightsail bucket ${bucket} in ${region}`,
      "Nothing was imported, and no key is affected. Check the bucket's name, and that the provider's region (or AWS_REGION, or the profile's) is the bucket's.",
      { subject: 'bucket' },
    );
  }
  const key = listing.keys.find(({ id }) => id === accessKeyId);
  if (key) return key;
  const there = listing.keys.length > 0 ? describeKeys(listing.keys, listing.asOf) : 'no key at all';
  throw new LifecycleError(
    `Key ${accessKeyId} cannot be imported: it is not on bucket ${bucket} in ${region}`,
    `Nothing was imported, and no key is affected. The bucket holds ${there}. Import one of those, or leave the import out and let the resource make a key.`,
  );
}

function notKnown(bucket: string, accessKeyId: string): LifecycleError {
  return new LifecycleError(
    `Key ${accessKeyId} of bucket ${bucket} cannot be imported yet: the provider block is not wholly known`,
    'Nothing was imported, and no key is affected. Apply what the provider block refers to first, for instance with -target, or write its values down.',
  );
}
