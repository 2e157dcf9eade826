import type { EphemeralResource } from '../../plugin/index.js';
import { secretMembers } from '../bucket-access-key/secret-schema.js';
import type { Session } from '../session.js';
import { validateReadable } from './validate-readable.js';

/** The delivered pair of a key, for provider blocks and write-only arguments: in no state and no plan. */
export const bucketAccessKeySecret: EphemeralResource<Session> = {
  schema: {
    version: 0,
    description:
      'The pair that `lightsail_bucket_access_key` has delivered to a store, read back: for provider blocks and write-only arguments. It never makes a key, and is in no state and no plan.',
    attributes: {
      access_key_id: { type: 'string', computed: true, description: 'ID of the key.' },
      secret_access_key: { type: 'string', computed: true, sensitive: true, description: 'Its secret.' },
    },
    blocks: {
      secret: {
        required: true,
        description:
          'Where the pair is: the `secret` of the key. One of `file` (without `age_recipients`), `secrets_manager`, `ssm_parameter` and `vault_kv`.',
        attributes: {},
        blocks: secretMembers,
      },
    },
  },
  validate(config, { diagnostics }) {
    validateReadable(config.secret, diagnostics);
  },
  open: async (...call) => (await import('../work.js')).openSecret(...call),
};
