import type { KeyPair } from '../../../../src/lifecycle/access-key.js';
import type { KnownKeys } from '../../../../src/lifecycle/known-keys.js';
import { NoList } from '../../../../src/lifecycle/ports.js';
import type { BucketKeys, Hooks, Runs } from '../../../../src/lifecycle/ports.js';
import type { DestinationChoice } from '../../../../src/destinations/descriptor.js';
import type { Baseline } from '../../../../src/lifecycle/journal/entry.js';
import { placeOf } from '../../../../src/provider/cloud.js';
import type { Call, Cloud, Outside } from '../../../../src/provider/cloud.js';
import type { Note } from '../../../../src/provider/runs.js';
import { Listings } from '../../../../src/provider/listings.js';
import { Secret } from '../../../../src/secret/secret.js';
import { listed } from './cloud.js';
import type { Maker } from './cloud.js';
import { destinationOf } from './destinations.js';
import { withGap } from './gaps.js';
import type { Gap } from './gaps.js';
import { gapIn } from './happenings.js';
import type { Port } from './happenings.js';
import { hooksIn } from './hooks.js';
import type { History, Mortal } from './history.js';

const S3_LEARNS_AFTER = 2000;
const REGION = 'eu-west-1';
const ACCOUNT = '111111111111';
let processes = 0;
const running = new Set<number>();

/** One process of the provider: alive until it ends or is killed. What it asks outside is the model's. */
export class Process implements Mortal, Cloud {
  readonly failing = new Set<Port>();
  /** The session's; null until something is asked. */
  known: KnownKeys | null = null;
  isDead = false;
  /** Whoever waits for an answer of this process gets none. */
  onCrash: () => void = () => undefined;
  readonly #pid: number;
  readonly #abort = new AbortController();
  readonly #listings = new Listings();
  readonly #runs: Runs;
  readonly #folder: string;
  /** Whether a create got no answer, and the bucket was not looked at since. */
  #owesALook = false;
  #isWithoutList = false;
  #deletesNothing = false;
  /** Of every list from now on. */
  #gap: Gap | null = null;
  readonly #made = new Set<string>();

  constructor(
    readonly history: History,
    readonly stack: Maker,
    readonly phase: 'plan' | 'apply',
    /** Terraform dies with its provider. */
    private readonly onKill: () => void,
  ) {
    const pid = ++processes;
    this.#pid = pid;
    running.add(pid);
    const { machine: isOn, movesFolder, sharesFolder } = history.scenario;
    const machine = { same: 'here', other: `machine ${pid}`, unknown: null }[isOn];
    const folder = `/stack/${sharesFolder ? 'of both' : stack}${movesFolder ? `/run ${history.run}` : ''}`;
    this.#runs = {
      self: { machine, pid, started: 'then', host: machine ?? 'localhost', folder, workspace: 'default' },
      isDead: (holder) => machine !== null && holder.machine === machine && !running.has(holder.pid),
      wasLeft: (id) => history.notes.get(`${folder} ${id}`) === 'made',
      noteMade: (id) => history.notes.set(`${folder} ${id}`, 'made'),
      noteAsked: () => undefined,
      forgetAsked: () => undefined,
      wasTaken: (id) => history.notes.get(`${folder} ${id}`) === 'taken',
      noteTaken: (id) => history.notes.set(`${folder} ${id}`, 'taken'),
      forget: (id) => history.notes.delete(`${folder} ${id}`),
    };
    this.#folder = folder;
  }

  left(): readonly Note[] {
    const isHere = ({ folder, pid }: { readonly folder: string; readonly pid: number }) =>
      folder === this.#folder && !running.has(pid);
    return [...this.history.left].flatMap(([name, note]) => (isHere(note) ? [{ ...note, name }] : []));
  }

  forgetLeft({ name }: Note): void {
    this.history.left.delete(name);
  }

  /** As the work on one key has them. */
  #runsFor(bucket: string, choice: DestinationChoice): Runs {
    const { history } = this;
    const [folder, pid] = [this.#folder, this.#pid];
    const note = (name: string, key: string | null, baseline: Baseline, at: Date) => {
      history.left.set(`${folder} ${name}`, {
        folder,
        pid,
        bucket,
        place: placeOf(choice),
        at,
        key,
        baseline,
      });
    };
    const forget = (name: string) => history.left.delete(`${folder} ${name}`);
    const asked = `${bucket} ${pid}`;
    return {
      ...this.#runs,
      noteMade: (id, at) => {
        this.#runs.noteMade(id, at);
        note(id, id, null, at);
      },
      noteAsked: (baseline, at) => {
        note(asked, null, baseline, at);
      },
      forgetAsked: () => forget(asked),
      noteTaken: (id) => {
        this.#runs.noteTaken(id);
        forget(id);
      },
      forget: (id) => {
        this.#runs.forget(id);
        forget(id);
      },
    };
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Keys of other resources of the same configuration. */
  get neighbours(): readonly string[] {
    return this.stack === 'A' ? this.history.neighbours : [];
  }

  end(): void {
    running.delete(this.#pid);
  }

  die(how: 'crash' | 'kill'): Promise<never> {
    this.isDead = true;
    this.end();
    if (how === 'kill') this.onKill();
    else this.onCrash();
    return new Promise(() => undefined);
  }

  abort(): void {
    this.#abort.abort();
  }

  hasNeighbour(accessKeyId: string): void {
    this.known?.made(accessKeyId);
  }

  region(): Promise<string> {
    return Promise.resolve(REGION);
  }

  account(): Promise<string> {
    return Promise.resolve(ACCOUNT);
  }

  hooksFor(given: Hooks): Hooks {
    return hooksIn(this, given);
  }

  readable(): never {
    throw new Error('Nobody reads a pair back here.');
  }

  outside(bucket: string, _region: string, choice: DestinationChoice, call: Call): Promise<Outside> {
    return Promise.resolve(this.surroundings(bucket, choice, call));
  }

  surroundings(
    bucket: string,
    choice: DestinationChoice,
    { phase, context }: Pick<Call, 'phase' | 'context'>,
  ): Outside {
    const { history } = this;
    const keysOf = (name: string) => this.#listings.keysIn(phase, context.signal, () => this.#keysOf(name));
    let elapsed = 0;
    return {
      keys: keysOf(bucket),
      keysOf,
      destination: destinationOf(this, choice),
      s3: {
        accepts: (pair) =>
          history
            .step(this, 's3.accepts', () =>
              this.#isAccepted(pair)
                ? ({ state: 'accepted' } as const)
                : ({ state: 'not-yet', reason: 'InvalidAccessKeyId.' } as const),
            )
            .catch(() => ({ state: 'not-yet', reason: 'No route to host.' }) as const),
      },
      clock: {
        elapsed: () => history.cloud.now + elapsed,
        sleep: (milliseconds, signal) => {
          if (!signal?.aborted) history.pass(milliseconds);
          elapsed += 1;
          return Promise.resolve();
        },
      },
      runs: this.#runsFor(bucket, choice),
    };
  }

  #keysOf(bucket: string): BucketKeys {
    const { history } = this;
    const { cloud, scenario } = history;
    return {
      bucket,
      region: REGION,
      list: () =>
        history.step(this, 'keys.list', (happening) => {
          if (happening === 'no-list-always') this.#isWithoutList = true;
          if (happening === 'no-list' || this.#isWithoutList)
            throw new NoList('No list.', { asOf: serviceTime(cloud) });
          this.#owesALook = false;
          const shown = cloud.shown(bucket, scenario.lag);
          const gap = gapIn(happening) ?? this.#gap;
          if (happening?.endsWith(', always')) this.#gap = gap;
          const listing = {
            keys: shown.map((key) => listed(key, scenario.stillUsed ? cloud.now : null)),
            asOf: serviceTime(cloud),
          };
          return gap ? withGap(listing, gap, cloud.now) : listing;
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
          if (key) {
            history.did(this, 'made', key.id);
            history.judge.makes(this.stack, this.#gap);
          }
          if (happening === 'lost-done') return this.#unanswered();
          if (!key) return refused('You have reached the limit.', false);
          this.#made.add(key.id);
          return { outcome: 'created', key: listed(key), secret: new Secret(key.secret) } as const;
        }),
      delete: (accessKeyId) =>
        history.step(this, 'keys.delete', (happening) => {
          if (happening === 'undone-always') this.#deletesNothing = true;
          if (happening === 'undone' || this.#deletesNothing) return;
          const key = cloud.find(accessKeyId);
          if (this.phase === 'plan') history.wrong('a plan deleted a key');
          if (!key?.alive || key.bucket !== bucket) return;
          history.did(this, 'deleted', key.id);
          history.judge.deletes(this.stack, key, this.#made.has(key.id) ? null : this.#gap);
          cloud.delete(key, scenario.deletedLag ?? 0);
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
    if (
      scenario.s3 === 'never' ||
      !key?.alive ||
      key.status !== 'Active' ||
      key.secret !== pair.secretAccessKey.reveal()
    )
      return false;
    return cloud.now >= key.createdAt + S3_LEARNS_AFTER;
  }
}

/** The API tells seconds. */
function serviceTime({ now }: { readonly now: number }): Date {
  return new Date(Math.floor(now / 1000) * 1000);
}

function refused(reason: string, throttled: boolean) {
  return { outcome: 'refused', reason, throttled } as const;
}
