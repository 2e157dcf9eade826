import type { ObjectValue } from '../plugin/index.js';
import { Secret } from '../secret/secret.js';
import { isObject, text } from './values.js';

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
