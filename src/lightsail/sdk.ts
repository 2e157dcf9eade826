// Loaded at the first call that needs AWS, as a file of its own: see docs/decisions/0002-grpc-and-codec.md.
export {
  CreateBucketAccessKeyCommand,
  DeleteBucketAccessKeyCommand,
  GetBucketAccessKeysCommand,
  GetBucketsCommand,
  LightsailClient,
} from '@aws-sdk/client-lightsail';
export { fromNodeProviderChain, fromTemporaryCredentials } from '@aws-sdk/credential-providers';
export { externalDataInterceptor, loadSharedConfigFiles } from '@smithy/core/config';
export { NodeHttpHandler } from '@smithy/node-http-handler';
