import type { Ask } from './evaluate.js';
import { ACCOUNT, callerOf, denial, type Iam, OWNER } from './iam.js';

type Body = Readonly<Record<string, unknown>>;

/** A call in AWS's JSON, as the stand-ins in front of moto get it. */
export interface JsonCall {
  /** `secretsmanager.PutSecretValue`, `AmazonSSM.PutParameter`. */
  readonly target: string;
  readonly authorization: string | undefined;
  readonly body: Body;
}

/** AWS's own keys let everybody in the account use them through their service. */
const OF_AWS = /(^|:)alias\/aws\//;

/** IAM in front of moto's Secrets Manager and Parameter Store: knows what each call asks for, KMS included. */
export class Gate {
  /** What is known of a secret never changes but by its deletion. */
  readonly #secrets = new Map<string, Body>();

  constructor(
    private readonly moto: string,
    private readonly iam: Iam,
  ) {}

  /** Why the caller may not do that, in the words of the service; null where it may. */
  async denialOf({ target, authorization, body }: JsonCall): Promise<string | null> {
    const caller = callerOf(authorization);
    if (target === 'secretsmanager.DeleteSecret') this.#secrets.clear();
    if (caller === OWNER.accessKeyId) return null;
    const [service = '', action = ''] = target.split('.');
    const missing = this.iam.missing(caller, await this.#asksOf(service, action, body));
    if (!missing) return null;
    const isPassedOn = missing.action.startsWith('kms:') && service !== 'TrentService';
    if (isPassedOn && service === 'secretsmanager') return 'Access to KMS is not allowed';
    return isPassedOn
      ? `${denial(missing)} (Service: AWSKMS; Status Code: 400; Error Code: AccessDeniedException)`
      : denial(missing);
  }

  #asksOf(service: string, action: string, body: Body): Promise<readonly Ask[]> {
    switch (service) {
      case 'secretsmanager':
        return this.#ofSecret(action, body);
      case 'AmazonSSM':
        return this.#ofParameter(action, body);
      case 'TrentService':
        return this.#ofKms(null, String(body.KeyId), [action]);
      default:
        throw new Error(`The stand-in for IAM does not know the service ${service}.`);
    }
  }

  async #ofSecret(action: string, body: Body): Promise<readonly Ask[]> {
    const { SecretId = '', VersionStage } = body as Record<string, string | undefined>;
    const { ARN, KmsKeyId } = (await this.#secret(SecretId)) as Record<string, string | undefined>;
    const ask = {
      action: `secretsmanager:${action}`,
      // Of a secret that is not there, IAM knows just what the call says.
      resource: ARN ?? SecretId,
      context: VersionStage === undefined ? {} : { 'secretsmanager:VersionStage': [VersionStage] },
    };
    const kms = { PutSecretValue: ['GenerateDataKey', 'Decrypt'], GetSecretValue: ['Decrypt'] }[action] ?? [];
    return [ask, ...(await this.#ofKms('secretsmanager', KmsKeyId, kms))];
  }

  async #secret(SecretId: string): Promise<Body> {
    const known = this.#secrets.get(SecretId);
    if (known) return known;
    const secret = await this.#ask('secretsmanager', 'secretsmanager.DescribeSecret', { SecretId });
    if ('ARN' in secret) this.#secrets.set(SecretId, secret);
    return secret;
  }

  async #ofParameter(action: string, body: Body): Promise<readonly Ask[]> {
    const { Name = '', Type, Tier, KeyId, WithDecryption } = body as Record<string, string | undefined>;
    const resource = `arn:aws:ssm:${this.iam.region}:${ACCOUNT}:parameter/${Name.replace(/^\//, '')}`;
    const ask = { action: `ssm:${action}`, resource };
    if (action === 'PutParameter' && Type === 'SecureString') {
      const kms = Tier === 'Advanced' ? 'GenerateDataKey' : 'Encrypt';
      return [ask, ...(await this.#ofKms('ssm', KeyId, [kms]))];
    }
    if (!WithDecryption) return [ask];
    const ParameterFilters = [{ Key: 'Name', Option: 'Equals', Values: [Name] }];
    const { Parameters } = await this.#ask('ssm', 'AmazonSSM.DescribeParameters', { ParameterFilters });
    const [found] = (Parameters ?? []) as readonly { readonly KeyId?: string }[];
    return [ask, ...(await this.#ofKms('ssm', found?.KeyId, ['Decrypt']))];
  }

  async #ofKms(
    via: string | null,
    key: string | undefined,
    actions: readonly string[],
  ): Promise<readonly Ask[]> {
    if (key === undefined || OF_AWS.test(key) || actions.length === 0) return [];
    const { KeyMetadata } = await this.#ask('kms', 'TrentService.DescribeKey', { KeyId: key });
    // KMS refuses a key that is not there by itself, and that is for the stand-ins to say.
    if (!KeyMetadata) return [];
    const { Arn, KeyId } = KeyMetadata as { readonly Arn: string; readonly KeyId: string };
    const { Aliases } = await this.#ask('kms', 'TrentService.ListAliases', { KeyId });
    const aliases = ((Aliases ?? []) as readonly { AliasName: string }[]).map(({ AliasName }) => AliasName);
    const context = {
      'kms:ViaService': via === null ? [] : [`${via}.${this.iam.region}.amazonaws.com`],
      'kms:ResourceAliases': aliases,
    };
    return actions.map((action) => ({ action: `kms:${action}`, resource: Arn, context }));
  }

  /** moto's answer to the owner; nothing of what is not there. */
  async #ask(service: string, target: string, body: Body): Promise<Body> {
    const response = await fetch(this.moto, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': target,
        authorization: `AWS4-HMAC-SHA256 Credential=${OWNER.accessKeyId}/20260101/${this.iam.region}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
      },
      body: JSON.stringify(body),
    });
    return response.ok ? ((await response.json()) as Body) : {};
  }
}
