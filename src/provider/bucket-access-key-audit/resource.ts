import { ON_UNMANAGED_KEY } from '../../contract/limits.js';
import { ACCESS_KEY_ID } from '../../contract/names.js';
import type { CallContext, ManagedResource, ObjectValue } from '../../plugin/index.js';
import type { Session } from '../session.js';
import { validateBucketName } from '../shared-arguments.js';
import { strings, text } from '../values.js';

const work = () => import('../work.js');

/** It makes nothing: what it holds in the state is what it was last given. */
export const bucketAccessKeyAudit: ManagedResource<Session> = {
  schema: {
    version: 0,
    description:
      'Compares the access keys of an Amazon Lightsail bucket with those that are declared. Give it a postcondition with `condition = self.passed` and `error_message = self.finding`: it fails the plan, and not a destroy.',
    attributes: {
      bucket_name: {
        type: 'string',
        required: true,
        description:
          'Name of the bucket: 3 to 54 lowercase letters, digits and hyphens. Another name replaces the audit.',
      },
      managed_access_key_ids: {
        type: ['list', 'string'],
        required: true,
        nullElements: true,
        description:
          "IDs of the managed keys: each key's `access_key_id` and `previous_access_key_id`, and IDs of other stacks' keys. Null elements count as absent.",
      },
      on_unmanaged_key: {
        type: 'string',
        optional: true,
        computed: true,
        description:
          'Default: `fail`, which sets `passed` and fails an apply. `warn`: an unmanaged key is a warning.',
      },
      passed: {
        type: 'bool',
        computed: true,
        description: 'False where the bucket holds an unmanaged key. Always true with `warn`.',
      },
      finding: {
        type: 'string',
        computed: true,
        description: 'What was found and what to do about it; empty where the audit has passed.',
      },
    },
  },
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
  if (mode !== null && !ON_UNMANAGED_KEY.some((known) => known === mode)) {
    diagnostics.error(
      'on_unmanaged_key is neither fail nor warn',
      `It is ${JSON.stringify(mode)}, and nothing was compared. Give "fail" or "warn", or leave it out for "fail".`,
      ['on_unmanaged_key'],
    );
  }
}
