import type { AccessKey } from '../../lifecycle/access-key.js';
import { LifecycleError } from '../../lifecycle/lifecycle-error.js';
import { listKeysIfThere } from '../../lifecycle/list-keys.js';
import { importOfHeld } from '../../lifecycle/messages/owners.js';
import type { BucketKeys } from '../../lifecycle/ports.js';
import { instant } from '../../lifecycle/wording.js';
import type { ManagedResource } from '../../plugin/index.js';
import { isBucketName } from '../bucket-name.js';
import * as messages from '../messages.js';
import type { Session } from '../session.js';
import { tell } from '../tell.js';
import { adoptedState } from './adopted.js';
import { diagnose } from './diagnose.js';
import { newMemory, writeMemory } from './memory.js';

/** The AWS provider's form of the ID: `BUCKET,ACCESSKEYID`. */
const ID = /^([^,]+),(\w+)$/;

export const importKey: NonNullable<ManagedResource<Session>['import']> = async (id, session, context) => {
  const nothing = { state: {} };
  const [, bucket = '', accessKeyId = ''] = ID.exec(id) ?? [];
  if (!isBucketName(bucket)) {
    tell(context, 'error', messages.notAnImportId(id));
    return nothing;
  }
  try {
    if (session.isIncomplete) throw new LifecycleError(messages.importTooEarly(bucket, accessKeyId));
    const { keys } = await session.keyContext(bucket, { kind: 'none' }, context, { phase: 'plan' });
    const { status, createdAt } = await findKey(keys, accessKeyId);
    const memory = newMemory(await session.origin());
    if (!session.owners.imports(memory.resource, accessKeyId))
      throw new LifecycleError(importOfHeld(bucket, accessKeyId));
    return {
      state: adoptedState({
        bucket_name: bucket,
        access_key_id: accessKeyId,
        status,
        created_at: createdAt && instant(createdAt),
      }),
      privateData: writeMemory(memory),
    };
  } catch (error) {
    diagnose(error, context);
    return nothing;
  }
};

async function findKey(keys: BucketKeys, accessKeyId: string): Promise<AccessKey> {
  const listing = await listKeysIfThere(keys);
  if (!listing) {
    throw new LifecycleError(messages.importWithoutBucket(keys, accessKeyId), { subject: 'bucket' });
  }
  const key = listing.keys.find(({ id }) => id === accessKeyId);
  if (key) return key;
  throw new LifecycleError(messages.importWithoutKey(keys, accessKeyId, listing));
}
