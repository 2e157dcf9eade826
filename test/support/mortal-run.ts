import type { AccessKey } from '../../src/lifecycle/access-key.js';
import type { Destination } from '../../src/lifecycle/destination.js';
import { KnownKeys } from '../../src/lifecycle/known-keys.js';
import { render } from '../../src/lifecycle/message.js';
import type { Rendered } from '../../src/lifecycle/message.js';
import type { BucketKeys, KeyContext } from '../../src/lifecycle/ports.js';
import { Secret } from '../../src/secret/secret.js';

let keysMade = 0;

/** The keys of one bucket, in memory: they outlive the runs. */
export class FakeBucket {
  readonly keys: AccessKey[] = [];
  readonly secrets = new Map<string, string>();

  constructor(readonly name = 'uploads') {}

  get ids(): readonly string[] {
    return this.keys.map(({ id }) => id);
  }

  create(): { key: AccessKey; secret: Secret } {
    keysMade += 1;
    const number = String(keysMade).padStart(6, '0');
    const id = `AKIAMORTALRUN0${number}`;
    const secret = `secret/of+the=run/${number}/0123456789012`;
    const key = { id, status: 'Active', createdAt: new Date(), lastUse: null };
    this.keys.push(key);
    this.secrets.set(secret, id);
    return { key, secret: new Secret(secret) };
  }

  delete(accessKeyId: string): void {
    const index = this.ids.indexOf(accessKeyId);
    if (index >= 0) this.keys.splice(index, 1);
  }

  /** The key whose secret a consumer found, if the bucket takes it. */
  accepts(secret: string | null): string | null {
    const id = this.secrets.get(secret ?? '') ?? '';
    return this.ids.includes(id) ? id : null;
  }
}

/** Where a run dies: at its n-th call to the outside, before or after it took effect. */
export interface Death {
  readonly at: number;
  readonly when: 'before' | 'after';
}

let runs = 0;
const dead = new Set<number>();

/** One run of the provider. After its death its calls never come back, and nothing of it goes on. */
export class MortalRun {
  readonly notices: Rendered[] = [];
  readonly died: Promise<'died'>;
  #die: () => void = () => undefined;
  #calls = 0;
  readonly #pid = ++runs;
  readonly #known = new KnownKeys();

  constructor(private readonly death: Death | null = null) {
    this.died = new Promise((resolve) => {
      this.#die = () => {
        dead.add(this.#pid);
        resolve('died');
      };
    });
  }

  readonly step = async <Result>(effect: () => Promise<Result>): Promise<Result> => {
    this.#calls += 1;
    const { at = Infinity, when = 'after' } = this.death ?? {};
    if (this.#calls < at) return effect();
    if (this.#calls === at && when === 'after') await effect();
    this.#die();
    return new Promise(() => undefined);
  };

  world(bucket: FakeBucket, destination: Destination, others: readonly FakeBucket[] = []): KeyContext {
    return {
      keys: this.#keysOf(bucket),
      keysOf: (name) => this.#keysOf([bucket, ...others].find((each) => each.name === name) ?? bucket),
      destination,
      s3: { accepts: () => this.step(() => Promise.resolve({ state: 'accepted' as const })) },
      clock: { elapsed: () => performance.now(), sleep: () => Promise.resolve() },
      runs: {
        self: {
          machine: 'machine',
          pid: this.#pid,
          started: 'then',
          host: 'host',
          folder: '/stack',
          workspace: 'default',
        },
        isDead: ({ pid }) => dead.has(pid),
        wasLeft: () => true,
        noteMade: () => undefined,
        noteAsked: () => undefined,
        forgetAsked: () => undefined,
        wasTaken: () => false,
        noteTaken: () => undefined,
        forget: () => undefined,
      },
      known: this.#known,
      hooks: { created: () => Promise.resolve(null), beforeDeletion: () => Promise.resolve() },
      learn: () => undefined,
      warn: (said) => this.notices.push(render(said)),
      log: () => undefined,
      signal: new AbortController().signal,
    };
  }

  #keysOf(bucket: FakeBucket): BucketKeys {
    return {
      bucket: bucket.name,
      region: 'eu-central-1',
      list: () => this.step(() => Promise.resolve({ keys: [...bucket.keys], asOf: new Date() })),
      create: () => this.step(() => Promise.resolve({ outcome: 'created' as const, ...bucket.create() })),
      delete: (id) =>
        this.step(() => {
          bucket.delete(id);
          return Promise.resolve();
        }),
    };
  }
}
