import type { NestedBlock } from '../../plugin/index.js';

export const rotation: NestedBlock = {
  description: 'When a new key takes the place of this one, and how long the one before stays valid.',
  attributes: {
    after_days: {
      type: 'number',
      optional: true,
      description: 'Age in days, 1 to 3650, at which the key is due. Without it, its age does not matter.',
    },
    overlap_hours: {
      type: 'number',
      optional: true,
      description:
        'Default: 24. Hours, 0 to 8760 and less than `after_days`, for which the previous key stays valid; 0: it goes in the same apply.',
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
      description:
        'Default: `block`, a previous key that was used within the last `overlap_hours` is kept, with a warning. `retire`: it goes.',
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
      description:
        'Default: `fail`; after `after_create` the key stays and the next apply runs the hook again, after `before_delete` the key is not deleted. `continue`: a warning, and the work goes on.',
    },
    timeout_seconds: {
      type: 'number',
      optional: true,
      description: 'Default: 60. Seconds, 1 to 3600, after which the program is stopped.',
    },
  },
});

export const hooks: NestedBlock = {
  description: 'Programs that are run for every key made or removed, rotation included.',
  attributes: {},
  blocks: {
    after_create: hook('after a key was made and its secret delivered'),
    before_delete: hook('before a key is deleted'),
  },
};
