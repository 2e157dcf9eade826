import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { AccessKey } from '../../../src/lifecycle/access-key.js';
import { KnownKeys } from '../../../src/lifecycle/known-keys.js';
import type { BucketKeys, Notice, World } from '../../../src/lifecycle/ports.js';
import type { Secret } from '../../../src/secret/secret.js';
import { newPair, REGION } from './workbench.js';
import type { Workbench } from './workbench.js';

/** The keys of one bucket, in memory: they outlive the processes. */
export class FakeBucket {
  readonly keys: AccessKey[] = [];
  readonly secrets = new Map<string, string>();

  constructor(readonly name: string) {}

  get ids(): readonly string[] {
    return this.keys.map(({ id }) => id);
  }

  create(): { key: AccessKey; secret: Secret } {
    const { accessKeyId: id, secretAccessKey: secret } = newPair();
    const key = { id, status: 'Active', createdAt: new Date(), lastUse: null };
    this.keys.push(key);
    this.secrets.set(id, secret.reveal());
    return { key, secret };
  }

  delete(accessKeyId: string): void {
    const index = this.ids.indexOf(accessKeyId);
    if (index >= 0) this.keys.splice(index, 1);
  }

  /** Whether the bucket takes this value of a secret: then its consumer works. */
  accepts(value: string): boolean {
    const { accessKeyId, secretAccessKey } = JSON.parse(value) as Record<string, string>;
    return this.ids.includes(accessKeyId ?? '') && this.secrets.get(accessKeyId ?? '') === secretAccessKey;
  }
}

let processes = 0;
const dead = new Set<number>();

/** One run of the provider, which may die: then its calls never come back, and nothing of it goes on. */
export class MortalProcess {
  readonly notices: Notice[] = [];
  readonly died: Promise<'died'>;
  #die: () => void = () => undefined;
  #calls = 0;
  readonly #pid = ++processes;
  readonly #known = new KnownKeys();

  constructor(
    private readonly bench: Workbench,
    /** It dies after this call to the outside; the state then is as before the next one. */
    private readonly lastCall = Infinity,
  ) {
    this.died = new Promise((resolve) => {
      this.#die = () => {
        dead.add(this.#pid);
        resolve('died');
      };
    });
  }

  /** One call to the outside. */
  async step<Result>(effect: () => Promise<Result> | Result): Promise<Result> {
    this.#calls += 1;
    if (this.#calls > this.lastCall) return new Promise(() => undefined);
    const result = await effect();
    if (this.#calls < this.lastCall) return result;
    this.#die();
    return new Promise(() => undefined);
  }

  world(bucket: FakeBucket, secretId: string): World {
    const keys = this.#keysOf(bucket);
    const handler = new MortalHandler(this);
    return {
      keys,
      keysOf: () => keys,
      destination: this.bench.destination(secretId, this.bench.access(handler)),
      s3: { accepts: () => this.step(() => ({ state: 'accepted' as const })) },
      clock: { elapsed: () => performance.now(), sleep: () => Promise.resolve() },
      runs: {
        self: { machine: 'machine', pid: this.#pid, started: 'then', host: 'host' },
        isDead: ({ pid }) => dead.has(pid),
      },
      known: this.#known,
      warn: (notice) => this.notices.push(notice),
      signal: new AbortController().signal,
    };
  }

  #keysOf(bucket: FakeBucket): BucketKeys {
    return {
      bucket: bucket.name,
      region: REGION,
      list: () => this.step(() => ({ keys: [...bucket.keys], asOf: new Date() })),
      create: () => this.step(() => ({ outcome: 'created' as const, ...bucket.create() })),
      delete: (id) =>
        this.step(() => {
          bucket.delete(id);
        }),
    };
  }
}

class MortalHandler extends NodeHttpHandler {
  constructor(private readonly process: MortalProcess) {
    super();
  }

  override async handle(...[request, options]: Parameters<NodeHttpHandler['handle']>) {
    return this.process.step(() => super.handle(request, options));
  }
}
