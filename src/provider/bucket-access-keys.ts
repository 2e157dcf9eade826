import { LifecycleError } from '../lifecycle/lifecycle-error.js';
import { listKeys } from '../lifecycle/list-keys.js';
import { instant } from '../lifecycle/wording.js';
import type { AccessKey } from '../lifecycle/access-key.js';
import type { DataSource, ObjectValue, Type } from '../plugin/index.js';
import { validateBucketName } from './bucket-name.js';
import type { Session } from './session.js';
import { text } from './values.js';

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
  async read(config, session, context) {
    try {
      const world = await session.world(text(config.bucket_name) ?? '', { kind: 'none' }, context);
      const { keys } = await listKeys(world.keys);
      return { ...config, access_keys: keys.map((key) => attributesOf(key)) };
    } catch (error) {
      if (!(error instanceof LifecycleError)) throw error;
      context.diagnostics.error(error.summary, error.detail, ['bucket_name']);
      return { ...config, access_keys: [] };
    }
  },
};

function attributesOf(key: AccessKey): ObjectValue {
  return {
    access_key_id: key.id,
    status: key.status,
    created_at: instant(key.createdAt),
    last_used: {
      date: key.lastUse ? instant(key.lastUse.date) : null,
      region: key.lastUse?.region ?? null,
      service_name: key.lastUse?.serviceName ?? null,
    },
  };
}
