import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';

export interface Pair {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** IAM of a moto_server: who may do what is set up first, and from {@link enforce} on every request has to be signed. */
export class MotoIam {
  constructor(
    private readonly moto: string,
    private readonly region: string,
  ) {}

  async createBucket(name: string): Promise<void> {
    const client = new S3Client({
      endpoint: this.moto,
      region: this.region,
      forcePathStyle: true,
      credentials: { accessKeyId: 'AKIAOWNEROWNEROWNER0', secretAccessKey: 'owner' },
    });
    await client.send(new CreateBucketCommand({ Bucket: name }));
    client.destroy();
  }

  /** A user with an access key, and with all rights to one bucket or with none at all. */
  async createUser(UserName: string, { mayUse }: { mayUse?: string } = {}): Promise<Pair> {
    await this.#ask('CreateUser', { UserName });
    if (mayUse !== undefined) {
      const Resource = [`arn:aws:s3:::${mayUse}`, `arn:aws:s3:::${mayUse}/*`];
      const Statement = [{ Effect: 'Allow', Action: 's3:*', Resource }];
      const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
      await this.#ask('PutUserPolicy', { UserName, PolicyName: 'uploads', PolicyDocument });
    }
    const answer = await this.#ask('CreateAccessKey', { UserName });
    const valueOf = (element: string) => new RegExp(`<${element}>(.+?)</${element}>`).exec(answer)?.[1] ?? '';
    return { accessKeyId: valueOf('AccessKeyId'), secretAccessKey: valueOf('SecretAccessKey') };
  }

  /** Sets INITIAL_NO_AUTH_ACTION_COUNT to 0. */
  async enforce(): Promise<void> {
    await this.#send('/moto-api/reset-auth', '0');
  }

  #ask(Action: string, parameters: Readonly<Record<string, string>>): Promise<string> {
    const body = new URLSearchParams({ Action, Version: '2010-05-08', ...parameters });
    return this.#send('/', body.toString(), {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `AWS4-HMAC-SHA256 Credential=AKIAOWNEROWNEROWNER0/20260101/${this.region}/iam/aws4_request, SignedHeaders=host, Signature=0`,
    });
  }

  async #send(path: string, body: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
    const response = await fetch(this.moto + path, { method: 'POST', headers, body });
    const text = await response.text();
    if (!response.ok) throw new Error(`moto: ${text}`);
    return text;
  }
}
