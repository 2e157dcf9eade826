import type { AccessKey } from '../../../../src/lifecycle/access-key.js';
import { announceIssue } from '../announce.js';
import { issueKey } from '../../../../src/lifecycle/issue-key.js';
import type { Issued, CreateOptions } from '../../../../src/lifecycle/issue-key.js';
import { LifecycleError } from '../../../../src/lifecycle/lifecycle-error.js';
import { confirm } from '../../../../src/lifecycle/journal/confirm.js';
import type { KeyContext } from '../../../../src/lifecycle/ports.js';
import { refreshKey } from '../../../../src/lifecycle/refresh.js';
import { duringOverlap } from '../../../../src/lifecycle/refusals.js';
import { deleteWithPair } from '../../../../src/lifecycle/delete.js';
import { retirementOf } from '../../../../src/lifecycle/rotation-policy.js';
import type { Retirement, RotationPolicy } from '../../../../src/lifecycle/rotation-policy.js';
import { updateKeys } from '../../../../src/lifecycle/rotate.js';
import type { Maker } from './cloud.js';
import type { History } from './history.js';
import { Process } from './process.js';
import type { Sabotage } from './process.js';

/** What the last refresh saw, by the service's time. */
interface Sight {
  readonly asOf: Date;
  readonly previous: Pick<AccessKey, 'status' | 'lastUse'> | null;
}

/** One object of the state. */
export interface Managed {
  /** Null: the current key is gone, and others of the object are not. */
  readonly id: string | null;
  readonly createdAt: Date;
  readonly bucket: string;
  /** The key that a rotation has replaced, during its overlap. */
  readonly previous: string | null;
  readonly seen: Sight | null;
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
  | {
      readonly kind: 'update';
      readonly rotates: boolean;
      readonly retires: boolean;
      /** The plan has said that it cannot be. */
      readonly willFail?: true;
    };

class Stop extends Error {}

/** Terraform as the provider meets it: what it calls, what it keeps, and what it forgets when it is killed. */
export class Terraform {
  current: Managed | null = null;
  deposed: readonly Managed[] = [];
  readonly #order: CreateOptions;
  readonly #policy: RotationPolicy;

  constructor(
    private readonly history: History,
    private readonly stack: Maker,
    public configuration: Configuration,
    private readonly sabotage: Sabotage,
  ) {
    const { exclusive, s3 } = history.scenario;
    const order = { exclusive, verifySeconds: s3 === 'off' ? null : 10 };
    this.#order = sabotage.order?.(order) ?? order;
    const overlapHours = history.scenario.action === 'rotate-overlap' ? 24 : 0;
    this.#policy = { afterDays: null, overlapHours, onStillUsed: 'block' };
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
    const isForetold = plan.action.kind === 'update' && plan.action.willFail;
    judged(outcome === 'failed' && !isForetold);
    return outcome === 'failed' ? 'failed' : 'applied';
  }

  /** IDs of every key of the state. */
  get held(): string[] {
    return [...(this.current ? [this.current] : []), ...this.deposed].flatMap(keysOf);
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
      this.#lookAfter(process, current);
      for (const id of current.leftovers) this.history.say(this.stack, `Key ${id} will be deleted`);
      this.#keep(process, current, action);
    }
    const rotates = action.kind === 'update' && action.rotates;
    if (rotates || action.kind === 'create' || action.kind === 'replace') {
      const said = await this.#try(this.#announce(process, rotates ? current : null, current));
      if (said instanceof LifecycleError) {
        // What its author asked for and cannot be is an error; a repair is tried, and fails at apply.
        if (!rotates || this.#isAsked(current)) throw new Stop();
        if (current?.id) process.known.keep(current.id);
        return { action: { ...action, willFail: true as const }, refreshed: { current, deposed } };
      }
    }
    return { action, refreshed: { current, deposed } };
  }

  #lookAfter({ known }: Process, { id, previous, leftovers }: Managed): void {
    for (const key of [id, previous]) if (key !== null) known.sawInState(key);
    for (const key of leftovers) known.announced(key);
  }

  /** The pair of a key that stays is nobody's to replace. */
  #keep({ known }: Process, { id, previous }: Managed, action: Action): void {
    if (previous !== null) known.keep(previous);
    if (id === null) return;
    known.keep(id);
    if (action.kind === 'replace' || (action.kind === 'update' && action.rotates)) known.release(id);
  }

  async #announce(process: Process, rotating: Managed | null, current: Managed | null): Promise<void> {
    const { bucket } = this.configuration;
    const retirement = rotating && this.#retirement(rotating);
    if (rotating?.id && rotating.previous && retirement && retirement.kind !== 'due') {
      throw duringOverlap(bucket, { current: rotating.id, previous: rotating.previous }, retirement);
    }
    const going = [
      ...(current?.leftovers ?? []),
      ...(rotating?.previous && retirement?.kind === 'due' ? [rotating.previous] : []),
    ];
    const beside = rotating?.id ?? rotating?.previous ?? null;
    await announceIssue(this.#order, process.world(bucket, null), beside, going);
  }

  #isAsked(current: Managed | null): boolean {
    return current !== null && current.keeper !== this.configuration.keeper;
  }

  #retirement({ id, createdAt, previous, seen }: Managed): Retirement | null {
    if (id === null || previous === null || !seen?.previous) return null;
    return retirementOf(this.#policy, createdAt, seen.previous, seen.asOf);
  }

  #withoutRotation(current: Managed | null): Action {
    const retires = current !== null && this.#retirement(current)?.kind === 'due';
    const hasWork = retires || (current?.leftovers.length ?? 0) > 0;
    return hasWork ? { kind: 'update', rotates: false, retires } : { kind: 'nothing' };
  }

  #decide(current: Managed | null, wish: Wish): Action {
    const { bucket, keeper, createBeforeDestroy } = this.configuration;
    if (wish === 'destroy') return { kind: current ? 'destroy' : 'nothing' };
    if (!current) return { kind: 'create' };
    if (wish === 'replace' || current.tainted || current.bucket !== bucket) {
      return { kind: 'replace', createFirst: createBeforeDestroy };
    }
    const other = this.#withoutRotation(current);
    const rotates = current.keeper !== keeper || !current.delivered || current.id === null;
    if (!rotates) return other;
    return { kind: 'update', rotates, retires: other.kind === 'update' && other.retires };
  }

  async #refresh(process: Process, object: Managed): Promise<Managed | null> {
    const world = process.world(object.bucket, object.secret === null ? null : object.id);
    this.#lookAfter(process, object);
    if (object.id === null) return this.#remaining(object, await world.keys.list().catch(() => null));
    const found = await this.#try(refreshKey(world, object.id, this.#order, object.previous));
    if (found instanceof LifecycleError) throw new Stop();
    if (found.state === 'gone') return this.#remaining(object, { keys: found.listed, asOf: found.asOf });
    const leftovers = [...new Set([...object.leftovers, ...found.leftovers.map((key) => key.id)])];
    const lost = object.tainted || found.delivered ? {} : { delivered: false, secret: null };
    const { previous, asOf } = found;
    return { ...object, ...lost, leftovers, previous: previous?.id ?? null, seen: { asOf, previous } };
  }

  /** The current key is gone: null forgets the object, and with it the keys that it still has. */
  #remaining(
    object: Managed,
    listing: { readonly keys: readonly AccessKey[]; readonly asOf: Date | null } | null,
  ): Managed | null {
    if (!listing) throw new Stop();
    const { keys, asOf } = listing;
    const previous = keys.find(({ id }) => id === object.previous) ?? null;
    const leftovers = object.leftovers.filter((id) => keys.some((key) => key.id === id));
    if (!asOf || (!previous && leftovers.length === 0)) return null;
    return {
      ...object,
      id: null,
      delivered: false,
      secret: null,
      previous: previous?.id ?? null,
      leftovers,
      seen: { asOf, previous },
    };
  }

  async #apply(process: Process, action: Action): Promise<'applied' | 'failed'> {
    const delivered: [KeyContext, string][] = [];
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
    delivered: [KeyContext, string][],
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
        if (before) await this.#update(process, before, action, delivered);
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
  async #create(
    process: Process,
    delivered: [KeyContext, string][],
    aside: Managed | null = null,
  ): Promise<void> {
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

  async #issue(process: Process, delivered: [KeyContext, string][]): Promise<Managed | LifecycleError> {
    const world = process.world(this.configuration.bucket, null);
    const issued = await this.#try(issueKey(this.#order, world));
    return issued instanceof LifecycleError ? issued : this.#made(issued, world, delivered);
  }

  /** The answer that Terraform gets. */
  #made({ key, delivery }: Issued, world: KeyContext, delivered: [KeyContext, string][]): Managed {
    delivered.push([world, key.id]);
    const secret = delivery.secret?.reveal() ?? null;
    this.history.judge.succeeds(this.stack, key.id, secret);
    const { createdAt } = key;
    return { ...this.#blank(key.id), createdAt, secret, delivered: true };
  }

  #blank(id: string): Managed {
    const { bucket, keeper } = this.configuration;
    const nothing = { previous: null, seen: null, secret: null, leftovers: [] };
    return { id, createdAt: new Date(0), bucket, keeper, tainted: false, delivered: false, ...nothing };
  }

  #tainted(id: string): Managed {
    return { ...this.#blank(id), tainted: true };
  }

  async #update(
    process: Process,
    before: Managed,
    { rotates, retires }: { readonly rotates: boolean; readonly retires: boolean },
    delivered: [KeyContext, string][],
  ): Promise<void> {
    const world = process.world(before.bucket, null);
    if (before.id !== null) {
      process.known.sawInState(before.id);
      process.known.keep(before.id);
      if (rotates) process.known.release(before.id);
    }
    const { createdAt, previous, leftovers } = before;
    const current = before.id === null ? null : { id: before.id, status: 'Active', createdAt };
    const places = { next: () => Promise.resolve(world), current: world, previous: world };
    const keys = { current, previous, leftovers };
    const updated = await updateKeys(places, this.#order, this.#policy, keys, {
      rotates,
      retires,
      takesOver: false,
    });
    for (const { summary, detail } of updated.failures) this.history.say(this.stack, `${summary}: ${detail}`);
    const made = updated.issued && this.#made(updated.issued, world, delivered);
    await this.#save(process, {
      current: {
        ...(made ?? { ...before, id: updated.current }),
        previous: updated.previous,
        leftovers: updated.leftovers,
      },
    });
    if (updated.failures.length > 0) throw new Stop();
  }

  async #removeAll(world: KeyContext, ids: readonly string[]): Promise<string[]> {
    const remaining: string[] = [];
    for (const id of ids) {
      if ((await this.#try(deleteWithPair(world, id))) instanceof LifecycleError) remaining.push(id);
    }
    return remaining;
  }

  async #delete(process: Process, object: Managed): Promise<void> {
    const world = process.world(object.bucket, null);
    const remaining = await this.#removeAll(world, keysOf(object));
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

function keysOf({ id, previous, leftovers }: Managed): string[] {
  return [id, previous, ...leftovers].filter((key) => key !== null);
}
