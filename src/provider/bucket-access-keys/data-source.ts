import type { DataSource, Type } from '../../plugin/index.js';
import { validateBucketName } from '../bucket-name.js';
import type { Session } from '../session.js';

const lastUsed: Type = ['object', { date: 'string', region: 'string', service_name: 'string' }];
const accessKey: Type = [
  'object',
  { access_key_id: 'string', status: 'string', created_at: 'string', last_used: lastUsed },
];

/** Every key of a bucket, whoever made it. */
export const bucketAccessKeys: DataSource<Session> = {
  schema: {
    version: 0,
    description: 'The access keys of an Amazon Lightsail bucket, whoever made them.',
    attributes: {
      bucket_name: { type: 'string', required: true, description: 'Name of the bucket.' },
      access_keys: {
        type: ['list', accessKey],
        computed: true,
        description:
          'The keys, without their secrets. A key that was never used has no date, region and service.',
      },
    },
  },
  validate(config, { diagnostics }) {
    validateBucketName(config.bucket_name, ['bucket_name'], diagnostics);
  },
  read: async (...call) => (await import('../work.js')).readBucketAccessKeys(...call),
};
