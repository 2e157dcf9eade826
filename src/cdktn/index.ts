/** Access keys of Amazon Lightsail buckets for CDK Terrain. */
export * from '../constructs/index.js';
export {
  EphemeralLightsailBucketAccessKeySecret,
  type EphemeralLightsailBucketAccessKeySecretConfig,
} from './ephemeral-lightsail-bucket-access-key-secret.js';
