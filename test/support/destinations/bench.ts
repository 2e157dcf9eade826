import { readFileSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { Emulator } from '../../../src/emulator/index.js';
import { FaultLane } from '../fault-lane.js';
import { gatedKms, kmsCallOf } from '../iam/gated-kms.js';
import { Iam, OPERATOR } from '../iam/iam.js';
import { KmsKeys } from '../kms.js';
import { startMoto } from '../moto.js';
import type { Moto } from '../moto.js';
import { childrenOf } from '../reliability/processes.js';
import { strike } from '../reliability/strike.js';
import type { Pair } from '../s3-consumer.js';
import { stack, toSaid } from '../stack.js';
import type { Said } from '../stack.js';
import { Terraform } from '../terraform.js';
import { ParameterStore } from './parameter-store.js';
import { SecretsManagerStore } from './secrets-manager-store.js';
import type { Store } from './store.js';
import { VaultStore } from './vault-store.js';

export const KEY = 'lightsail_bucket_access_key.key';
export const BUCKET = 'uploads';
const OTHER_BUCKET = 'others';

/** One test file's Terraform, initialised once, with the emulator and all stores: the provider reaches them as AWS. */
export class Bench {
  /** Of the provider block. With 1, nothing waits for a store of AWS that throttles. */
  maxAttempts = 2;

  private constructor(
    readonly emulator: Emulator,
    /** What the provider may do at AWS. */
    readonly iam: Iam,
    private readonly moto: Moto,
    readonly secretsManager: SecretsManagerStore,
    readonly parameters: ParameterStore,
    readonly vault: VaultStore,
    readonly kms: KmsKeys,
    private readonly kmsLane: FaultLane,
    readonly terraform: Terraform,
  ) {}

  static async open(): Promise<Bench> {
    const iam = new Iam('us-east-1');
    iam.grant('--destination', 'file');
    const { authorize, region } = iam;
    const [emulator, moto] = await Promise.all([
      Emulator.start({ region, authorize, credentials: [OPERATOR] }),
      startMoto(),
    ]);
    const [secretsManager, parameters, vault, kmsLane] = await Promise.all([
      SecretsManagerStore.open(moto.url, region, iam),
      ParameterStore.open(moto.url, region, iam),
      VaultStore.open(),
      FaultLane.open(gatedKms(moto.url, iam), kmsCallOf),
    ]);
    // The provider block has no endpoint for KMS.
    const env = { ...emulator.env, AWS_ENDPOINT_URL_KMS: kmsLane.url, VAULT_TOKEN: vault.token };
    const kms = new KmsKeys(moto.url, region);
    const terraform = await Terraform.create({ env });
    const bench = new Bench(emulator, iam, moto, secretsManager, parameters, vault, kms, kmsLane, terraform);
    await bench.configure('file { path = "key.json" }');
    await terraform.succeeds('init');
    return bench;
  }

  async close(): Promise<void> {
    await this.terraform.cleanup();
    await Promise.all(this.stores.map((store) => store.close()));
    await Promise.all([this.emulator.close(), this.kmsLane.close(), this.moto.stop()]);
  }

  get stores(): readonly Store[] {
    return [this.secretsManager, this.parameters, this.vault];
  }

  /** A new stack and new buckets; what lies in the stores stays there. */
  async begin(): Promise<void> {
    for (const bucket of this.emulator.buckets) this.emulator.deleteBucket(bucket);
    for (const bucket of [BUCKET, OTHER_BUCKET]) this.emulator.createBucket(bucket);
    this.emulator.faults.clear();
    for (const { lane } of this.stores) lane.clear();
    const names = await readdir(this.terraform.folder);
    for (const name of names.filter((each) => !/^(main\.tf|\.terraform.*|terraform\.d)$/.test(each))) {
      rmSync(join(this.terraform.folder, name), { recursive: true });
    }
  }

  async configure(secret: string, more = '', bucket = BUCKET): Promise<void> {
    const provider = `endpoints {
    secretsmanager = "${this.secretsManager.url}"
    ssm            = "${this.parameters.url}"
    vault          = "${this.vault.url}"
  }
  max_attempts = ${this.maxAttempts}`;
    // A key that is replaced goes in the same apply, where a test says nothing else.
    const rotation = more.includes('rotation {') ? '' : 'rotation { overlap_hours = 0 }';
    const key = `bucket_name = "${bucket}"\n  secret {\n    ${secret}\n  }\n  ${rotation}\n  ${more}`;
    await this.terraform.write('main.tf', stack({ provider, key }));
  }

  /** Configures and applies; throws with everything that Terraform said where that fails. */
  async apply(secret: string, more = ''): Promise<Said> {
    await this.configure(secret, more);
    const outcome = await this.terraform.succeeds('apply', '-auto-approve', '-no-color');
    return toSaid(outcome);
  }

  /** A plan of a configuration that has never been applied, and may not be. */
  async firstPlan(secret: string, more = ''): Promise<Said> {
    await this.configure(secret, more);
    const calls = this.emulator.log.length;
    const said = await this.plan();
    const effects = this.emulator.log.slice(calls).filter(({ effect }) => effect);
    if (effects.length > 0) throw new Error(`A plan has done ${effects[0]?.operation ?? 'something'}.`);
    return said;
  }

  async plan(...args: string[]): Promise<Said> {
    return toSaid(await this.terraform.plan('-detailed-exitcode', ...args));
  }

  async run(...args: string[]): Promise<Said> {
    return toSaid(await this.terraform.run(...args, '-no-color'));
  }

  /** Another stack of somebody's with a key of another bucket and the same destination. */
  async planElsewhere(secret: string): Promise<Said> {
    await this.configure(secret, '', OTHER_BUCKET);
    const said = await this.plan('-state=elsewhere.tfstate');
    if (this.emulator.keys(OTHER_BUCKET).length > 0) throw new Error('A plan has made a key.');
    return said;
  }

  /** Runs once, with the next key as soon as it exists, and before the provider hears of it. */
  whenKeyIsMade(happens: (pair: Pair) => Promise<void> | void): void {
    const stop = this.emulator.onCall(async (point, { operation }) => {
      if (point !== 'effect-done' || operation !== 'CreateBucketAccessKey') return;
      stop();
      await happens(this.onlyKey);
    });
  }

  /** The IDs of the bucket's keys. */
  get keyIds(): readonly string[] {
    return this.emulator.keys(BUCKET).map(({ accessKeyId }) => accessKeyId);
  }

  /** The bucket's one key. */
  get onlyKey(): Pair {
    const [key, ...others] = this.emulator.keys(BUCKET);
    if (!key || others.length > 0) throw new Error(`The bucket has ${others.length + (key ? 1 : 0)} keys.`);
    return { accessKeyId: key.accessKeyId, secretAccessKey: key.secretAccessKey };
  }

  /** The key's attributes in the state's file: `terraform show` says the same and takes as long as a plan. */
  get values(): Readonly<Record<string, unknown>> {
    const text = readFileSync(join(this.terraform.folder, 'terraform.tfstate'), 'utf8');
    const { resources } = JSON.parse(text) as {
      resources: { instances: { attributes: Record<string, unknown> }[] }[];
    };
    return resources[0]?.instances[0]?.attributes ?? {};
  }

  /** Uses a pair as its consumer would: with AWS's SDK, on S3. */
  async works({ accessKeyId, secretAccessKey }: Pair): Promise<boolean> {
    const client = new S3Client({
      endpoint: this.emulator.url,
      region: this.emulator.region,
      forcePathStyle: true,
      credentials: { accessKeyId, secretAccessKey },
    });
    try {
      await client.send(new ListObjectsV2Command({ Bucket: BUCKET }));
      return true;
    } catch {
      return false;
    } finally {
      client.destroy();
    }
  }

  /** An apply whose provider is killed when `arm` calls what it is given; answers when Terraform has ended. */
  async applyUntilKilled(arm: (kill: () => Promise<void>) => () => void): Promise<Said> {
    const { process: child, outcome } = this.terraform.start('apply', '-auto-approve', '-no-color');
    let kills = 0;
    const disarm = arm(async () => {
      kills += 1;
      if (kills > 1) return;
      const providers = child.pid === undefined ? [] : childrenOf(child.pid);
      if (providers.length === 0) throw new Error('There is no provider to kill.');
      await strike('SIGKILL provider', { terraform: child, providers });
    });
    try {
      const ended = await outcome;
      if (kills === 0) throw new Error(`Nobody was killed:\n${ended.stdout}\n${ended.stderr}`);
      return toSaid(ended);
    } finally {
      disarm();
    }
  }
}
