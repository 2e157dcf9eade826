import { LifecycleError } from '../../lifecycle/lifecycle-error.js';
import { listKeysIfThere } from '../../lifecycle/list-keys.js';
import type { KeyContext } from '../../lifecycle/ports.js';
import { instant } from '../../lifecycle/wording.js';
import type { ManagedResource, ObjectValue } from '../../plugin/index.js';
import { isBucketName } from '../bucket-name.js';
import * as messages from '../messages.js';
import type { Session } from '../session.js';
import { tell } from '../tell.js';
import { text } from '../values.js';
import { adoptedState } from './adopted.js';
import { newMemory, writeMemory } from './memory.js';
import type { Memory } from './memory.js';

/** Whatever registry it was installed from. */
const AWS_PROVIDER = /^[^/]+\/hashicorp\/aws$/;
const AWS_TYPE = 'aws_lightsail_bucket_access_key';

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
  if (bucket === null || !isBucketName(bucket) || accessKeyId === null) {
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

/** The first look at a key that was moved: taken for gone where it only is elsewhere, it would be lost. */
export async function assertMovedFromHere(
  { keys }: KeyContext,
  state: ObjectValue,
  { isUnseen }: Memory,
): Promise<void> {
  const accessKeyId = text(state.access_key_id);
  if (!isUnseen || accessKeyId === null) return;
  const listing = await listKeysIfThere(keys);
  if (listing?.keys.some(({ id }) => id === accessKeyId)) return;
  throw new LifecycleError(messages.movedFromElsewhere(keys, accessKeyId), { subject: 'bucket' });
}

function textIn(state: unknown, name: string): string | null {
  if (typeof state !== 'object' || state === null) return null;
  const value = (state as Readonly<Record<string, unknown>>)[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

function instantIn(text: string | null): string | null {
  return text !== null && !Number.isNaN(Date.parse(text)) ? instant(new Date(text)) : null;
}
