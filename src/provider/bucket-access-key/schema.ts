import {
  AFTER_DAYS,
  DEFAULTS,
  HOOK_SECONDS,
  OVERLAP_HOURS,
  span,
  VERIFY_SECONDS,
} from '../../contract/limits.js';
import type { NestedBlock, Schema } from '../../plugin/index.js';
import { secretMembers } from '../shared-arguments.js';

const rotation: NestedBlock = {
  description: 'When a new key replaces this one, and how long the previous key stays valid.',
  attributes: {
    after_days: {
      type: 'number',
      optional: true,
      description: `Age in days, ${span(AFTER_DAYS)}, at which the key is due. Without it, its age does not matter.`,
    },
    overlap_hours: {
      type: 'number',
      optional: true,
      description: `Default: ${DEFAULTS.overlapHours}. Hours, ${span(OVERLAP_HOURS)} and less than \`after_days\`, for which the previous key stays valid; 0: the same apply deletes it.`,
    },
    keepers: {
      type: ['map', 'string'],
      optional: true,
      nullElements: true,
      description: 'Values of your own: any change of them rotates the key.',
    },
    on_still_used: {
      type: 'string',
      optional: true,
      description: `Default: \`${DEFAULTS.onStillUsed}\`, a previous key that was used within the last \`overlap_hours\` is kept, with a warning. \`retire\`: it is deleted.`,
    },
  },
};

const hook = (when: string): NestedBlock => ({
  description: `A program of yours, run ${when}. It gets LIGHTSAIL_EVENT, LIGHTSAIL_BUCKET, LIGHTSAIL_ACCESS_KEY_ID and LIGHTSAIL_SECRET_REFERENCE in its environment, never the secret; the reference is empty where none is known.`,
  attributes: {
    command: {
      type: ['list', 'string'],
      required: true,
      description: 'The program and its arguments; no shell reads them.',
    },
    on_failure: {
      type: 'string',
      optional: true,
      description: `Default: \`${DEFAULTS.onFailure}\`; after \`after_create\` the key stays and the next apply runs the hook again, after \`before_delete\` the key is not deleted. \`continue\`: a warning, and the work continues.`,
    },
    timeout_seconds: {
      type: 'number',
      optional: true,
      description: `Default: ${DEFAULTS.hookSeconds}. Seconds, ${span(HOOK_SECONDS)}, after which the program is stopped.`,
    },
  },
});

const hooks: NestedBlock = {
  description: 'Programs that are run for every key made or removed, rotation included.',
  attributes: {},
  blocks: {
    after_create: hook('after a key was made and its secret delivered'),
    before_delete: hook('before a key is deleted'),
  },
};

export const bucketAccessKeySchema: Schema = {
  version: 0,
  description: 'One access key of an Amazon Lightsail bucket, and the destination of its one-time secret.',
  attributes: {
    bucket_name: {
      type: 'string',
      required: true,
      description:
        'Name of the bucket: 3 to 54 lowercase letters, digits and hyphens. Another name replaces the key.',
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
        'Default: true. After creating, three S3 requests at once are signed with the new key until S3 accepts them all.',
    },
    verify_timeout_seconds: {
      type: 'number',
      optional: true,
      computed: true,
      description: `Default: ${DEFAULTS.verifySeconds}. Seconds, ${span(VERIFY_SECONDS)}, that S3 may take to accept the key.`,
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
      description: "When the previous key's overlap ends (RFC 3339); an apply after that retires it.",
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
      description: 'The destination of the one-time secret: exactly one of its blocks.',
      attributes: {},
      blocks: secretMembers,
    },
    rotation,
    hooks,
  },
};
