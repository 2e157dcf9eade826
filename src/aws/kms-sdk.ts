// Loaded where a plan is about to use a KMS key of the author's own.
export { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
