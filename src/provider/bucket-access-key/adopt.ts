import { BUCKET_NAME } from '../../contract/names.js';
import { NOWHERE } from '../../destinations/nowhere.js';
import type { AccessKey } from '../../lifecycle/access-key.js';
import { LifecycleError } from '../../lifecycle/lifecycle-error.js';
import { listKeysIfThere } from '../../lifecycle/list-keys.js';
import { importOfHeld } from '../../lifecycle/messages/owners.js';
import type { BucketKeys, KeyContext } from '../../lifecycle/ports.js';
import { instant } from '../../lifecycle/wording.js';
import type { ManagedResource, ObjectValue } from '../../plugin/index.js';
import * as messages from '../messages.js';
import type { Session } from '../session.js';
import { diagnose, tell } from '../tell.js';
import { text } from '../values.js';
import { newMemory, writeMemory } from './memory.js';
import type { Memory } from './memory.js';
import { bucketAccessKeySchema } from './schema.js';
import { withDefaults } from './state.js';

export const importKey: NonNullable<ManagedResource<Session>['import']> = async (id, session, context) => {
  const nothing = { state: {} };
  const [, bucket = '', accessKeyId = ''] = ID.exec(id) ?? [];
  if (!BUCKET_NAME.test(bucket)) {
    tell(context, 'error', messages.notAnImportId(id));
    return nothing;
  }
  try {
    if (session.isIncomplete) throw new LifecycleError(messages.importTooEarly(bucket, accessKeyId));
    const { keys } = await session.keyContext(bucket, NOWHERE, context, { phase: 'plan' });
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

/** The AWS provider's form of the ID: `BUCKET,ACCESSKEYID`. */
const ID = /^([^,]+),(\w+)$/;

async function findKey(keys: BucketKeys, accessKeyId: string): Promise<AccessKey> {
  const listing = await listKeysIfThere(keys);
  if (!listing) {
    throw new LifecycleError(messages.importWithoutBucket(keys, accessKeyId), { subject: 'bucket' });
  }
  const key = listing.keys.find(({ id }) => id === accessKeyId);
  if (key) return key;
  throw new LifecycleError(messages.importWithoutKey(keys, accessKeyId, listing));
}

/**
 * Takes a key over from the AWS provider's resource. Only what is named here is taken: the secret that its state holds
 * goes nowhere. Terraform asks before the provider is configured, so the next refresh is the first look at the key.
 */
export const moveKey: NonNullable<ManagedResource<Session>['move']> = (
  { sourceProvider, sourceType, sourceState },
  _session,
  context,
) => {
  if (sourceType !== AWS_TYPE || !AWS_PROVIDER.test(sourceProvider)) {
    tell(context, 'error', messages.notMovable(sourceType, sourceProvider, AWS_TYPE));
    return Promise.resolve(undefined);
  }
  const named = (name: string) => textIn(sourceState, name);
  const bucket = named('bucket_name');
  const accessKeyId = named('access_key_id');
  if (bucket === null || !BUCKET_NAME.test(bucket) || accessKeyId === null) {
    tell(context, 'error', messages.movedStateLacksKey(AWS_TYPE));
    return Promise.resolve(undefined);
  }
  return Promise.resolve({
    state: adoptedState({
      bucket_name: bucket,
      access_key_id: accessKeyId,
      status: named('status'),
      created_at: instantIn(named('created_at')),
    }),
    // Version 6 of the AWS provider writes it down; before, only its own configuration told.
    privateData: writeMemory(newMemory({ region: named('region'), isUnseen: true })),
  });
};

/** Whatever registry it was installed from. */
const AWS_PROVIDER = /^[^/]+\/hashicorp\/aws$/;
const AWS_TYPE = 'aws_lightsail_bucket_access_key';

function textIn(state: unknown, name: string): string | null {
  if (typeof state !== 'object' || state === null) return null;
  const value = (state as Readonly<Record<string, unknown>>)[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

function instantIn(text: string | null): string | null {
  return text !== null && !Number.isNaN(Date.parse(text)) ? instant(new Date(text)) : null;
}

/**
 * The first look at a key that was moved, or of which is lost where it was made: taken for gone where it only is
 * elsewhere, it would be lost.
 */
export async function assertMovedFromHere(
  { keys }: KeyContext,
  state: ObjectValue,
  { isUnseen, isLost, region }: Memory,
): Promise<void> {
  const accessKeyId = text(state.access_key_id);
  if (accessKeyId === null) return;
  if (isLost && region === null && !(await listKeysIfThere(keys)))
    throw new LifecycleError(messages.placeLost(keys, accessKeyId), { subject: 'bucket' });
  if (!isUnseen) return;
  const listing = await listKeysIfThere(keys);
  if (listing?.keys.some(({ id }) => id === accessKeyId)) return;
  throw new LifecycleError(messages.movedFromElsewhere(keys, accessKeyId), { subject: 'bucket' });
}

/**
 * The state of a key that was made outside of Terraform. Its secret was never routed by this resource and cannot be had,
 * so nothing is said of a destination; a plan then says that the key is due.
 */
function adoptedState(key: {
  readonly bucket_name: string;
  readonly access_key_id: string;
  readonly status: string | null;
  readonly created_at: string | null;
}): ObjectValue {
  const { attributes, blocks } = bucketAccessKeySchema;
  const nothing = Object.fromEntries(Object.keys({ ...attributes, ...blocks }).map((name) => [name, null]));
  return withDefaults({ ...nothing, ...key });
}
