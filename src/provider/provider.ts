import { DEFAULTS, isHttpUrl, isWithin, MAX_ATTEMPTS, span } from '../contract/limits.js';
import { TYPES } from '../contract/names.js';
import type { Attribute, CallContext, ObjectValue, Provider, Schema } from '../plugin/index.js';
import type { Redactor } from '../secret/redactor.js';
import { bucketAccessKeyAudit } from './bucket-access-key-audit/resource.js';
import { bucketAccessKeySecret } from './bucket-access-key-secret/ephemeral-resource.js';
import { bucketAccessKey } from './bucket-access-key/resource.js';
import { bucketAccessKeys } from './bucket-access-keys/data-source.js';
import type { Session } from './session.js';
import { integer, isObject, text } from './values.js';

export function lightsailProvider(redactor: Redactor): Provider<Session> {
  let session: Session | undefined;
  const declarations: ObjectValue[] = [];
  return {
    schema: providerSchema,
    validate: validateConfiguration,
    async configure(config) {
      const { openSession } = await import('./work.js');
      session = openSession(config, redactor, declarations);
      return session;
    },
    async end() {
      await session?.end();
    },
    resources: {
      [TYPES.accessKey]: bucketAccessKey(declarations),
      [TYPES.audit]: bucketAccessKeyAudit,
    },
    dataSources: { [TYPES.accessKeys]: bucketAccessKeys },
    ephemeralResources: { [TYPES.secret]: bucketAccessKeySecret },
  };
}

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
      description: `How often a call that is safe to repeat is sent, ${span(MAX_ATTEMPTS)} times, the first time included. Default: ${DEFAULTS.maxAttempts}, and 11 for a list of keys that AWS throttles, after pauses that grow. Creating a key is never repeated blindly.`,
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

/** Refuses what can be known to be wrong before anything is asked. */
async function validateConfiguration(config: ObjectValue, { diagnostics }: CallContext): Promise<void> {
  const refuse = (summary: string, detail: string, ...path: string[]) => {
    diagnostics.error(summary, `${detail} No key is affected.`, path);
  };
  const attempts = integer(config.max_attempts);
  if (attempts !== null && !isWithin(MAX_ATTEMPTS, attempts)) {
    refuse(
      'max_attempts is out of range',
      `It is ${attempts}; give a whole number from ${span(MAX_ATTEMPTS)}.`,
      'max_attempts',
    );
  }
  if (text(config.access_key) !== null && config.secret_key === null) {
    refuse(
      'access_key without secret_key',
      'Static credentials need both; give secret_key too, or neither.',
      'access_key',
    );
  }
  if (text(config.secret_key) !== null && config.access_key === null) {
    refuse(
      'secret_key without access_key',
      'Static credentials need both; give access_key too, or neither.',
      'secret_key',
    );
  }
  if (isObject(config.endpoints)) {
    for (const [service, value] of Object.entries(config.endpoints)) {
      const given = text(value);
      if (given !== null && given !== '' && !isHttpUrl(given)) {
        refuse(
          `The endpoint of ${service} is not a URL`,
          `"${given}" has to begin with http:// or https://.`,
          'endpoints',
          service,
        );
      }
    }
  }
  // Few have a role to assume: what STS takes is read only then.
  if (isObject(config.assume_role)) (await import('./work.js')).validateAssumeRole(config, diagnostics);
}
