import type { AwsAccess } from '../../aws/access.js';
import { DestinationError } from '../../lifecycle/destination.js';
import { Patience } from '../patience.js';
import { Description } from './description.js';
import { isRefusal, refused } from './refusal.js';
import type { Action } from './refusal.js';

type Sdk = typeof import('./sdk.js');

interface Connected {
  readonly sdk: Sdk;
  readonly client: InstanceType<Sdk['SecretsManagerClient']>;
}

interface CallOptions {
  readonly abortSignal: AbortSignal;
}

/** The four calls on one secret. The SDK repeats them; each may be, since every version has an ID of our choice. */
export class SecretApi {
  #connected: Promise<Connected> | undefined;

  constructor(
    readonly access: AwsAccess,
    readonly secretId: string,
    private readonly patience = new Patience(),
  ) {}

  region(): Promise<string> {
    return this.access.region();
  }

  /** Null when there is no such secret. */
  async describe(): Promise<Description | null> {
    try {
      return await this.#call('DescribeSecret', async ({ sdk, client }, options) => {
        const request = new sdk.DescribeSecretCommand({ SecretId: this.secretId });
        return new Description(await client.send(request, options));
      });
    } catch (error) {
      if (isRefusal(error, 'ResourceNotFoundException')) return null;
      throw error;
    }
  }

  /** By its label and never by its ID: so the right to read can be limited to the label. */
  async read(label: string): Promise<{ readonly versionId: string; readonly text: string }> {
    const send = async ({ sdk, client }: Connected, options: CallOptions) => {
      const request = new sdk.GetSecretValueCommand({ SecretId: this.secretId, VersionStage: label });
      const { VersionId, SecretString } = await client.send(request, options);
      return { versionId: VersionId ?? '', text: SecretString ?? '' };
    };
    return this.#call('GetSecretValue', send, label);
  }

  /**
   * Makes a version with that label, and answers the labels it has. The same again changes nothing, not even labels;
   * another content under the same ID is refused (ResourceExistsException).
   */
  async put(versionId: string, text: string, label: string): Promise<readonly string[]> {
    return this.#call('PutSecretValue', async ({ sdk, client }, options) => {
      const request = {
        SecretId: this.secretId,
        ClientRequestToken: versionId,
        SecretString: text,
        VersionStages: [label],
      };
      return (await client.send(new sdk.PutSecretValueCommand(request), options)).VersionStages ?? [];
    });
  }

  /**
   * Moves a label, if it is where it is said to be: a compare-and-swap. `to` null takes it away. False when somebody
   * else has moved it; a call whose first answer was lost is refused when repeated, and yet done.
   */
  async move(label: string, from: string | null, to: string | null): Promise<boolean> {
    try {
      await this.#call('UpdateSecretVersionStage', ({ sdk, client }, options) =>
        client.send(
          new sdk.UpdateSecretVersionStageCommand({
            SecretId: this.secretId,
            VersionStage: label,
            ...(from !== null && { RemoveFromVersionId: from }),
            ...(to !== null && { MoveToVersionId: to }),
          }),
          options,
        ),
      );
      return true;
    } catch (error) {
      if (!isRefusal(error, 'InvalidParameterException', 'InvalidRequestException')) throw error;
      const now = await this.describe();
      if (!now || now.isScheduledForDeletion) throw error;
      const holder = now.versionWith(label);
      if (holder === from && holder !== to) throw error;
      return holder === to;
    }
  }

  async #call<Answer>(
    action: Action,
    send: (connected: Connected, options: CallOptions) => Promise<Answer>,
    label?: string,
  ): Promise<Answer> {
    const region = await this.region();
    try {
      return await this.patience.spend(action, async (abortSignal) =>
        send(await (this.#connected ??= this.#connect(region)), { abortSignal }),
      );
    } catch (error) {
      throw refused(error, { action, secretId: this.secretId, region, ...(label && { label }) });
    }
  }

  async #connect(region: string): Promise<Connected> {
    const elsewhere = /^arn:[^:]+:secretsmanager:([^:]+):/.exec(this.secretId)?.[1];
    if (elsewhere !== undefined && elsewhere !== region) {
      throw new DestinationError(
        `Secret ${this.secretId} is in ${elsewhere}, and this provider works in ${region}.`,
        `Choose a secret in ${region}, or a provider (alias) with region = "${elsewhere}" where the bucket is there too.`,
      );
    }
    const [sdk, options] = await Promise.all([
      import('./sdk.js'),
      this.access.clientOptions('secretsmanager'),
    ]);
    return { sdk, client: new sdk.SecretsManagerClient(options) };
  }
}
