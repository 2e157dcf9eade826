import { randomUUID } from 'node:crypto';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { FaultLane, forwardTo } from '../fault-lane.js';
import type { Exchange } from '../fault-lane.js';
import { Iam } from '../iam/iam.js';
import { StrictProxy } from '../secrets-manager/strict-proxy.js';
import { afterCall } from './store.js';
import type { Store } from './store.js';

const THEIRS = 'theirs';

function callOf({ headers, body }: Exchange): string {
  const action = headers['x-amz-target']?.split('.').at(-1) ?? '';
  const { SecretId, VersionStages, VersionStage } = JSON.parse(body) as {
    SecretId?: string;
    VersionStages?: string[];
    VersionStage?: string;
  };
  return `${action} ${VersionStages?.[0] ?? VersionStage ?? ''} ${SecretId ?? ''}`;
}

/** Secrets Manager: moto behind the strict stand-in. A place is the ARN of a secret. */
export class SecretsManagerStore implements Store {
  readonly member = 'secrets_manager';
  readonly #owner: SecretsManagerClient;

  private constructor(
    readonly proxy: StrictProxy,
    readonly lane: FaultLane,
    region: string,
    private readonly iam: Iam,
  ) {
    const credentials = { accessKeyId: 'AKIAOWNEROWNEROWNER0', secretAccessKey: 'owner' };
    this.#owner = new SecretsManagerClient({ region, endpoint: proxy.url, credentials });
  }

  static async open(moto: string, region: string, iam = new Iam(region)): Promise<SecretsManagerStore> {
    const proxy = await StrictProxy.start(moto, iam);
    return new SecretsManagerStore(proxy, await FaultLane.open(forwardTo(proxy.url), callOf), region, iam);
  }

  get url(): string {
    return this.lane.url;
  }

  async close(): Promise<void> {
    this.#owner.destroy();
    await this.lane.close();
    await this.proxy.stop();
  }

  /** As aws_secretsmanager_secret makes it, without any version; or with a value of somebody else's. */
  async newPlace(value?: string, KmsKeyId?: string): Promise<string> {
    const Name = `secret-${randomUUID()}`;
    const request = new CreateSecretCommand({ Name, SecretString: value, KmsKeyId });
    const { ARN = '' } = await this.#owner.send(request);
    return ARN;
  }

  route(place: string, format = 'sdk'): string {
    const route = `secrets_manager {\nsecret_id = "${place}"\nformat = "${format}"\n}`;
    this.iam.grantFor(route);
    return route;
  }

  title(place: string): string {
    return `Secrets Manager secret ${place}`;
  }

  /** By default the current value. */
  async consumed(
    place: string,
    more: { VersionId?: string; VersionStage?: string } = {},
  ): Promise<string | null> {
    const which = Object.keys(more).length > 0 ? more : { VersionStage: 'AWSCURRENT' };
    try {
      return (
        (await this.#owner.send(new GetSecretValueCommand({ SecretId: place, ...which }))).SecretString ??
        null
      );
    } catch (error) {
      if (error instanceof Error && error.name === 'ResourceNotFoundException') return null;
      throw error;
    }
  }

  reference(place: string, accessKeyId: string): Promise<string> {
    return Promise.resolve(`${place}:::lightsail-access-key-${accessKeyId}`);
  }

  /** The labels, each with its version; of the journal's entries, each has a number. */
  async left(place: string): Promise<readonly string[]> {
    const labels = Object.entries(await this.labels(place));
    return labels.map(([label, version]) => `${label} ${version.replace(/\d{14}$/, '*')}`).sort();
  }

  async labels(place: string): Promise<Readonly<Record<string, string>>> {
    const { VersionIdsToStages } = await this.#owner.send(new DescribeSecretCommand({ SecretId: place }));
    return Object.fromEntries(
      Object.entries(VersionIdsToStages ?? {}).flatMap(([id, labels]) => labels.map((label) => [label, id])),
    );
  }

  /** Whoever deletes a value in Secrets Manager moves its label to another version. */
  async lose(place: string): Promise<void> {
    const { AWSCURRENT: current, LIGHTSAIL_EMPTY: empty } = await this.labels(place);
    await this.#owner.send(
      new UpdateSecretVersionStageCommand({
        SecretId: place,
        VersionStage: 'AWSCURRENT',
        RemoveFromVersionId: current,
        MoveToVersionId: empty,
      }),
    );
  }

  async overwrite(place: string, value = THEIRS): Promise<void> {
    await this.#owner.send(new PutSecretValueCommand({ SecretId: place, SecretString: value }));
  }

  async keepsOverwritten(place: string): Promise<boolean> {
    return (await this.consumed(place, { VersionStage: 'AWSPREVIOUS' })) === THEIRS;
  }

  async scheduleDeletion(place: string): Promise<void> {
    await this.#owner.send(new DeleteSecretCommand({ SecretId: place, RecoveryWindowInDays: 7 }));
  }

  after(step: 'stage' | 'promote', _place: string, happens: () => Promise<void>): () => void {
    const name = {
      stage: /^PutSecretValue LIGHTSAIL_PENDING/,
      promote: /^UpdateSecretVersionStage AWSCURRENT/,
    };
    return afterCall(this.lane, name[step], happens);
  }
}
