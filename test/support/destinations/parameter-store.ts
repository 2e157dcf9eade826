import { randomUUID } from 'node:crypto';
import {
  DeleteParameterCommand,
  DescribeParametersCommand,
  GetParameterCommand,
  GetParameterHistoryCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import type { ParameterMetadata, PutParameterCommandInput } from '@aws-sdk/client-ssm';
import { FaultLane } from '../fault-lane.js';
import { Iam } from '../iam/iam.js';
import { actionOf, strictSsm } from '../ssm/strict-ssm.js';
import { afterCall, escaped } from './store.js';
import type { Store } from './store.js';

const THEIRS = 'theirs';

/** SSM Parameter Store: moto behind the strict stand-in. A place is the name of a parameter. */
export class ParameterStore implements Store {
  readonly member = 'ssm_parameter';
  readonly #owner: SSMClient;

  private constructor(
    readonly lane: FaultLane,
    private readonly moto: string,
    private readonly region: string,
    private readonly iam: Iam,
  ) {
    const credentials = { accessKeyId: 'AKIAOWNEROWNEROWNER0', secretAccessKey: 'owner' };
    this.#owner = new SSMClient({ region, endpoint: moto, credentials });
  }

  static async open(moto: string, region: string, iam = new Iam(region)): Promise<ParameterStore> {
    return new ParameterStore(await FaultLane.open(strictSsm(moto, iam), actionOf), moto, region, iam);
  }

  get url(): string {
    return this.lane.url;
  }

  async close(): Promise<void> {
    this.#owner.destroy();
    await this.lane.close();
  }

  newPlace(): Promise<string> {
    return Promise.resolve(`/app/${randomUUID()}/uploads`);
  }

  route(place: string, format = 'sdk', more = ''): string {
    const route = `ssm_parameter {\nname = "${place}"\nformat = "${format}"${more}\n}`;
    this.iam.grantFor(route);
    return route;
  }

  title(place: string): string {
    return `SSM parameter ${place}`;
  }

  async consumed(place: string): Promise<string | null> {
    try {
      const request = new GetParameterCommand({ Name: place, WithDecryption: true });
      return (await this.#owner.send(request)).Parameter?.Value ?? null;
    } catch (error) {
      if (error instanceof Error && error.name === 'ParameterNotFound') return null;
      throw error;
    }
  }

  reference(place: string): Promise<string> {
    return Promise.resolve(place);
  }

  async left(place: string): Promise<readonly string[]> {
    return (await this.describe(place)).map(({ Name = '' }) => Name);
  }

  /** Everything whose name begins so. */
  async describe(place: string): Promise<readonly ParameterMetadata[]> {
    const ParameterFilters = [{ Key: 'Name', Option: 'BeginsWith', Values: [place] }];
    return (await this.#owner.send(new DescribeParametersCommand({ ParameterFilters }))).Parameters ?? [];
  }

  async lose(place: string): Promise<void> {
    await this.#owner.send(new DeleteParameterCommand({ Name: place }));
  }

  async overwrite(
    place: string,
    value = THEIRS,
    request: Partial<PutParameterCommandInput> = {},
  ): Promise<void> {
    const theirs = { Type: 'SecureString', Value: value, Overwrite: true } as const;
    await this.#owner.send(new PutParameterCommand({ Name: place, ...theirs, ...request }));
  }

  async keepsOverwritten(place: string): Promise<boolean> {
    const request = new GetParameterHistoryCommand({ Name: place, WithDecryption: true });
    const { Parameters: versions = [] } = await this.#owner.send(request);
    return versions.some(({ Value }) => Value === THEIRS);
  }

  /** A KMS key of the account's own; its ID. */
  async newKmsKey(): Promise<string> {
    const response = await fetch(this.moto, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'TrentService.CreateKey',
        authorization: `AWS4-HMAC-SHA256 Credential=AKIAOWNEROWNEROWNER0/20260101/${this.region}/kms/aws4_request, SignedHeaders=host, Signature=0`,
      },
      body: '{}',
    });
    return ((await response.json()) as { KeyMetadata: { KeyId: string } }).KeyMetadata.KeyId;
  }

  after(step: 'stage' | 'promote', place: string, happens: () => Promise<void>): () => void {
    const suffix = { stage: '\\.lightsail-pending-', promote: '$' }[step];
    return afterCall(this.lane, new RegExp(`^PutParameter ${escaped(place)}${suffix}`), happens);
  }
}
