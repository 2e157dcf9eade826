import { notFound, ServiceError } from './service-error.js';

export type Body = Readonly<Record<string, unknown>>;

export interface Described extends Body {
  readonly ARN: string;
  readonly DeletedDate?: number;
  readonly VersionIdsToStages?: Readonly<Record<string, readonly string[]>>;
}

/** moto, asked on behalf of a caller: it takes region and account from the signature and does not check it. */
export class Backend {
  constructor(
    private readonly url: string,
    private readonly headers: Readonly<Record<string, string>>,
  ) {}

  async call<Answer = Body>(action: string, body: Body): Promise<Answer> {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: { ...this.headers, 'x-amz-target': `secretsmanager.${action}` },
      body: JSON.stringify(body),
    });
    const answer = (await response.json()) as Body;
    if (response.ok) return answer as Answer;
    throw new ServiceError(String(answer.__type), String(answer.message ?? answer.Message), response.status);
  }

  /** Throws for a secret that is not there. */
  async describe(secretId: unknown): Promise<Described> {
    return this.call<Described>('DescribeSecret', { SecretId: secretId });
  }

  async valueOf(secretId: unknown, versionId: string): Promise<string> {
    const answer = await this.call('GetSecretValue', { SecretId: secretId, VersionId: versionId });
    if (typeof answer.SecretString !== 'string') throw notFound('a value');
    return answer.SecretString;
  }
}

/** Null when no version has the label. */
export function versionWith({ VersionIdsToStages = {} }: Described, label: string): string | null {
  return Object.entries(VersionIdsToStages).find(([, labels]) => labels.includes(label))?.[0] ?? null;
}
