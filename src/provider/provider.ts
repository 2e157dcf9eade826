import type { Provider } from '../plugin/index.js';
import type { Redactor } from '../secret/redactor.js';
import { Secret } from '../secret/secret.js';
import { bucketAccessKey } from './bucket-access-key/resource.js';
import { bucketAccessKeys } from './bucket-access-keys.js';
import { settingsFrom, validateConfiguration } from './configuration.js';
import { providerSchema } from './provider-schema.js';
import { Session } from './session.js';
import { hasUnknown, text } from './values.js';

export function lightsailProvider(redactor: Redactor): Provider<Session> {
  let session: Session | undefined;
  return {
    schema: providerSchema,
    validate: validateConfiguration,
    configure(config) {
      for (const value of [text(config.secret_key), text(config.token)]) {
        if (value) redactor.learn(new Secret(value));
      }
      session = new Session(settingsFrom(config), redactor, hasUnknown(config));
      return Promise.resolve(session);
    },
    async end() {
      await session?.end();
    },
    resources: { lightsail_bucket_access_key: bucketAccessKey },
    dataSources: { lightsail_bucket_access_keys: bucketAccessKeys },
    ephemeralResources: {},
  };
}
