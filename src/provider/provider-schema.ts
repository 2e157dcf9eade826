import type { Attribute, Schema } from '../plugin/index.js';

const url: Attribute = { type: 'string', optional: true };

/** The AWS provider's names; everything is optional and comes from the AWS SDK's default chain otherwise. */
export const providerSchema: Schema = {
  version: 0,
  description: 'Access keys of Amazon Lightsail buckets.',
  attributes: {
    region: { type: 'string', optional: true, description: 'The AWS region of the buckets.' },
    profile: { type: 'string', optional: true, description: 'A profile of the shared AWS files.' },
    access_key: { type: 'string', optional: true, description: 'The ID of the AWS credentials.' },
    secret_key: { type: 'string', optional: true, sensitive: true, description: 'Their secret.' },
    token: { type: 'string', optional: true, sensitive: true, description: 'Their session token.' },
    shared_config_files: {
      type: ['list', 'string'],
      optional: true,
      description: 'Paths of shared config files; later ones win. Default: `~/.aws/config`.',
    },
    shared_credentials_files: {
      type: ['list', 'string'],
      optional: true,
      description: 'Paths of shared credentials files; later ones win. Default: `~/.aws/credentials`.',
    },
    max_attempts: {
      type: 'number',
      optional: true,
      description:
        'How often a call that is safe to repeat is sent, the first time included. Default: 5, and 11 for a list of keys that AWS throttles, after pauses that grow. Creating a key is never repeated blindly.',
    },
  },
  blocks: {
    assume_role: {
      description: 'A role to assume before anything else; the only use of STS.',
      attributes: {
        role_arn: { type: 'string', required: true, description: 'ARN of the role.' },
        session_name: {
          type: 'string',
          optional: true,
          description: 'Name of the session, which CloudTrail shows beside each call.',
        },
        external_id: { type: 'string', optional: true, description: 'External ID that the role demands.' },
        duration: {
          type: 'string',
          optional: true,
          description:
            'Duration of the session, 15 minutes to 12 hours, such as `15m` or `1h30m`. Default: an hour.',
        },
        policy: {
          type: 'string',
          optional: true,
          description: 'IAM policy as JSON: the session has the rights that both it and the role give.',
        },
        policy_arns: {
          type: ['set', 'string'],
          optional: true,
          description: 'ARNs of managed policies that narrow the session in the same way; at most 10.',
        },
        source_identity: {
          type: 'string',
          optional: true,
          description: 'Who assumes the role: it stays with every session that follows from this one.',
        },
        tags: { type: ['map', 'string'], optional: true, description: 'Session tags; at most 50.' },
        transitive_tag_keys: {
          type: ['set', 'string'],
          optional: true,
          description: 'Keys of those tags that stay with every session that follows from this one.',
        },
      },
    },
    endpoints: {
      description: 'URLs of services, for tests and private endpoints.',
      attributes: { lightsail: url, secretsmanager: url, ssm: url, s3: url, sts: url, vault: url },
    },
  },
};
