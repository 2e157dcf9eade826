import type { ManagedResource } from '../../plugin/index.js';
import { isBucketName } from '../bucket-name.js';
import type { Session } from '../session.js';
import { adoptedState } from './adopted.js';
import { NO_MEMORY, writeMemory } from './memory.js';

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
  { diagnostics },
) => {
  if (sourceType !== AWS_TYPE || !AWS_PROVIDER.test(sourceProvider)) {
    diagnostics.error(
      `A ${sourceType} of ${sourceProvider} cannot become a bucket access key`,
      `Nothing was changed, and no key is affected. Only the ${AWS_TYPE} of hashicorp/aws can be moved here. Remove the moved block; a key that exists is imported as "BUCKET,ACCESSKEYID".`,
    );
    return Promise.resolve(undefined);
  }
  const named = (name: string) => textIn(sourceState, name);
  const bucket = named('bucket_name');
  const accessKeyId = named('access_key_id');
  if (bucket === null || !isBucketName(bucket) || accessKeyId === null) {
    diagnostics.error(
      `The state of the ${AWS_TYPE} does not name a bucket and a key`,
      'Nothing was changed, and no key is affected. Refresh that resource with the AWS provider first, or remove the moved block and import the key as "BUCKET,ACCESSKEYID".',
    );
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
    privateData: writeMemory({ ...NO_MEMORY, region: named('region') }),
  });
};

function textIn(state: unknown, name: string): string | null {
  if (typeof state !== 'object' || state === null) return null;
  const value = (state as Readonly<Record<string, unknown>>)[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

function instantIn(text: string | null): string | null {
  return text !== null && !Number.isNaN(Date.parse(text)) ? text : null;
}
