import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { Emulator } from '../../src/emulator/index.js';

/** A pair as its consumer has it. */
export interface Pair {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Uses a pair as its consumer would, with AWS's SDK on S3; throws S3's refusal. */
export async function useOnS3(emulator: Emulator, bucket: string, pair: Pair): Promise<void> {
  const { accessKeyId, secretAccessKey } = pair;
  const client = new S3Client({
    endpoint: emulator.url,
    region: emulator.region,
    forcePathStyle: true,
    maxAttempts: 1,
    // In the service's own time: a request of another one would be refused.
    systemClockOffset: emulator.clock.now().getTime() - Date.now(),
    credentials: { accessKeyId, secretAccessKey },
  });
  try {
    await client.send(new ListObjectsV2Command({ Bucket: bucket, MaxKeys: 1 }));
  } finally {
    client.destroy();
  }
}
