import type { AwsAccess } from '../../aws/access.js';
import { memberOf } from '../../aws/no-answer.js';
import type { SdkError } from '../../aws/sdk-error.js';
import { StorePace, throttledByPace } from '../../aws/store-pace.js';
import type { LogLine } from '../../aws/store-pace.js';
import { DestinationError } from '../../lifecycle/destination.js';
import { about, isRefusal, refused as refusedBy, sentence } from '../aws-refusal.js';
import type { Words } from '../aws-refusal.js';
import { Patience } from '../patience.js';
import { SharedStores } from '../shared-stores.js';
import type { StoreOptions } from '../shared-stores.js';
import { CURRENT, JOURNAL, PREVIOUS } from './descriptor.js';
import { Description, RecentLabels } from './metadata.js';

type Sdk = typeof import('./sdk.js');

interface Connected {
  readonly sdk: Sdk;
  readonly client: InstanceType<Sdk['SecretsManagerClient']>;
}

interface CallOptions {
  readonly abortSignal: AbortSignal;
}

/** What all secrets of one process share. */
class SharedSecrets {
  readonly pace = new StorePace('Secrets Manager');
  readonly recent = new RecentLabels();
}

/** The four calls on one secret. The SDK repeats them; each may be, since every version has an ID of our choice. */
export class SecretApi {
  #connected: Promise<Connected> | undefined;
  readonly #pace: StorePace;
  readonly #recent: RecentLabels;
  readonly #log: LogLine | undefined;
  readonly patience: Patience;

  constructor(
    readonly access: AwsAccess,
    readonly secretId: string,
    { shared = new SharedStores(), patience = new Patience(), log }: StoreOptions = {},
  ) {
    ({ pace: this.#pace, recent: this.#recent } = shared.part(SharedSecrets));
    this.patience = patience;
    this.#log = log;
  }

  region(): Promise<string> {
    return this.access.region();
  }

  /** Null when there is no such secret. */
  describe(): Promise<Description | null> {
    return this.#describe((arn, shown) => this.#recent.over(arn, shown));
  }

  /** The version that has the label by the metadata alone, whatever this process has done. */
  async shown(label: string): Promise<string | null> {
    return (await this.#describe((_, shown) => shown))?.versionWith(label) ?? null;
  }

  /** Waits until AWS shows to everybody what it has answered to this process. False: it has not within some seconds. */
  async shows(label: string, version: string): Promise<boolean> {
    const isShown = async () => ((await this.shown(label)) === version ? true : null);
    return (await this.patience.lookAgain(isShown)) ?? false;
  }

  async #describe(labelsOf: ConstructorParameters<typeof Description>[1]): Promise<Description | null> {
    try {
      return await this.#call('DescribeSecret', async ({ sdk, client }, options) => {
        const request = new sdk.DescribeSecretCommand({ SecretId: this.secretId });
        return new Description(await client.send(request, options), labelsOf);
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
      return { versionId: memberOf(VersionId, 'a VersionId'), text: SecretString ?? '' };
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
      const { ARN = '', VersionStages: labels = [] } = await client.send(
        new sdk.PutSecretValueCommand(request),
        options,
      );
      for (const each of labels) this.#recent.moved(ARN, each, versionId);
      return labels;
    });
  }

  /**
   * Moves a label, if it is where it is said to be: a compare-and-swap. `to` null takes it away. False when somebody
   * else has moved it; a call whose first answer was lost is refused when repeated, and yet done.
   */
  async move(label: string, from: string | null, to: string | null): Promise<boolean> {
    try {
      const { ARN = '' } = await this.#call('UpdateSecretVersionStage', ({ sdk, client }, options) =>
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
      this.#recent.moved(ARN, label, to, from);
      // AWS moves that one along.
      if (label === CURRENT && from !== null && from !== to) this.#recent.moved(ARN, PREVIOUS, from);
      return true;
    } catch (error) {
      if (!isRefusal(error, 'InvalidParameterException', 'InvalidRequestException')) throw error;
      // Where it still seems to be where it was said to be, the metadata are of a moment ago, or the call was wrong.
      const holder = await this.patience.lookAgain(async () => {
        const now = await this.describe();
        if (!now || now.isScheduledForDeletion) throw error;
        const version = now.versionWith(label);
        return version === from && version !== to ? null : { version };
      });
      if (!holder) throw error;
      return holder.version === to;
    }
  }

  async #call<Answer>(
    action: Action,
    send: (connected: Connected, options: CallOptions) => Promise<Answer>,
    label?: string,
  ): Promise<Answer> {
    const region = await this.region();
    try {
      const connected = () => (this.#connected ??= this.#connect(region));
      return await this.#pace.run(
        action,
        () => this.patience.spend(action, async (abortSignal) => send(await connected(), { abortSignal })),
        { attempts: async () => (await connected()).client.config.maxAttempts(), log: this.#log },
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
    return { sdk, client: throttledByPace(new sdk.SecretsManagerClient(options)) };
  }
}

type Action = 'DescribeSecret' | 'GetSecretValue' | 'PutSecretValue' | 'UpdateSecretVersionStage';

interface Call {
  readonly action: Action;
  readonly secretId: string;
  readonly region: string;
  /** Of a read: the label of the version. */
  readonly label?: string;
}

/** What Secrets Manager, or the way to it, has thrown, in words. */
function refused(thrown: unknown, call: Call): DestinationError {
  const { action, secretId, region, label } = call;
  return refusedBy(
    thrown,
    {
      service: 'Secrets Manager',
      right: `secretsmanager:${action}`,
      action,
      place: `secret ${secretId}`,
      region,
      kmsRights: label === CURRENT ? 'kms:Decrypt' : 'kms:GenerateDataKey and kms:Decrypt',
      ...(action === 'GetSecretValue' && {
        limit: `It may be limited to the journal (condition secretsmanager:VersionStage = ${JOURNAL}), which holds no secret.`,
      }),
    },
    (error) => answered(error, call),
  );
}

function answered(error: SdkError, call: Call): Words | null {
  const { secretId, region, label } = call;
  switch (error.name) {
    case 'ResourceNotFoundException':
      return noSuchSecret(call);
    case 'InvalidRequestException':
      return /delet/i.test(error.message) ? scheduledForDeletion(call) : null;
    case 'AccessDeniedException':
      return label === CURRENT
        ? [
            `This run may not read the live secret ${secretId}: ${sentence(error.message)}`,
            'Allow secretsmanager:GetSecretValue on that secret, for all versions or for AWSCURRENT (condition secretsmanager:VersionStage). Making keys does not need it, so the command "lightsail-access-key policy" does not print it.',
          ]
        : isUnknownName(error, secretId)
          ? noSuchName(error, call)
          : null;
    case 'LimitExceededException':
      return [
        `Secret ${secretId} in ${region} has reached a quota (${about(error)}).`,
        'AWS keeps every version of the last 24 hours, and about 100 in all: wait until the older ones are gone.',
      ];
    default:
      return null;
  }
}

/** IAM is asked about the ARN of a secret that is there; of any other there is only what the call says. */
function isUnknownName({ message }: SdkError, secretId: string): boolean {
  return !secretId.startsWith('arn:') && message.includes(`on resource: ${secretId} `);
}

/** A policy that is limited to the ARN of a secret says nothing about one that is not there, so AWS denies it. */
function noSuchName(error: SdkError, call: Call): Words {
  const [, remedy] = noSuchSecret(call);
  return [
    `There is most likely no secret ${call.secretId} in ${call.region}: AWS refuses secretsmanager:${call.action} for the bare name, and would name the ARN of a secret that is there (${sentence(error.message)})`,
    `${remedy} Where it is there, allow secretsmanager:${call.action} on its ARN; the command "lightsail-access-key policy" prints all that is needed.`,
  ];
}

export function noSuchSecret({ secretId, region }: Omit<Call, 'action'>): Words {
  return [
    `There is no secret ${secretId} in ${region}.`,
    'Make it first: this provider does not create secrets. Where the same configuration makes it, refer to its attribute ' +
      '(secret_id = aws_secretsmanager_secret.NAME.id), so that Terraform makes it before the key.',
  ];
}

export function scheduledForDeletion({ secretId, region }: Omit<Call, 'action'>): Words {
  return [
    `Secret ${secretId} in ${region} is scheduled for deletion, so AWS refuses to read or write it.`,
    `Restore it (aws secretsmanager restore-secret --region ${region} --secret-id ${secretId}), or choose another.`,
  ];
}
