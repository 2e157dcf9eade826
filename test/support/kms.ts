type Body = Readonly<Record<string, unknown>>;

/** The KMS keys of moto, as their owner has them. (By hand: the SDK cannot parse moto's empty answers.) */
export class KmsKeys {
  constructor(
    /** moto's. */
    readonly url: string,
    private readonly region: string,
  ) {}

  /** A key of the account's own; its ARN. */
  async create(): Promise<string> {
    const { KeyMetadata: key } = await this.#ask('CreateKey');
    return (key as { Arn: string }).Arn;
  }

  async disable(arn: string): Promise<void> {
    await this.#ask('DisableKey', { KeyId: idIn(arn) });
  }

  async enable(arn: string): Promise<void> {
    await this.#ask('EnableKey', { KeyId: idIn(arn) });
  }

  async scheduleDeletion(arn: string): Promise<void> {
    await this.#ask('ScheduleKeyDeletion', { KeyId: idIn(arn), PendingWindowInDays: 7 });
  }

  /**
   * What KMS tells a store that wants to use a key: moto's stores do not ask. Null where the key can be used, or is one
   * of AWS's own.
   */
  async refusalOf(KeyId: string): Promise<string | null> {
    if (/(^|:)alias\/aws\//.test(KeyId)) return null;
    const said = (words: string, error: string) =>
      `${words} (Service: AWSKMS; Status Code: 400; Error Code: ${error}; Request ID: request-2; Proxy: null)`;
    const { KeyMetadata: key } = await this.#ask('DescribeKey', { KeyId }).catch((): Body => ({}));
    if (key === undefined) return said(`Key '${KeyId}' does not exist`, 'NotFoundException');
    const { Arn = '', KeyState } = key as Record<string, string | undefined>;
    if (KeyState === 'Enabled') return null;
    return KeyState === 'Disabled'
      ? said(`${Arn} is disabled.`, 'DisabledException')
      : said(`${Arn} is pending deletion.`, 'KMSInvalidStateException');
  }

  async #ask(action: string, body: Body = {}): Promise<Body> {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `TrentService.${action}`,
        authorization: `AWS4-HMAC-SHA256 Credential=AKIAOWNEROWNEROWNER0/20260101/${this.region}/kms/aws4_request, SignedHeaders=host, Signature=0`,
      },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${action}: ${text}`);
    return text.startsWith('{') ? (JSON.parse(text) as Body) : {};
  }
}

/** moto changes a key by its ID alone. */
function idIn(arn: string): string {
  return arn.replace(/^.*key\//, '');
}
