import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';

/** What the delivered file says, in its default format. */
export interface DeliveredPair {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly bucketName: string;
  readonly region: string;
}

/** A bucket over S3, as a service with the delivered pair uses it. */
export class ObjectStore {
  readonly #client: S3Client;

  constructor(
    private readonly pair: DeliveredPair,
    endpoint: string,
  ) {
    const { accessKeyId, secretAccessKey, region } = pair;
    this.#client = new S3Client({
      endpoint,
      region,
      forcePathStyle: true,
      credentials: { accessKeyId, secretAccessKey },
    });
  }

  async write(key: string, text: string): Promise<void> {
    await this.#client.send(new PutObjectCommand({ Bucket: this.pair.bucketName, Key: key, Body: text }));
  }

  async read(key: string): Promise<string> {
    const { Body } = await this.#client.send(
      new GetObjectCommand({ Bucket: this.pair.bucketName, Key: key }),
    );
    return (await Body?.transformToString()) ?? '';
  }

  close(): void {
    this.#client.destroy();
  }
}
