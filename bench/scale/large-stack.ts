import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Cost, measure } from '../measure.js';
import { awsHead, environment, placeOurs, type Surroundings, useMirror } from '../subjects.js';
import { watchProviders } from './provider-memory.js';

export type Kind = 'keys' | 'keys with audit and data source' | 'hashicorp/aws';

export interface Planned extends Cost {
  readonly lists: number;
  readonly throttled: number;
  readonly peakProviderBytes: number | undefined;
}

const LIST = 'GetBucketAccessKeys';

/** One stack with a key of each of many buckets, in a folder of its own. */
export class LargeStack {
  readonly #folder: string;
  readonly #env: Record<string, string>;
  readonly #prefix: string;

  constructor(
    readonly kind: Kind,
    private readonly buckets: number,
    private readonly around: Surroundings,
  ) {
    this.#prefix = kind.replace(/\W+/g, '-');
    this.#folder = join(around.scratch, this.#prefix);
    this.#env = { ...environment(around), BENCH_STACK: this.#folder };
  }

  /** Up to a state that holds a key of each bucket. */
  async prepare(): Promise<void> {
    const { root, emulator } = this.around;
    await mkdir(this.#folder);
    for (const bucket of this.#names()) await emulator.control.createBucket(bucket);
    if (this.kind === 'hashicorp/aws') {
      this.#env.TF_CLI_CONFIG_FILE = await useMirror(this.#folder);
      await this.#write('main.tf', awsHead(emulator.url) + awsKeys(this.#prefix, this.buckets));
      await this.#terraform('init');
      // To make so many keys would take it many minutes: it is given a state as it writes one.
      await this.#write('terraform.tfstate', JSON.stringify(await this.#awsState()));
      return;
    }
    const readers = this.kind === 'keys' ? '' : auditsAndData(this.#prefix, this.buckets);
    const head = await placeOurs(root, this.#folder);
    await this.#write('main.tf', head + keys(this.#prefix, this.buckets) + readers);
    await this.#terraform('init');
    await this.#terraform('apply', '-auto-approve');
  }

  /** Fails unless there is nothing to do. */
  async plan(): Promise<Planned> {
    const { control } = this.around.emulator;
    const before = (await control.calls()).length;
    const memory = watchProviders(this.#folder);
    const cost = await this.#terraform('plan', '-detailed-exitcode');
    const peakProviderBytes = memory.stop();
    const lists = (await control.calls()).slice(before).filter(({ operation }) => operation === LIST);
    const throttled = lists.filter(({ errorType }) => errorType === 'ThrottlingException').length;
    return { ...cost, lists: lists.length, throttled, peakProviderBytes };
  }

  #names(): string[] {
    return Array.from({ length: this.buckets }, (_, number) => `${this.#prefix}-${number}`);
  }

  #write(name: string, text: string): Promise<void> {
    return writeFile(join(this.#folder, name), text);
  }

  #terraform(command: string, ...options: readonly string[]): Promise<Cost> {
    const line = [this.around.terraform, command, '-input=false', '-no-color', ...options];
    return measure(line, this.#folder, this.#env);
  }

  async #awsState(): Promise<object> {
    const { control } = this.around.emulator;
    const instances: object[] = [];
    for (const [index_key, bucket_name] of this.#names().entries()) {
      const { accessKeyId: access_key_id, createdAt } = await control.makeStrangerKey(bucket_name);
      const attributes = {
        id: `${bucket_name},${access_key_id}`,
        access_key_id,
        bucket_name,
        created_at: createdAt.toISOString().replace(/\.\d+Z$/, 'Z'),
        secret_access_key: 'bench/not+a+secret',
        status: 'Active',
      };
      instances.push({ index_key, schema_version: 0, attributes, sensitive_attributes: [] });
    }
    return {
      version: 4,
      terraform_version: '1.0.0',
      serial: 1,
      lineage: 'bench',
      outputs: {},
      resources: [
        {
          mode: 'managed',
          type: 'aws_lightsail_bucket_access_key',
          name: 'key',
          provider: 'provider["registry.terraform.io/hashicorp/aws"]',
          instances,
        },
      ],
    };
  }
}

const keys = (prefix: string, count: number) => `resource "lightsail_bucket_access_key" "key" {
  count       = ${count}
  bucket_name = "${prefix}-\${count.index}"
  secret {
    file { path = "key-\${count.index}.json" }
  }
  verify      = false
}
`;

const auditsAndData = (prefix: string, count: number) => `data "lightsail_bucket_access_keys" "keys" {
  count       = ${count}
  bucket_name = "${prefix}-\${count.index}"
}
resource "lightsail_bucket_access_key_audit" "audit" {
  count                  = ${count}
  bucket_name            = "${prefix}-\${count.index}"
  managed_access_key_ids = [lightsail_bucket_access_key.key[count.index].access_key_id]
}
`;

const awsKeys = (prefix: string, count: number) => `resource "aws_lightsail_bucket_access_key" "key" {
  count       = ${count}
  bucket_name = "${prefix}-\${count.index}"
}
`;
