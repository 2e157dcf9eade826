// Loaded only where a new key is tried.
export { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
