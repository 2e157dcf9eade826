import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { GetBucketsCommand, LightsailClient } from '@aws-sdk/client-lightsail';
import { removalContexts } from '../../e2e/canary/scan.js';
import { BUCKET, KEY } from '../destinations/bench.js';
import type { Bench } from '../destinations/bench.js';
import type { Said } from '../stack.js';
import { type GrantedAction, OWNER } from './iam.js';

/** Where a pair goes, and the rest of the arguments of `lightsail-access-key policy` for it. */
export interface Place {
  /** The value of `secret`. */
  readonly secret: string;
  readonly policy: readonly string[];
}

/** What a run does while a right is missing. */
export type Act = 'create' | 'replace' | 'destroy' | 'recover';

/** How it went. */
export interface Account {
  readonly act: Act;
  readonly code: number | null;
  /** How often the provider was refused what it asked for. */
  readonly refusals: number;
  /** Whether an error or a warning names the missing right, or says where to find what is needed. */
  readonly isTold: boolean;
  /**
   * Keys that are on the bucket, and neither in the state nor named in what Terraform said. Of a run that died before,
   * the journal names the key, to the next run that may read it.
   */
  readonly leaked: readonly string[];
  /** Where a secret stands in what Terraform said. */
  readonly printed: readonly string[];
  readonly said: string;
}

/** One stack of one key, of whose policy one action after the other is taken away. */
export class Trial {
  /** Of every key that was ever on the bucket. */
  readonly #secrets = new Set<string>();

  private constructor(
    readonly bench: Bench,
    private readonly place: Place,
    private readonly right: GrantedAction,
  ) {}

  /** A new stack in which everything is allowed that the policy for that very bucket gives. */
  static async begin(bench: Bench, place: Place, right: GrantedAction): Promise<Trial> {
    await bench.begin();
    bench.iam.clear();
    bench.iam.grant('--bucket', await arnOf(bench), ...place.policy);
    await bench.configure(place.secret);
    return new Trial(bench, place, right);
  }

  /** Everything that a stack goes through, each time without the right, and then with it again. */
  async run(acts: readonly Act[]): Promise<readonly Account[]> {
    const accounts: Account[] = [];
    const stop = this.bench.emulator.onCall((point) => {
      if (point === 'effect-done') this.#noteSecrets();
    });
    try {
      for (const act of acts) {
        accounts.push(await this.#without(act));
        await this.#settle();
      }
      const { code, said } = await this.bench.run('destroy', '-auto-approve');
      if (code !== 0 || this.bench.keyIds.length > 0) throw new Error(`The end is not clean: ${said}`);
      return accounts;
    } finally {
      stop();
    }
  }

  async #without(act: Act): Promise<Account> {
    const { bench } = this;
    if (act === 'recover') await this.#die();
    bench.iam.withhold(this.right);
    const before = bench.iam.refused.length;
    const { code, said } = await this.#perform(act);
    bench.iam.withhold(null);
    const stateId = this.#idInState();
    return {
      act,
      code,
      refusals: bench.iam.refused.length - before,
      isTold: this.#isTold(said),
      leaked: act === 'recover' ? [] : bench.keyIds.filter((id) => id !== stateId && !said.includes(id)),
      printed: removalContexts([...this.#secrets], new Map([[act, Buffer.from(said)]])),
      said,
    };
  }

  #perform(act: Act): Promise<Said> {
    switch (act) {
      case 'replace':
        return this.bench.run('apply', '-auto-approve', `-replace=${KEY}`);
      case 'destroy':
        return this.bench.run('destroy', '-auto-approve');
      default:
        return this.bench.run('apply', '-auto-approve');
    }
  }

  /** A creation whose provider dies when the pair is staged. */
  async #die(): Promise<void> {
    await this.bench.run('destroy', '-auto-approve');
    const store = this.bench.stores.find(({ member }) => this.place.secret.includes(`${member} {`));
    const [, place = ''] = /(?:name|secret_id) = "([^"]+)"/.exec(this.place.secret) ?? [];
    if (!store) throw new Error('Only a store stages pairs.');
    await this.bench.applyUntilKilled((kill) => store.after('stage', place, kill));
  }

  #isTold(said: string): boolean {
    const { action } = this.right;
    const isNamed = said.includes(action) || said.includes('lightsail-access-key policy');
    return /Error:|Warning:/.test(said) && isNamed;
  }

  #noteSecrets(): void {
    const { emulator } = this.bench;
    if (!emulator.buckets.includes(BUCKET)) return;
    for (const { secretAccessKey } of emulator.keys(BUCKET)) this.#secrets.add(secretAccessKey);
  }

  /** Null where Terraform has no state yet. */
  #idInState(): unknown {
    const isThere = existsSync(join(this.bench.terraform.folder, 'terraform.tfstate'));
    return isThere ? this.bench.values.access_key_id : null;
  }

  /** With all rights, the stack comes to what it should be: one key, in the state. */
  async #settle(): Promise<void> {
    const { code, said } = await this.bench.run('apply', '-auto-approve');
    const stateId = this.#idInState();
    const [id, ...others] = this.bench.keyIds;
    if (code !== 0 || id !== stateId || others.length > 0) {
      throw new Error(`With all rights again, the bucket has ${this.bench.keyIds.join(', ')}: ${said}`);
    }
  }
}

async function arnOf({ emulator }: Bench): Promise<string> {
  const client = new LightsailClient({
    region: emulator.region,
    endpoint: emulator.url,
    credentials: OWNER,
  });
  const { buckets = [] } = await client.send(new GetBucketsCommand({ bucketName: BUCKET }));
  client.destroy();
  return buckets[0]?.arn ?? '';
}
