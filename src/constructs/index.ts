/** Access keys of Amazon Lightsail buckets for CDKTF. */
import './private/framework.js';

export { BucketAccessKey } from './bucket-access-key.js';
export { type SecretReadStatement } from './private/secret-arn.js';
export {
  LightsailBucketAccessKey,
  type LightsailBucketAccessKeyConfig,
  type LightsailBucketAccessKeySecret,
} from './lightsail-bucket-access-key.js';
export {
  type BucketAccessKeyProps,
  type HookProps,
  type HooksProps,
  type RotationProps,
} from './bucket-access-key-props.js';
export {
  BucketAccessKeyAudit,
  type BucketAccessKeyAuditProps,
  type OnUnmanagedKey,
} from './bucket-access-key-audit.js';
export {
  BucketAccessKeyLastUsedReference,
  BucketAccessKeyList,
  BucketAccessKeyReference,
  DataLightsailBucketAccessKeys,
  type DataLightsailBucketAccessKeysConfig,
} from './data-lightsail-bucket-access-keys.js';
export {
  LightsailProvider,
  type LightsailProviderAssumeRole,
  type LightsailProviderConfig,
  type LightsailProviderEndpoints,
} from './lightsail-provider.js';
export { SecretDestination } from './secret-destination.js';
export {
  type CommandDestinationProps,
  type FileDestinationProps,
  type FormattedDestinationProps,
  type NewSecretsManagerSecretProps,
  type SecretFormat,
  type SecretsManagerDestinationProps,
  type SsmParameterDestinationProps,
  type TerraformOutputDestinationProps,
  type VaultKvDestinationProps,
} from './secret-destination-props.js';
