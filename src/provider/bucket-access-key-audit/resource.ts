import type { CallContext, ManagedResource, ObjectValue } from '../../plugin/index.js';
import { validateBucketName } from '../bucket-name.js';
import type { Session } from '../session.js';
import { strings, text } from '../values.js';
import { bucketAccessKeyAuditSchema } from './schema.js';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_AccessKey.html */
const ACCESS_KEY_ID = /^\w{16,128}$/;

const work = () => import('../work.js');

/** It makes nothing: what it holds in the state is what it was last given. */
export const bucketAccessKeyAudit: ManagedResource<Session> = {
  schema: bucketAccessKeyAuditSchema,
  validate,
  read: ({ state, privateData }) => Promise.resolve({ state, privateData }),
  plan: async (...call) => (await work()).planAudit(...call),
  create: async (...call) => (await work()).createAudit(...call),
  update: async (...call) => (await work()).updateAudit(...call),
  delete: () => Promise.resolve(undefined),
};

function validate(config: ObjectValue, { diagnostics }: CallContext): void {
  validateBucketName(config.bucket_name, ['bucket_name'], diagnostics);
  for (const id of strings(config.managed_access_key_ids) ?? []) {
    if (ACCESS_KEY_ID.test(id)) continue;
    diagnostics.error(
      `${JSON.stringify(id)} is not the ID of an access key`,
      'An ID has 16 to 128 letters and digits, such as AKIAIOSFODNN7EXAMPLE. No key has this one, so the key that was meant would count as unmanaged. Give the ID as Lightsail lists it.',
      ['managed_access_key_ids'],
    );
  }
  const mode = text(config.on_unmanaged_key);
  if (mode !== null && mode !== 'fail' && mode !== 'warn') {
    diagnostics.error(
      'on_unmanaged_key is neither fail nor warn',
      `It is ${JSON.stringify(mode)}, and nothing was compared. Give "fail" or "warn", or leave it out for "fail".`,
      ['on_unmanaged_key'],
    );
  }
}
