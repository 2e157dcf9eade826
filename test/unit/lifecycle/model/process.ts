import type { KeyPair } from '../../../../src/lifecycle/access-key.js';
import { KnownKeys } from '../../../../src/lifecycle/known-keys.js';
import type { Holder } from '../../../../src/lifecycle/journal/entry.js';
import { render } from '../../../../src/lifecycle/message.js';
import type { CreateOptions } from '../../../../src/lifecycle/ports.js';
import type { BucketKeys, KeyContext } from '../../../../src/lifecycle/ports.js';
import { Secret } from '../../../../src/secret/secret.js';
import { listed } from './cloud.js';
import type { Maker } from './cloud.js';
import { destinationOf } from './destinations.js';
import type { Port } from './happenings.js';
import type { History, Mortal } from './history.js';

/** Takes a guard away from everything that a process of the provider works with. */
export interface Sabotage {
  readonly world?: (world: KeyContext, history: History) => KeyContext;
  /** What the lifecycle takes the author to have said. */
  readonly order?: (order: CreateOptions) => CreateOptions;
}

const S3_LEARNS_AFTER = 2000;
let processes = 0;
const running = new Set<number>();

/** One process of the provider: alive until it ends or is killed. */
export class Process implements Mortal {
  readonly failing = new Set<Port>();
  readonly known = new KnownKeys();
  /** Resolves when the process is killed: whatever it was about to do never happens. */
  readonly death: Promise<'crash' | 'kill'>;
  readonly #pid: number;
  readonly #abort = new AbortController();
  #announceDeath: (how: 'crash' | 'kill') => void = () => undefined;
  /** Whether a create got no answer, and the bucket was not looked at since. */
  #owesALook = false;

  constructor(
    readonly history: History,
    readonly stack: Maker,
    readonly phase: 'plan' | 'apply',
    private readonly sabotage: Sabotage,
  ) {
    this.#pid = ++processes;
    running.add(this.#pid);
    this.death = new Promise((resolve) => {
      this.#announceDeath = resolve;
    });
    if (stack === 'A') for (const id of history.neighbours) this.known.sawInState(id);
  }

  end(): void {
    running.delete(this.#pid);
  }

  die(how: 'crash' | 'kill'): Promise<never> {
    this.end();
    this.#announceDeath(how);
    return new Promise(() => undefined);
  }

  abort(): void {
    this.#abort.abort();
  }

  hasNeighbour(accessKeyId: string): void {
    this.known.made(accessKeyId);
  }

  /** `inState`: the key whose secret the state holds, for a route without a store. */
  world(bucket: string, inState: string | null): KeyContext {
    const { history } = this;
    const machine = history.scenario.machine === 'same' ? 'here' : `machine ${this.#pid}`;
    const self: Holder = { machine, pid: this.#pid, started: 'then', host: machine };
    let elapsed = 0;
    const world: KeyContext = {
      keys: this.#keysOf(bucket),
      keysOf: (name) => this.#keysOf(name),
      destination: destinationOf(this, inState),
      s3: {
        accepts: (pair) =>
          history
            .step(this, 's3.accepts', () =>
              this.#isAccepted(pair)
                ? ({ state: 'accepted' } as const)
                : ({ state: 'not-yet', reason: 'InvalidAccessKeyId.' } as const),
            )
            .catch(() => ({ state: 'unreachable', reason: 'No route to host.' }) as const),
      },
      clock: {
        elapsed: () => history.cloud.now + elapsed,
        sleep: (milliseconds, signal) => {
          if (!signal?.aborted) history.pass(milliseconds);
          elapsed += 1;
          return Promise.resolve();
        },
      },
      runs: {
        self,
        isDead: (holder) => holder.machine === machine && !running.has(holder.pid),
      },
      known: this.known,
      hooks: { created: () => Promise.resolve(null), beforeDeletion: () => Promise.resolve() },
      learn: () => undefined,
      warn: (said) => {
        const { summary, detail } = render(said);
        history.say(this.stack, `${summary}: ${detail}`);
      },
      signal: this.#abort.signal,
    };
    return this.sabotage.world?.(world, history) ?? world;
  }

  #keysOf(bucket: string): BucketKeys {
    const { history } = this;
    const { cloud, scenario } = history;
    return {
      bucket,
      region: 'eu-west-1',
      list: () =>
        history.step(this, 'keys.list', () => {
          this.#owesALook = false;
          const shown = cloud
            .alive(bucket)
            .filter((key) => key.maker === 'stranger' || key.createdAt + scenario.lag <= cloud.now);
          return {
            keys: shown.map((key) => listed(key, scenario.stillUsed ? cloud.now : null)),
            asOf: new Date(Math.floor(cloud.now / 1000) * 1000),
          };
        }),
      create: () =>
        history.step(this, 'keys.create', (happening) => {
          if (this.phase === 'plan') history.wrong('a plan created a key');
          if (scenario.unwritable) history.wrong('a key was made that its destination cannot take');
          if (this.#owesALook) history.wrong('a create was repeated without a look at the bucket');
          if (happening === 'throttled') return refused('Slow down.', true);
          if (happening === 'refused') return refused('No.', false);
          if (happening === 'lost-undone') return this.#unanswered();
          if (happening?.startsWith('late-')) {
            cloud.makeLate(bucket, this.stack, history.steps.length + Number(happening.slice(5)));
            return this.#unanswered();
          }
          const key = cloud.make(bucket, this.stack);
          if (happening === 'lost-done') return this.#unanswered();
          if (!key) return refused('You have reached the limit.', false);
          this.#owesALook = true;
          return { outcome: 'created', key: listed(key), secret: new Secret(key.secret) } as const;
        }),
      delete: (accessKeyId) =>
        history.step(this, 'keys.delete', () => {
          const key = cloud.find(accessKeyId);
          if (this.phase === 'plan') history.wrong('a plan deleted a key');
          if (!key?.alive || key.bucket !== bucket) return;
          history.judge.deletes(this.stack, key);
          key.alive = false;
        }),
    };
  }

  #unanswered() {
    this.#owesALook = true;
    return { outcome: 'unknown', reason: 'The connection broke.' } as const;
  }

  #isAccepted(pair: KeyPair): boolean {
    const { cloud, scenario } = this.history;
    const key = cloud.find(pair.accessKeyId);
    if (scenario.s3 === 'never' || !key?.alive || key.secret !== pair.secretAccessKey.reveal()) return false;
    return cloud.now >= key.createdAt + S3_LEARNS_AFTER;
  }
}

function refused(reason: string, throttled: boolean) {
  return { outcome: 'refused', reason, throttled } as const;
}
