import type {
  SecretsManagerDestinationProps,
  SsmParameterDestinationProps,
  VaultKvDestinationProps,
} from '../secret-destination-props.js';
import type { BindDestination } from './destination.js';
import { checkFormat, checkNotEmpty, checkOneOf, type Problems } from './validation.js';
import { checkParameterName } from './parameter-name.js';

export function secretsManagerDestination(props: SecretsManagerDestinationProps): BindDestination {
  const { secretId, format } = props;
  return () => ({
    route: 'secrets_manager',
    arguments: { secret_id: secretId, format },
    problems: [
      ...checkNotEmpty('secretId', secretId, 'Give the ARN or the name of a secret that exists.'),
      ...checkFormat(format),
    ],
  });
}

const TIERS = ['Standard', 'Advanced', 'Intelligent-Tiering'];

export function ssmParameterDestination(props: SsmParameterDestinationProps): BindDestination {
  const { name, kmsKeyId, tier, format } = props;
  return () => ({
    route: 'ssm_parameter',
    arguments: { name, kms_key_id: kmsKeyId, tier, format },
    problems: [
      ...checkParameterName(name),
      ...checkOptional('kmsKeyId', kmsKeyId, 'Give the ID, ARN or alias of a KMS key, or leave it out.'),
      ...checkOneOf('The tier', tier, TIERS),
      ...checkFormat(format),
    ],
  });
}

export function vaultKvDestination(props: VaultKvDestinationProps): BindDestination {
  const { mount, path, namespace, format } = props;
  return () => ({
    route: 'vault_kv',
    arguments: { mount, path, namespace, format },
    problems: [
      ...checkNotEmpty('mount', mount, 'Give the mount of a KV v2 secrets engine, such as "secret".'),
      ...checkNotEmpty('path', path, 'Give the path below the mount, such as "ci/uploads".'),
      ...checkOptional('namespace', namespace, 'Give the namespace, or leave it out for the root one.'),
      ...checkFormat(format),
    ],
  });
}

function checkOptional(name: string, value: string | undefined, remedy: string): Problems {
  return value === undefined ? [] : checkNotEmpty(name, value, remedy);
}
