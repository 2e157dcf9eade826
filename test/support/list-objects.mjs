// A consumer of a pair: lists a bucket with AWS's SDK, which looks for credentials and Region where it always does.
// node list-objects.mjs ENDPOINT BUCKET
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';

const [endpoint, Bucket] = process.argv.slice(2);
const client = new S3Client({ endpoint, forcePathStyle: true });
await client.send(new ListObjectsV2Command({ Bucket }));
const { accessKeyId } = await client.config.credentials();
console.log(accessKeyId);
