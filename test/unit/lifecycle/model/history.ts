import type { LeftInFolder } from '../../../../src/lifecycle/ports.js';
import type { Purpose } from '../../../../src/provider/runs.js';
import { DestinationError } from '../../../../src/lifecycle/destination.js';
import { Cloud } from './cloud.js';
import type { Maker } from './cloud.js';
import type { Kind } from './decision.js';
import type { Happening, Plot, Port, Step } from './happenings.js';
import { isClaimOfDeletion, Judge } from './judge.js';
import type { Scenario } from './scenario.js';
import { ONLY_STORE, Store } from './store.js';

export interface Message {
  readonly run: number;
  readonly phase: 'plan' | 'apply';
  readonly stack: Maker;
  readonly text: string;
}

/** What a run has done to a key. */
interface Deed {
  readonly run: number;
  readonly what: 'made' | 'deleted' | 'delivered';
  readonly id: string;
}

/** One process of the provider, as far as a step can befall it. */
export interface Mortal {
  readonly stack: Maker;
  readonly failing: Set<Port>;
  readonly isDead: boolean;
  /** Ends the process: the promise never resolves. */
  die(how: 'crash' | 'kill'): Promise<never>;
  abort(): void;
  hasNeighbour(accessKeyId: string): void;
}

const STEP_MILLISECONDS = 200;
const QUICK_MILLISECONDS = 20;
const LONGER_THAN_ANY_LEASE = 600_000;

/** One course of events: the world as it is now, what has happened, and what was found wrong. */
export class History {
  readonly cloud = new Cloud(() => ({
    message: this.messages.length,
    run: this.run,
    step: this.#clicks,
  }));
  /** Each destination by its path. */
  readonly #stores = new Map<string, Store>();
  /** The one of the only resource. */
  readonly store = this.storeAt(ONLY_STORE);
  readonly messages: Message[] = [];
  readonly violations: string[] = [];
  readonly steps: Step[] = [];
  /** What the author's runs have done to keys. */
  readonly deeds: Deed[] = [];
  /** IDs of keys of another resource of the same stack, which every later process reads in its state. */
  readonly neighbours: string[] = [];
  /** What the author's plan of each run has decided. */
  readonly kinds = new Map<number, readonly Kind[]>();
  /** Keys of whose making and of whose end the author's programs were told. */
  readonly told = new Set<string>();
  readonly forewarned = new Set<string>();
  /** The provider counts which destinations want a bucket, and all processes of the model are one for it. */
  readonly bucket: string;
  readonly otherBucket: string;
  /** What fails as long as it stands here, before the plot begins. */
  readonly broken = new Set<Port>();
  /** The step, and the time, since which no state holds anything: nobody looks at the bucket any more. */
  abandoned: { readonly step: number; readonly time: number } | null = null;
  run = 0;
  phase: 'plan' | 'apply' = 'plan';
  /** When each run began. */
  readonly runs = new Map<number, number>();
  /** Runs in which something happened that the plot wanted. */
  readonly stirredRuns = new Set<number>();
  /** What working folders know of keys: that a run makes one, and that Terraform has taken its answer. */
  readonly notes = new Map<string, 'made' | 'taken'>();
  /** What was written down there, by the file's name, of keys that were made or asked for. */
  readonly left = new Map<
    string,
    LeftInFolder & Purpose & { readonly folder: string; readonly pid: number }
  >();
  /** When a pair was last promoted, in calls of any port. */
  lastPromotion = 0;
  #clicks = 0;
  judge = new Judge(this, () => []);
  /** Set while the rival runs: its steps are not part of the plot. */
  #rivalRuns = false;
  #begins = false;
  #isFirstOfPhase = false;

  constructor(
    readonly scenario: Scenario,
    private readonly plot: Plot,
    private readonly rival: () => Promise<void>,
  ) {
    this.bucket = scenario.row ? 'shared' : `uploads-${scenario.route}`;
    this.otherBucket = `archive-${scenario.route}`;
  }

  storeAt(path: string): Store {
    const store = this.#stores.get(path) ?? new Store();
    this.#stores.set(path, store);
    return store;
  }

  get stores(): readonly Store[] {
    return [...this.#stores.values()];
  }

  /** From here on, steps are numbered and things may happen. */
  begin(): void {
    this.#begins = true;
  }

  /** From here on nothing happens any more that the plot wanted. */
  end(): void {
    this.#begins = false;
  }

  enter(phase: 'plan' | 'apply'): void {
    if (this.#rivalRuns) return;
    if (phase === 'plan' && !this.runs.has(this.run)) this.runs.set(this.run, this.cloud.now);
    this.phase = phase;
    this.#isFirstOfPhase = true;
  }

  abandon(): void {
    this.abandoned ??= { step: this.#clicks, time: this.cloud.now };
  }

  befell(happening: Happening): boolean {
    return [...this.plot.values()].includes(happening);
  }

  /**
   * Whether the owner has planned a replacement that was not applied yet: for a day another stack with the same
   * destination cannot be told from the owner's apply, because Terraform carries nothing from one to the other.
   */
  isReplaceable(): boolean {
    const { entry } = this.store.readJournal();
    const mark = entry?.phase === 'intent' ? entry.before : entry;
    return mark?.replaceableUntil !== undefined && this.cloud.now < Date.parse(mark.replaceableUntil);
  }

  did({ stack }: Mortal, what: Deed['what'], id: string): void {
    if (stack === 'A') this.deeds.push({ run: this.run, what, id });
  }

  wrong(what: string): void {
    this.violations.push(what);
  }

  say(stack: Maker, text: string): void {
    if (text.includes('SECRET')) this.wrong(`a message shows a secret: ${text}`);
    if (isClaimOfDeletion(text) && this.cloud.keys.some((key) => key.alive && text.includes(key.id))) {
      this.wrong('a living key is said to be deleted');
    }
    this.messages.push({ run: this.run, phase: this.phase, stack, text });
  }

  /** Whether the plan of this run has said what the apply says. */
  wasForetold(summary: string): boolean {
    return this.messages.some(
      ({ run, phase, text }) => run === this.run && phase === 'plan' && text.includes(summary),
    );
  }

  pass(milliseconds: number): void {
    const before = this.cloud.keys.length;
    this.cloud.pass(milliseconds, this.steps.length);
    if (this.cloud.keys.length > before) this.#stir();
  }

  async step<T>(process: Mortal, port: Port, act: (happening: Happening | undefined) => T): Promise<T> {
    // Terraform outlives a provider that has crashed.
    if (process.isDead && port !== 'terraform.save') return new Promise<never>(() => undefined);
    const happening = this.#next(port);
    this.#clicks += 1;
    if (port === 'destination.promote') this.lastPromotion = this.#clicks;
    this.pass(this.scenario.isQuick ? QUICK_MILLISECONDS : STEP_MILLISECONDS);
    if (happening) await this.#before(process, port, happening);
    if (process.failing.has(port) || this.broken.has(port)) throw failureOf(port);
    const result = act(happening);
    this.judge.serves();
    if (happening === 'crash-after') return process.die('crash');
    if (happening === 'kill-after') return process.die('kill');
    if (happening === 'fail-after') throw failureOf(port);
    return result;
  }

  #next(port: Port): Happening | undefined {
    if (!this.#begins || this.#rivalRuns) return undefined;
    const happening = this.plot.get(this.steps.length);
    this.steps.push({ port, run: this.run, phase: this.phase, isFirstOfPhase: this.#isFirstOfPhase });
    this.#isFirstOfPhase = false;
    // Between two runs it disturbs neither of them.
    const isBetweenRuns = happening === 'altered' && this.phase === 'plan';
    if (happening && !isBetweenRuns) this.#stir();
    return happening;
  }

  #stir(): void {
    this.stirredRuns.add(this.run);
  }

  async #before(process: Mortal, port: Port, happening: Happening): Promise<void> {
    const { cloud } = this;
    switch (happening) {
      case 'crash-before':
        return process.die('crash');
      case 'kill-before':
        return process.die('kill');
      case 'fail-before':
        throw failureOf(port);
      case 'fail-always':
        process.failing.add(port);
        return;
      case 'stranger-comes':
        cloud.make(this.bucket, 'stranger');
        return;
      case 'stranger-goes':
        for (const key of cloud.alive(this.bucket)) if (key.maker === 'stranger') key.alive = false;
        return;
      case 'ours-goes':
        for (const key of cloud.alive(this.bucket)) if (key.maker === 'A') key.alive = false;
        return;
      case 'ours-inactive':
        for (const key of cloud.alive(this.bucket)) if (key.maker === 'A') key.status = 'Inactive';
        return;
      case 'neighbour-comes': {
        const key = cloud.make(this.bucket, 'neighbour');
        if (!key) return;
        process.hasNeighbour(key.id);
        this.neighbours.push(key.id);
        return;
      }
      case 'altered':
        this.store.alter();
        return;
      case 'abort':
        process.abort();
        return;
      case 'overtaken':
        this.pass(LONGER_THAN_ANY_LEASE);
        return this.#before(process, port, 'rival');
      case 'rival':
        this.#rivalRuns = true;
        await this.rival();
        this.#rivalRuns = false;
        return;
      default:
        return;
    }
  }
}

function failureOf(port: Port): Error {
  return port.startsWith('keys')
    ? new Error(`${port} failed.`)
    : new DestinationError(`${port} failed.`, 'Mend it.');
}
