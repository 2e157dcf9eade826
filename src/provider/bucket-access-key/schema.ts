import type { Schema } from '../../plugin/index.js';
import { hooks, rotation } from './rotation-schema.js';
import { secretMembers } from './secret-schema.js';

export const bucketAccessKeySchema: Schema = {
  version: 0,
  description: 'One access key of an Amazon Lightsail bucket, and where its one-time secret goes.',
  attributes: {
    bucket_name: {
      type: 'string',
      required: true,
      description: 'Name of the bucket. Another name replaces the key.',
    },
    exclusive: {
      type: 'bool',
      optional: true,
      computed: true,
      description:
        'Default: false. States that this resource alone makes keys on this bucket, so that a key which appeared during our own failed call may be deleted. A second key of the same configuration on the bucket is refused then.',
    },
    verify: {
      type: 'bool',
      optional: true,
      computed: true,
      description:
        'Default: true. After creating, one S3 request is signed with the new key until S3 accepts it.',
    },
    verify_timeout_seconds: {
      type: 'number',
      optional: true,
      computed: true,
      description: 'Default: 60. How long S3 may take to accept the key.',
    },
    access_key_id: { type: 'string', computed: true, description: 'ID of the current key.' },
    status: { type: 'string', computed: true, description: '`Active` or `Inactive`.' },
    created_at: { type: 'string', computed: true, description: 'When the current key was made (RFC 3339).' },
    previous_access_key_id: {
      type: 'string',
      computed: true,
      description: 'ID of the key before, while it is still valid.',
    },
    retire_previous_after: {
      type: 'string',
      computed: true,
      description: 'When the previous key is to go (RFC 3339); an apply after that retires it.',
    },
    rotation_due_at: {
      type: 'string',
      computed: true,
      description: 'When the current key is due for rotation by its age (RFC 3339).',
    },
    secret_reference: {
      type: 'string',
      computed: true,
      description: 'What a consumer needs to find the secret; never the secret.',
    },
    secret_access_key: {
      type: 'string',
      computed: true,
      sensitive: true,
      description: 'The secret, only under `terraform_output` without recipients.',
    },
    sealed_secret_access_key: {
      type: 'string',
      computed: true,
      description: 'The secret as age ciphertext, only under `terraform_output` with `age_recipients`.',
    },
  },
  blocks: {
    secret: {
      required: true,
      description: 'Where the one-time secret goes: exactly one of its blocks.',
      attributes: {},
      blocks: secretMembers,
    },
    rotation,
    hooks,
  },
};
