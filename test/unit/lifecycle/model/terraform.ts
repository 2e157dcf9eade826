import { announceIssue } from '../../../../src/lifecycle/announce.js';
import { issueKey } from '../../../../src/lifecycle/issue-key.js';
import type { Order } from '../../../../src/lifecycle/issue-key.js';
import { LifecycleError } from '../../../../src/lifecycle/lifecycle-error.js';
import { confirm } from '../../../../src/lifecycle/marks.js';
import type { World } from '../../../../src/lifecycle/ports.js';
import { refreshKey } from '../../../../src/lifecycle/refresh-key.js';
import { removeKey } from '../../../../src/lifecycle/remove-key.js';
import type { Maker } from './cloud.js';
import type { History } from './history.js';
import { Process } from './process.js';
import type { Sabotage } from './process.js';

/** One object of the state. */
export interface Managed {
  readonly id: string;
  readonly bucket: string;
  /** The value of a `keepers` argument: another one in the configuration rotates. */
  readonly keeper: number;
  readonly tainted: boolean;
  /** What the route without a store keeps of the secret. */
  readonly secret: string | null;
  readonly delivered: boolean;
  readonly leftovers: readonly string[];
}

export interface Configuration {
  readonly bucket: string;
  readonly keeper: number;
  readonly createBeforeDestroy: boolean;
}

/** What the user asks of one run, beside the configuration. */
export type Wish = 'apply' | 'replace' | 'destroy';
export type Ending = 'no changes' | 'applied' | 'failed' | 'crashed';

type Action =
  | { readonly kind: 'nothing' | 'create' | 'destroy' }
  | { readonly kind: 'replace'; readonly createFirst: boolean }
  | { readonly kind: 'update'; readonly rotates: boolean };

class Stop extends Error {}

/** Terraform as the provider meets it: what it calls, what it keeps, and what it forgets when it is killed. */
export class Terraform {
  current: Managed | null = null;
  deposed: readonly Managed[] = [];
  readonly #order: Order;

  constructor(
    private readonly history: History,
    private readonly stack: Maker,
    public configuration: Configuration,
    private readonly sabotage: Sabotage,
  ) {
    const { exclusive, claimsExclusive = false, s3 } = history.scenario;
    this.#order = { exclusive: exclusive || claimsExclusive, verifySeconds: s3 === 'off' ? null : 10 };
  }

  /** One `terraform apply`: a plan, and what it says. */
  async run(wish: Wish): Promise<Ending> {
    const { history } = this;
    history.enter('plan');
    const plan = await this.#within('plan', (process) => this.#plan(process, wish));
    if (plan === 'crash' || plan === 'kill') return 'crashed';
    if (plan === 'failed') return 'failed';
    ({ current: this.current, deposed: this.deposed } = plan.refreshed);
    if (plan.action.kind === 'nothing' && this.deposed.length === 0) return 'no changes';

    history.enter('apply');
    const judged = history.judge.beginApply(this.stack, this.#mayLackRoom(plan.action));
    const before = this.current;
    const outcome = await this.#within('apply', (process) => this.#apply(process, plan.action));
    // A dead provider lets Terraform put back what it had set aside; a dead Terraform does not.
    if (outcome === 'crash' && !this.current && plan.action.kind === 'replace' && plan.action.createFirst) {
      this.current = before;
      this.deposed = this.deposed.filter((object) => object !== before);
    }
    if (outcome === 'crash' || outcome === 'kill') return 'crashed';
    judged(outcome === 'failed');
    return outcome === 'failed' ? 'failed' : 'applied';
  }

  /** IDs of every key of the state. */
  get held(): string[] {
    return [...(this.current ? [this.current] : []), ...this.deposed].flatMap(({ id, leftovers }) => [
      id,
      ...leftovers,
    ]);
  }

  /** A plan cannot tell whether Terraform will delete the predecessor before or after: apply's own look decides. */
  #mayLackRoom(action: Action): boolean {
    return this.deposed.length > 0 || (action.kind === 'replace' && action.createFirst);
  }

  async #within<T>(
    phase: 'plan' | 'apply',
    work: (process: Process) => Promise<T>,
  ): Promise<T | 'failed' | 'crash' | 'kill'> {
    const process = new Process(this.history, this.stack, phase, this.sabotage);
    const done = work(process).catch((error: unknown) => {
      if (error instanceof Stop) return 'failed' as const;
      this.history.wrong(`an error that no user can read: ${String(error)}`);
      return 'failed' as const;
    });
    const outcome = await Promise.race([done, process.death]);
    process.end();
    return outcome;
  }

  /** Shows a failure of the lifecycle, and goes on with what it left. */
  async #try<T>(work: Promise<T>): Promise<T | LifecycleError> {
    return work.catch((error: unknown) => {
      if (!(error instanceof LifecycleError)) throw error;
      this.history.say(this.stack, `${error.summary}: ${error.detail}`);
      return error;
    });
  }

  async #plan(process: Process, wish: Wish) {
    const current = this.current && (await this.#refresh(process, this.current));
    const deposed: Managed[] = [];
    for (const object of this.deposed) {
      const found = await this.#refresh(process, object);
      if (found) deposed.push(found);
    }
    const action = this.#decide(current, wish);
    if (current) {
      process.known.sawInState(current.id);
      for (const id of current.leftovers) this.history.say(this.stack, `Key ${id} will be deleted`);
    }
    const beside = action.kind === 'update' && action.rotates ? (current?.id ?? null) : null;
    if (beside !== null || action.kind === 'create' || action.kind === 'replace') {
      const { bucket } = this.configuration;
      const said = await this.#try(
        announceIssue(this.#order, process.world(bucket, null), beside, current?.leftovers ?? []),
      );
      if (said instanceof LifecycleError) throw new Stop();
    }
    return { action, refreshed: { current, deposed } };
  }

  #decide(current: Managed | null, wish: Wish): Action {
    const { bucket, keeper, createBeforeDestroy } = this.configuration;
    if (wish === 'destroy') return { kind: current ? 'destroy' : 'nothing' };
    if (!current) return { kind: 'create' };
    if (wish === 'replace' || current.tainted || current.bucket !== bucket) {
      return { kind: 'replace', createFirst: createBeforeDestroy };
    }
    const rotates = current.keeper !== keeper || !current.delivered;
    return rotates || current.leftovers.length > 0 ? { kind: 'update', rotates } : { kind: 'nothing' };
  }

  async #refresh(process: Process, object: Managed): Promise<Managed | null> {
    const world = process.world(object.bucket, object.secret === null ? null : object.id);
    const found = await this.#try(refreshKey(world, object.id, this.#order));
    if (found instanceof LifecycleError) throw new Stop();
    if (found.state === 'gone') return null;
    const leftovers = [...new Set([...object.leftovers, ...found.leftovers.map((key) => key.id)])];
    const lost = object.tainted || found.delivered ? {} : { delivered: false, secret: null };
    return { ...object, ...lost, leftovers };
  }

  async #apply(process: Process, action: Action): Promise<'applied' | 'failed'> {
    const delivered: [World, string][] = [];
    const done = await this.#change(process, action, delivered).catch((error: unknown) => {
      if (error instanceof Stop) return 'failed' as const;
      throw error;
    });
    for (const [world, id] of delivered) await confirm(world, id);
    return done;
  }

  async #change(
    process: Process,
    action: Action,
    delivered: [World, string][],
  ): Promise<'applied' | 'failed'> {
    const before = this.current;
    let failure: unknown = null;
    switch (action.kind) {
      case 'create':
        // Terraform deletes what was deposed before whether or not this succeeds.
        await this.#create(process, delivered).catch((error: unknown) => (failure = error));
        break;
      case 'replace':
        if (!before) break;
        if (!action.createFirst) {
          await this.#delete(process, before);
          await this.#save(process, { current: null });
          await this.#create(process, delivered);
          break;
        }
        await this.#save(process, { current: null, deposed: [...this.deposed, before] });
        await this.#create(process, delivered, before);
        break;
      case 'update':
        if (before) await this.#update(process, before, action.rotates, delivered);
        break;
      case 'destroy':
        if (before) await this.#delete(process, before);
        await this.#save(process, { current: null });
        break;
      case 'nothing':
    }
    for (const object of this.deposed) {
      await this.#delete(process, object);
      await this.#save(process, { deposed: this.deposed.filter((other) => other !== object) });
    }
    if (failure) throw failure as Error;
    return 'applied';
  }

  /** `aside`: what comes back when nothing was made. */
  async #create(process: Process, delivered: [World, string][], aside: Managed | null = null): Promise<void> {
    const made = await this.#issue(process, delivered);
    if (!(made instanceof LifecycleError)) {
      await this.#save(process, { current: made });
      return;
    }
    const { remains } = made;
    if (remains) await this.#save(process, { current: this.#tainted(remains.id) });
    else if (aside) {
      await this.#save(process, {
        current: aside,
        deposed: this.deposed.filter((object) => object !== aside),
      });
    }
    throw new Stop();
  }

  async #issue(process: Process, delivered: [World, string][]): Promise<Managed | LifecycleError> {
    const { bucket, keeper } = this.configuration;
    const world = process.world(bucket, null);
    const issued = await this.#try(issueKey(this.#order, world));
    if (issued instanceof LifecycleError) return issued;
    const { key, delivery } = issued;
    delivered.push([world, key.id]);
    const secret = delivery.secret?.reveal() ?? null;
    this.history.judge.succeeds(this.stack, key.id, secret);
    return { id: key.id, bucket, keeper, tainted: false, secret, delivered: true, leftovers: [] };
  }

  #tainted(id: string): Managed {
    const { bucket, keeper } = this.configuration;
    return { id, bucket, keeper, tainted: true, secret: null, delivered: false, leftovers: [] };
  }

  async #update(
    process: Process,
    before: Managed,
    rotates: boolean,
    delivered: [World, string][],
  ): Promise<void> {
    const world = process.world(before.bucket, null);
    const leftovers = await this.#removeAll(world, before.leftovers);
    if (!rotates) {
      await this.#save(process, { current: { ...before, leftovers } });
      return;
    }
    process.known.sawInState(before.id);
    const made = await this.#issue(process, delivered);
    if (made instanceof LifecycleError) {
      const remains = made.remains ? [made.remains.id] : [];
      await this.#save(process, { current: { ...before, leftovers: [...leftovers, ...remains] } });
      throw new Stop();
    }
    const old = await this.#removeAll(world, [before.id]);
    await this.#save(process, { current: { ...made, leftovers: [...leftovers, ...old] } });
  }

  async #removeAll(world: World, ids: readonly string[]): Promise<string[]> {
    const remaining: string[] = [];
    for (const id of ids) {
      if ((await this.#try(removeKey(world, id))) instanceof LifecycleError) remaining.push(id);
    }
    return remaining;
  }

  async #delete(process: Process, object: Managed): Promise<void> {
    const world = process.world(object.bucket, null);
    const remaining = await this.#removeAll(world, [object.id, ...object.leftovers]);
    if (remaining.length > 0) throw new Stop();
  }

  /** Between the provider's answer and the saved state Terraform can be killed. */
  async #save(
    process: Process,
    state: { current?: Managed | null; deposed?: readonly Managed[] },
  ): Promise<void> {
    await this.history.step(process, 'terraform.save', () => {
      if (state.current !== undefined) this.current = state.current;
      if (state.deposed) this.deposed = state.deposed;
    });
  }
}
