import type { Diagnostic, ObjectValue } from '../../../../src/plugin/index.js';
import { Core, isNothing } from '../../../support/terraform-core/core.js';
import type { Planned } from '../../../support/terraform-core/core.js';
import type { PlanOptions, Stored } from '../../../support/terraform-core/plan-once.js';
import type { Maker } from './cloud.js';
import { configFor } from './configuration.js';
import type { Configuration } from './configuration.js';
import { kindsOf } from './decision.js';
import type { History } from './history.js';
import { Process } from './process.js';
import { ModelProvider } from './provider.js';
import type { Sabotage } from './session.js';
import { keysOf, view } from './view.js';
import type { View } from './view.js';

/** What the user asks of one run, beside the configuration. */
export type Wish = 'apply' | 'replace' | 'destroy' | 'destroy-unrefreshed' | 'remove';
export type Ending = 'no changes' | 'applied' | 'failed' | 'crashed';

/** Terraform with the shipped resource: one stack, and what its user does. */
export class Terraform {
  readonly #core: Core<ModelProvider>;
  #killed: () => void = () => undefined;

  constructor(
    private readonly history: History,
    private readonly stack: Maker,
    public configuration: Configuration,
    private readonly sabotage: Sabotage,
  ) {
    this.#core = new Core(
      (phase) => {
        const process = new Process(history, stack, phase, () => {
          this.#killed();
        });
        return new ModelProvider(process, sabotage);
      },
      ({ process }, write) => history.step(process, 'terraform.save', write),
    );
  }

  get current(): View | null {
    return this.#core.state && view(this.#core.state);
  }

  get deposed(): readonly Stored[] {
    return this.#core.deposed;
  }

  get isRenamed(): boolean {
    return this.#core.renamed !== null;
  }

  /** IDs of every key of the state. */
  get held(): string[] {
    const { state, deposed, renamed } = this.#core;
    return [state, renamed, ...deposed].flatMap((stored) => (stored ? keysOf(view(stored)) : []));
  }

  /** The author gives the resource another name in the configuration. */
  rename(): void {
    this.#core.renamed = this.#core.state;
    this.#core.state = null;
  }

  /** The author writes a `moved` block. */
  move(): void {
    this.#core.state ??= this.#core.renamed;
    this.#core.renamed = null;
  }

  async import(accessKeyId: string): Promise<void> {
    this.#say(await this.#core.import(`${this.configuration.bucket},${accessKeyId}`));
  }

  /** `terraform taint` */
  taint(): void {
    const { state } = this.#core;
    this.#core.state = state && { ...state, tainted: true };
  }

  /** One `terraform apply`. Killed, it says nothing of what its processes had to say. */
  run(wish: Wish): Promise<Ending> {
    return new Promise((resolve) => {
      this.#killed = () => {
        resolve('crashed');
      };
      this.#run(wish).then(resolve, (error: unknown) => {
        this.history.wrong(`the model itself is wrong: ${String(error)}`);
        resolve('failed');
      });
    });
  }

  async #run(wish: Wish): Promise<Ending> {
    const { history } = this;
    history.enter('plan');
    const plan = await this.#core.plan(
      wish === 'remove' ? null : this.#config(history.run !== 1),
      this.#options(wish),
    );
    // A destroy shows what stops it, and none of a refresh's warnings.
    const shows = ({ severity }: Diagnostic) => severity === 'error' || !wish.startsWith('destroy');
    this.#say(plan.refreshSaid.filter(shows));
    this.#say(plan.said);
    this.#report(plan.bugs);
    this.#note(plan);
    const { change } = plan;
    if (!change) return 'failed';
    if (isNothing(plan)) {
      await this.#core.apply(plan);
      return 'no changes';
    }
    return this.#apply(plan);
  }

  async #apply(plan: Planned): Promise<Ending> {
    const { history } = this;
    history.enter('apply');
    this.#core.state = plan.refreshed;
    this.#core.deposed = plan.deposed;
    this.#core.renamed = plan.renamed;
    const isMadeFirst = plan.change?.action === 'create before destroy' || plan.renamed !== null;
    const mayLackRoom = plan.deposed.length > 0 || isMadeFirst;
    const judged = history.judge.beginApply(this.stack, mayLackRoom);
    const applied = await this.#core.apply(plan, plan.config && this.#config(true));
    this.#say(applied.said);
    this.#report(applied.bugs);
    const errors = applied.said.filter(({ severity }) => severity === 'error');
    const isForetold = errors.some(({ summary }) => history.wasForetold(summary));
    judged(applied.failed && !isForetold);
    return applied.failed ? 'failed' : 'applied';
  }

  #config(isKnown: boolean): ObjectValue {
    const config = configFor(this.history.scenario, this.configuration, isKnown);
    return this.sabotage.config?.(config) ?? config;
  }

  #options(wish: Wish): PlanOptions {
    const { createBeforeDestroy } = this.configuration;
    return {
      createBeforeDestroy,
      replaces: wish === 'replace',
      destroys: wish.startsWith('destroy'),
      refresh: wish !== 'destroy-unrefreshed',
      newNameFirst: this.history.scenario.action === 'rename-new-first',
    };
  }

  #note(plan: Planned): void {
    const { history } = this;
    if (this.stack !== 'A') return;
    const kinds = kindsOf(plan, { now: history.cloud.now, isTold: (id) => history.told.has(id) });
    history.kinds.set(history.run, kinds);
  }

  #say(said: readonly Diagnostic[]): void {
    for (const { summary, detail } of said) this.history.say(this.stack, `${summary}: ${detail}`);
  }

  #report(bugs: readonly string[]): void {
    for (const bug of bugs) this.history.wrong(bug);
  }
}
