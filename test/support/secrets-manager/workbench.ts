import { randomUUID } from 'node:crypto';
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { AwsAccess } from '../../../src/aws/access.js';
import { SecretsManagerDestination } from '../../../src/destinations/secrets-manager/store.js';
import { Patience } from '../../../src/destinations/patience.js';
import type { KeyPair } from '../../../src/lifecycle/access-key.js';
import { Secret } from '../../../src/secret/secret.js';
import { FaultLane } from '../fault-lane.js';
import { gatedKms, kmsCallOf } from '../iam/gated-kms.js';
import { Iam } from '../iam/iam.js';
import { KmsKeys } from '../kms.js';
import { startMoto } from '../moto.js';
import type { Moto } from '../moto.js';
import { OPERATOR, StrictProxy } from './strict-proxy.js';
import { sharedBy } from '../destinations/shared-by.js';

const LIMITS = { total: 90_000, least: 10_000 };
export const REGION = 'eu-west-1';
const silent = () => undefined;

/** moto with the strict stand-in before it, and those who use them: the operator's destination, and everybody else. */
export class Workbench {
  readonly owner: SecretsManagerClient;
  readonly kms: KmsKeys;

  private constructor(
    private readonly moto: Moto,
    readonly proxy: StrictProxy,
    readonly iam: Iam,
    private readonly kmsLane: FaultLane,
  ) {
    this.owner = this.ownerIn(REGION);
    this.kms = new KmsKeys(moto.url, REGION);
  }

  static async open(): Promise<Workbench> {
    const moto = await startMoto();
    const iam = new Iam(REGION);
    const kmsLane = await FaultLane.open(gatedKms(moto.url, iam), kmsCallOf);
    return new Workbench(moto, await StrictProxy.start(moto.url, iam), iam, kmsLane);
  }

  async close(): Promise<void> {
    this.owner.destroy();
    await this.proxy.stop();
    await this.kmsLane.close();
    await this.moto.stop();
  }

  /** As the provider will give it. */
  access(handler = new NodeHttpHandler(), attempts = 3, endpoint = this.proxy.url): AwsAccess {
    return {
      region: () => Promise.resolve(REGION),
      clientOptions: (service) =>
        Promise.resolve({
          region: REGION,
          endpoint: service === 'kms' ? this.kmsLane.url : endpoint,
          maxAttempts: attempts,
          logger: { trace: silent, debug: silent, info: silent, warn: silent, error: silent },
          requestHandler: handler,
          credentials: { accessKeyId: OPERATOR, secretAccessKey: 'operator' },
        }),
    };
  }

  /** The same, with each call taken as a step of the run that makes it. */
  accessBy(step: Step): AwsAccess {
    return this.access(new SteppingHandler(step));
  }

  /** For a run that may do what the policy for this secret gives. */
  destination(
    secretId: string,
    access: AwsAccess = this.access(),
    /** Null: the provider's own. */
    patience: Patience | null = new Patience({ ...LIMITS, behind: 900 }),
  ): SecretsManagerDestination {
    this.iam.grant('--destination', 'secrets-manager', '--secret-id', secretId);
    return new SecretsManagerDestination(
      access,
      { secretId, format: 'sdk' },
      { shared: sharedBy(access), patience: patience ?? undefined },
    );
  }

  /** A secret without any version, as aws_secretsmanager_secret makes it; or with a value of somebody else's. */
  async newSecret(
    value?: string,
    KmsKeyId?: string,
  ): Promise<{ readonly name: string; readonly arn: string }> {
    const Name = `secret-${randomUUID()}`;
    const { ARN = '' } = await this.owner.send(
      new CreateSecretCommand({ Name, SecretString: value, KmsKeyId }),
    );
    return { name: Name, arn: ARN };
  }

  /** Somebody else makes a value of their own the current one. */
  async overwrite(secretId: string, value: string): Promise<void> {
    await this.owner.send(new PutSecretValueCommand({ SecretId: secretId, SecretString: value }));
  }

  /** What a consumer finds, by default as the current value; null when there is nothing. */
  async consumed(secretId: string, label = 'AWSCURRENT'): Promise<string | null> {
    try {
      const request = { SecretId: secretId, VersionStage: label };
      return (await this.owner.send(new GetSecretValueCommand(request))).SecretString ?? null;
    } catch (error) {
      if (error instanceof Error && error.name === 'ResourceNotFoundException') return null;
      throw error;
    }
  }

  /** Which version has each label. */
  async labels(secretId: string): Promise<Readonly<Record<string, string>>> {
    const { VersionIdsToStages } = await this.owner.send(new DescribeSecretCommand({ SecretId: secretId }));
    return Object.fromEntries(
      Object.entries(VersionIdsToStages ?? {}).flatMap(([id, labels]) => labels.map((label) => [label, id])),
    );
  }

  ownerIn(region: string): SecretsManagerClient {
    const credentials = { accessKeyId: 'AKIAOWNEROWNEROWNER0', secretAccessKey: 'owner' };
    return new SecretsManagerClient({ region, endpoint: this.proxy.url, credentials });
  }
}

type Step = <Result>(effect: () => Promise<Result>) => Promise<Result>;

class SteppingHandler extends NodeHttpHandler {
  constructor(private readonly step: Step) {
    super();
  }

  override handle(...[request, options]: Parameters<NodeHttpHandler['handle']>) {
    return this.step(() => super.handle(request, options));
  }
}

let pairs = 0;

export function newPair(): KeyPair {
  pairs += 1;
  const number = String(pairs).padStart(4, '0');
  return {
    bucket: 'uploads',
    region: REGION,
    accessKeyId: `AKIATESTTESTTEST${number}`,
    secretAccessKey: new Secret(`canary/${randomUUID()}+${number}`),
    createdAt: new Date('2026-01-01T00:00:00Z'),
  };
}

/** The key of a pair that a consumer reads; null for the marked empty value and for nothing. */
export function keyIn(value: string | null): string | null {
  const content = value === null ? {} : (JSON.parse(value) as { accessKeyId?: string });
  return content.accessKeyId ?? null;
}

/** The secret of a pair that a consumer reads; null for the marked empty value and for nothing. */
export function secretIn(value: string | null): string | null {
  const content = value === null ? {} : (JSON.parse(value) as { secretAccessKey?: string });
  return content.secretAccessKey ?? null;
}
