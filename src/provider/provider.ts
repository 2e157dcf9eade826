import type { Provider } from '../plugin/index.js';
import type { Redactor } from '../secret/redactor.js';
import { bucketAccessKey } from './bucket-access-key/resource.js';
import { bucketAccessKeyAudit } from './bucket-access-key-audit/resource.js';
import { bucketAccessKeySecret } from './bucket-access-key-secret/ephemeral-resource.js';
import { bucketAccessKeys } from './bucket-access-keys/data-source.js';
import { providerSchema } from './provider-schema.js';
import type { Session } from './session.js';
import { validateConfiguration } from './validate-configuration.js';

export function lightsailProvider(redactor: Redactor): Provider<Session> {
  let session: Session | undefined;
  return {
    schema: providerSchema,
    validate: validateConfiguration,
    async configure(config) {
      const { openSession } = await import('./work.js');
      session = openSession(config, redactor);
      return session;
    },
    async end() {
      await session?.end();
    },
    resources: {
      lightsail_bucket_access_key: bucketAccessKey,
      lightsail_bucket_access_key_audit: bucketAccessKeyAudit,
    },
    dataSources: { lightsail_bucket_access_keys: bucketAccessKeys },
    ephemeralResources: { lightsail_bucket_access_key_secret: bucketAccessKeySecret },
  };
}
