import { randomUUID } from 'node:crypto';
import {
  DescribeParametersCommand,
  GetParameterCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import type { PutParameterCommandInput } from '@aws-sdk/client-ssm';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { AwsAccess } from '../../../src/aws/access.js';
import { SsmParameterDestination } from '../../../src/destinations/ssm-parameter/store.js';
import type { ParameterOptions } from '../../../src/destinations/ssm-parameter/pairs.js';
import { FaultLane, forwardTo } from '../fault-lane.js';
import { Iam } from '../iam/iam.js';
import { KmsKeys } from '../kms.js';
import { startMoto } from '../moto.js';
import type { Moto } from '../moto.js';
import { Lag } from './lag.js';
import { actionOf, OPERATOR, strictSsm } from './strict-ssm.js';
import { sharedBy } from '../destinations/shared-by.js';

const REGION = 'eu-central-1';
const silent = () => undefined;

/** Parameter Store for one test file. */
export class SsmWorkbench {
  readonly owner: SSMClient;
  readonly kms: KmsKeys;
  readonly #lanes: FaultLane[] = [];

  private constructor(
    private readonly moto: Moto,
    private readonly backend: ReturnType<typeof strictSsm>,
    private readonly iam: Iam,
    readonly lag: Lag,
    ownerLane: FaultLane,
  ) {
    this.#lanes.push(ownerLane);
    this.kms = new KmsKeys(moto.url, REGION);
    const credentials = { accessKeyId: 'AKIAOWNEROWNEROWNER0', secretAccessKey: 'owner' };
    this.owner = new SSMClient({ region: REGION, endpoint: ownerLane.url, credentials });
  }

  static async open(): Promise<SsmWorkbench> {
    const moto = await startMoto();
    const iam = new Iam(REGION);
    const lag = new Lag(forwardTo(moto.url));
    const backend = strictSsm(moto.url, iam, lag);
    return new SsmWorkbench(moto, backend, iam, lag, await FaultLane.open(backend, actionOf));
  }

  async close(): Promise<void> {
    this.owner.destroy();
    await Promise.all(this.#lanes.map((lane) => lane.close()));
    await this.moto.stop();
  }

  newName(): string {
    return `/app/${randomUUID()}/uploads`;
  }

  async lane(): Promise<FaultLane> {
    const lane = await FaultLane.open(this.backend, actionOf);
    this.#lanes.push(lane);
    return lane;
  }

  /** As the provider will give it. */
  access(lane: FaultLane, configured = 3): AwsAccess {
    return {
      region: () => Promise.resolve(REGION),
      clientOptions: (_service, attempts = configured) =>
        Promise.resolve({
          region: REGION,
          endpoint: lane.url,
          maxAttempts: attempts,
          logger: { trace: silent, debug: silent, info: silent, warn: silent, error: silent },
          requestHandler: new NodeHttpHandler(),
          credentials: { accessKeyId: OPERATOR, secretAccessKey: 'operator' },
        }),
    };
  }

  /** For a run that may do what the policy for this parameter gives; runs of one process share their access. */
  destination(
    name: string,
    lane: FaultLane,
    options: Partial<ParameterOptions> = {},
    access = this.access(lane),
  ): SsmParameterDestination {
    const kms = options.kmsKeyId === undefined ? [] : ['--kms-key', options.kmsKeyId];
    this.iam.grant('--destination', 'ssm-parameter', '--name', name, ...kms);
    return new SsmParameterDestination(
      access,
      { name, format: 'sdk', ...options },
      { shared: sharedBy(access) },
    );
  }

  /** For a run that may do nothing there that it may not do elsewhere. */
  destinationWithoutRights(
    name: string,
    lane: FaultLane,
    options: Partial<ParameterOptions> = {},
  ): SsmParameterDestination {
    return new SsmParameterDestination(this.access(lane), { name, format: 'sdk', ...options });
  }

  /** The text that a consumer finds; null when there is none. */
  async consumed(name: string): Promise<string | null> {
    try {
      const request = new GetParameterCommand({ Name: name, WithDecryption: true });
      return (await this.owner.send(request)).Parameter?.Value ?? null;
    } catch (error) {
      if (error instanceof Error && error.name === 'ParameterNotFound') return null;
      throw error;
    }
  }

  async names(prefix: string): Promise<readonly string[]> {
    const ParameterFilters = [{ Key: 'Name', Option: 'BeginsWith', Values: [prefix] }];
    const { Parameters = [] } = await this.owner.send(new DescribeParametersCommand({ ParameterFilters }));
    return Parameters.map(({ Name = '' }) => Name);
  }

  async put(request: Partial<PutParameterCommandInput> & { Name: string }): Promise<void> {
    await this.owner.send(
      new PutParameterCommand({ Type: 'SecureString', Value: 'theirs', Overwrite: true, ...request }),
    );
  }
}
