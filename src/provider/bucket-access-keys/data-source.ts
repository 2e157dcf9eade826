import type { DataSource, Type } from '../../plugin/index.js';
import type { Session } from '../session.js';
import { validateBucketName } from '../shared-arguments.js';

const lastUsed: Type = ['object', { date: 'string', region: 'string', service_name: 'string' }];
const accessKey: Type = [
  'object',
  { access_key_id: 'string', status: 'string', created_at: 'string', last_used: lastUsed },
];

/** Every key of a bucket, whoever made it. */
export const bucketAccessKeys: DataSource<Session> = {
  schema: {
    version: 0,
    description: 'All access keys of an Amazon Lightsail bucket, managed or not.',
    attributes: {
      bucket_name: {
        type: 'string',
        required: true,
        description: 'Name of the bucket: 3 to 54 lowercase letters, digits and hyphens.',
      },
      access_keys: {
        type: ['list', accessKey],
        computed: true,
        description:
          'The keys, without their secrets. A key that was never used has no date, region and service; where AWS does not report its use, `last_used` is null.',
      },
    },
  },
  validate(config, { diagnostics }) {
    validateBucketName(config.bucket_name, ['bucket_name'], diagnostics);
  },
  read: async (...call) => (await import('../work.js')).readBucketAccessKeys(...call),
};
