import { assumeRoleProblems, secondsOf } from '../contract/assume-role.js';
import type { AssumeRoleArguments } from '../contract/assume-role.js';
import { DEFAULTS } from '../contract/limits.js';
import { environmentSettings } from '../lightsail/connection.js';
import type { Settings } from '../lightsail/connection.js';
import { PATIENT } from '../lightsail/pace.js';
import type { Diagnostics, ObjectValue } from '../plugin/index.js';
import { Secret } from '../secret/secret.js';
import { integer, isObject, stringMap, strings, text } from './values.js';

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
    maxAttempts: integer(config.max_attempts) ?? DEFAULTS.maxAttempts,
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

type Environment = Readonly<Record<string, string | undefined>>;

/** Whose values are credentials as they stand. */
const SECRET =
  /^(AWS_(SECRET_ACCESS_KEY|SESSION_TOKEN|SECURITY_TOKEN|CONTAINER_AUTHORIZATION_TOKEN|BEARER_TOKEN_\w+)|(VAULT|BAO)_(TOKEN|ROLE_ID|SECRET_ID))$/;
/** Whose values are addresses, in which a name and a password can stand. */
const ADDRESS = /(_PROXY|_ADDR|^AWS_ENDPOINT_URL(_\w+)?|_URI)$/i;

/**
 * The credentials that the provider block and the environment hold. Those of the environment are not ours, but the
 * author's programs inherit them, and may print them.
 */
export function givenCredentials(config: ObjectValue, env: Environment): readonly Secret[] {
  const { secret_key: secretKey, token, endpoints } = config;
  const inherited = Object.entries(env).flatMap(([name, value = '']) => {
    if (SECRET.test(name)) return [value];
    return ADDRESS.test(name) ? loginsIn(value) : [];
  });
  const addresses = isObject(endpoints) ? Object.values(endpoints).map(text) : [];
  const given = [text(secretKey), text(token), ...addresses.flatMap((address) => loginsIn(address ?? ''))];
  return [...given, ...inherited].flatMap((value) => (value ? [new Secret(value)] : []));
}

/** The whole of it, and the password alone, as they are written and as they are meant. */
function loginsIn(address: string): string[] {
  const [, login = ''] = /^(?:[a-z][a-z0-9+.-]*:\/*)??([^/]+)@/i.exec(address) ?? [];
  const password = login.includes(':') ? login.slice(login.indexOf(':') + 1) : '';
  return [login, password].flatMap((each) => [each, decoded(each)]);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Refuses what STS would refuse. */
export function validateAssumeRole(config: ObjectValue, diagnostics: Diagnostics): void {
  for (const { argument, problem, remedy } of assumeRoleProblems(assumeRoleArguments(config) ?? {})) {
    const name = NAMES[argument];
    diagnostics.error(
      `assume_role.${name}: ${problem}`,
      `STS would refuse it, and nothing was asked. No key is affected. ${remedy}`,
      ['assume_role', name],
    );
  }
}

/** The block as far as it is known; null where none is given. */
function assumeRoleArguments({ assume_role: block }: ObjectValue): AssumeRoleArguments | null {
  if (!isObject(block)) return null;
  const given = {
    roleArn: text(block.role_arn),
    sessionName: text(block.session_name),
    externalId: text(block.external_id),
    duration: text(block.duration),
    policy: text(block.policy),
    policyArns: strings(block.policy_arns),
    sourceIdentity: text(block.source_identity),
    tags: stringMap(block.tags),
    transitiveTagKeys: strings(block.transitive_tag_keys),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
}

/** The names in the provider block. */
const NAMES = {
  roleArn: 'role_arn',
  sessionName: 'session_name',
  externalId: 'external_id',
  duration: 'duration',
  policy: 'policy',
  policyArns: 'policy_arns',
  sourceIdentity: 'source_identity',
  tags: 'tags',
  transitiveTagKeys: 'transitive_tag_keys',
} as const satisfies Readonly<Record<keyof AssumeRoleArguments, string>>;
