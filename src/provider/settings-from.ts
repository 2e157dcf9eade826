import { secondsOf } from '../contract/assume-role.js';
import { environmentSettings } from '../lightsail/environment.js';
import { PATIENT } from '../lightsail/pace.js';
import type { Settings } from '../lightsail/settings.js';
import type { ObjectValue } from '../plugin/index.js';
import { Secret } from '../secret/secret.js';
import { assumeRoleArguments } from './assume-role.js';
import { integer, isObject, strings, text } from './values.js';

const DEFAULT_ATTEMPTS = 5;

/** The provider block as the connection to AWS takes it. */
export function settingsFrom(config: ObjectValue): Settings & { readonly vaultAddress?: string } {
  const assumed = assumeRoleArguments(config);
  const endpoints = isObject(config.endpoints) ? config.endpoints : {};
  const secretKey = text(config.secret_key);
  const token = text(config.token);
  return {
    ...environmentSettings(),
    ...given('region', text(config.region)),
    ...given('profile', text(config.profile)),
    ...given('accessKeyId', text(config.access_key)),
    ...given('secretAccessKey', secretKey && new Secret(secretKey)),
    ...given('sessionToken', token && new Secret(token)),
    ...given('sharedConfigFiles', strings(config.shared_config_files)),
    ...given('sharedCredentialsFiles', strings(config.shared_credentials_files)),
    ...(assumed && {
      assumeRole: {
        ...assumed,
        roleArn: assumed.roleArn ?? '',
        ...given('durationSeconds', assumed.duration && secondsOf(assumed.duration)),
      },
    }),
    endpoints: {
      ...given('lightsail', text(endpoints.lightsail)),
      ...given('s3', text(endpoints.s3)),
      ...given('secretsmanager', text(endpoints.secretsmanager)),
      ...given('ssm', text(endpoints.ssm)),
      ...given('sts', text(endpoints.sts)),
    },
    ...given('vaultAddress', text(endpoints.vault)),
    maxAttempts: integer(config.max_attempts) ?? DEFAULT_ATTEMPTS,
    throttledAttempts: integer(config.max_attempts) ?? PATIENT.slower,
  };
}

/** `{ [name]: value }`, or nothing when there is no value. */
function given<N extends string, V>(
  name: N,
  value: V | null | undefined | '',
): Partial<Record<N, NonNullable<V>>> {
  return (value ? { [name]: value } : {}) as Partial<Record<N, NonNullable<V>>>;
}
