import type { Schema } from '../../plugin/index.js';

export const bucketAccessKeyAuditSchema: Schema = {
  version: 0,
  description:
    'Compares the access keys of an Amazon Lightsail bucket with those that are declared. Give it a postcondition with `condition = self.passed` and `error_message = self.finding`: it fails the plan, and not a destroy.',
  attributes: {
    bucket_name: {
      type: 'string',
      required: true,
      description: 'Name of the bucket. Another name replaces the audit.',
    },
    managed_access_key_ids: {
      type: ['list', 'string'],
      required: true,
      nullElements: true,
      description:
        "IDs of the keys that somebody manages: each key's `access_key_id` and `previous_access_key_id`, and IDs of other stacks' keys. Null elements count as absent.",
    },
    on_unmanaged_key: {
      type: 'string',
      optional: true,
      computed: true,
      description:
        'Default: `fail`, which sets `passed` and fails an apply. `warn`: a key that nobody declared is a warning.',
    },
    passed: {
      type: 'bool',
      computed: true,
      description: 'False where a key was found that nobody declared. Always true with `warn`.',
    },
    finding: {
      type: 'string',
      computed: true,
      description: 'What was found and what to do about it; empty where the audit has passed.',
    },
  },
};
