import type { Diagnostic, ObjectValue } from '../../../src/plugin/index.js';
import { contradictions } from './checks.js';
import { NOTHING, noteThrow, planOnce, planRemoval } from './plan-once.js';
import type { Change, PlanOptions, Stored } from './plan-once.js';
import { hasErrors } from './provider.js';
import type { Provider } from './provider.js';
import { isWhollyKnown, unknownAsNull } from './values.js';

/** What `terraform plan` has found. */
export interface Planned {
  readonly config: ObjectValue | null;
  readonly options: PlanOptions;
  readonly refreshed: Stored | null;
  readonly deposed: readonly Stored[];
  readonly renamed: Stored | null;
  /** Null: the plan has failed. */
  readonly change: Change | null;
  /** What becomes of the object under the old name. */
  readonly removal: Change | null;
  readonly refreshSaid: readonly Diagnostic[];
  readonly said: readonly Diagnostic[];
  /** What core calls a bug in the provider. */
  readonly bugs: readonly string[];
}

export interface Applied {
  /** The plan that is made again before a create or an update; null where none was. */
  readonly again: Pick<Planned, 'change' | 'said'> | null;
  readonly said: readonly Diagnostic[];
  readonly bugs: readonly string[];
  readonly failed: boolean;
}

interface Report {
  readonly said: Diagnostic[];
  readonly bugs: string[];
}

/** Writes a part of the state; whoever plays Terraform's death may do so before or after it. */
type Saving<P> = (provider: P, write: () => void) => Promise<void>;

/**
 * Terraform core with one resource instance, as internal/terraform/node_resource_abstract_instance.go has it: a plan
 * and an apply are processes of their own, and between them go the state, the plan's values and private bytes alone.
 */
export class Core<P extends Provider = Provider> {
  state: Stored | null = null;
  /** Objects whose successor was created before they were destroyed, and that are still to be destroyed. */
  deposed: readonly Stored[] = [];
  /** An object under a name that the configuration no longer has: it has the resource under another one. */
  renamed: Stored | null = null;

  constructor(
    private readonly start: (phase: 'plan' | 'apply') => P,
    private readonly saving: Saving<P> = (_provider, write) => Promise.resolve().then(write),
  ) {}

  /** What is remembered beside the state is no longer what was written. */
  damage(): void {
    if (this.state) this.state = { ...this.state, privateData: Buffer.from('{"vers') };
  }

  async import(id: string): Promise<readonly Diagnostic[]> {
    const provider = this.start('plan');
    const { result, said } = await provider.import(id);
    if (result && !hasErrors(said)) {
      this.state = { value: result.state, privateData: result.privateData ?? NOTHING, tainted: false };
    }
    await provider.end();
    return said;
  }

  /** `config` null: the resource is no longer wanted. */
  async plan(config: ObjectValue | null, options: PlanOptions = {}): Promise<Planned> {
    let provider = this.start('plan');
    const report: Report = { said: [], bugs: [] };
    const { said, bugs } = report;
    const { state: refreshed, deposed, renamed } = this;
    const nothing = { change: null, removal: null, refreshSaid: [], said };
    const base = { config, options, bugs, refreshed, deposed, renamed, ...nothing };
    try {
      const invalid = config ? await provider.validate(config) : null;
      if (invalid && hasErrors(invalid.said)) return { ...base, said: invalid.said };
      const looked = { ...base, ...(await this.#refreshAll(provider, options, bugs)) };
      if (hasErrors(looked.refreshSaid)) return looked;
      if (config && !options.destroys) {
        return { ...looked, ...(await planBoth(provider, config, looked, options)) };
      }
      if (config && options.refresh !== false) {
        // A destroy is planned after a whole plan of the other kind, whose errors stop it and whose values are dropped.
        const normal = await planBoth(provider, config, looked, {});
        if (!normal.change) return { ...looked, said: normal.said };
        await provider.end();
        provider = this.start('plan');
      }
      const { change: removal, ...more } = await planRemoval(provider, looked.renamed, bugs);
      const { change, said: rest } = await planRemoval(provider, looked.refreshed, bugs);
      return { ...looked, change: removal && change, removal, said: [...more.said, ...rest] };
    } finally {
      await provider.end();
    }
  }

  /** `config`: with all that is known by now. */
  async apply(plan: Planned, config = plan.config): Promise<Applied> {
    const { change, refreshed } = plan;
    if (!change) throw new Error('There is no plan to apply.');
    this.state = refreshed;
    this.deposed = plan.deposed;
    this.renamed = plan.renamed;
    if (isNothing(plan)) return { again: null, said: [], bugs: [], failed: false };
    const provider = this.start('apply');
    const report: Report = { said: [], bugs: [] };
    // The engine does both at once.
    const { newNameFirst } = plan.options;
    if (!newNameFirst) await this.#destroyRenamed(provider, plan, report);
    const again = await this.#change(provider, plan, change, config, report);
    if (newNameFirst) await this.#destroyRenamed(provider, plan, report);
    // What an earlier apply has set aside goes whether or not this one has made anything.
    for (const object of plan.deposed) await this.#destroyDeposed(provider, object, report);
    await provider.end();
    const { said, bugs } = report;
    return { again, said, bugs, failed: hasErrors(said) || bugs.length > 0 };
  }

  async #change(
    provider: P,
    plan: Planned,
    { action, privateData }: Change,
    config: ObjectValue | null,
    report: Report,
  ): Promise<Applied['again']> {
    const { state: before } = this;
    if (action === 'no change') return null;
    if (action === 'delete' || action === 'replace') {
      // For a replacement, too, these are the plan's bytes, not the state's.
      const left = before && (await destroyed(provider, before, privateData, report));
      await this.#save(provider, { state: left });
    }
    const mayGoOn = action !== 'delete' && (action !== 'replace' || this.state === null);
    if (!config || !mayGoOn) return null;
    if (provider.isStopped) {
      report.said.push({ severity: 'error', summary: 'execution halted', detail: '' });
      return null;
    }
    if (action !== 'create before destroy' || !before) return this.#make(provider, plan, config, report);
    await this.#save(provider, { state: null, deposed: [...this.deposed, before] });
    const again = await this.#make(provider, plan, config, report);
    const failed = hasErrors(report.said) || report.bugs.length > 0;
    if (!failed) await this.#destroyDeposed(provider, before, report);
    else if (this.state === null) {
      await this.#save(provider, { state: before, deposed: this.#deposedWithout(before) });
    }
    return again;
  }

  async #destroyRenamed(provider: P, { renamed, removal }: Planned, report: Report): Promise<void> {
    if (!renamed || !removal || provider.isStopped) return;
    const left = await destroyed(provider, renamed, removal.privateData, report);
    await this.#save(provider, { renamed: left });
  }

  async #destroyDeposed(provider: P, object: Stored, report: Report): Promise<void> {
    if (provider.isStopped) return;
    const left = await destroyed(provider, object, object.privateData, report);
    const others = this.#deposedWithout(object);
    await this.#save(provider, { deposed: left ? [...others, left] : others });
  }

  #deposedWithout(object: Stored): readonly Stored[] {
    return this.deposed.filter((other) => other !== object);
  }

  async #save(
    provider: P,
    next: {
      readonly state?: Stored | null;
      readonly deposed?: readonly Stored[];
      readonly renamed?: Stored | null;
    },
  ): Promise<void> {
    await this.saving(provider, () => {
      if (next.renamed !== undefined) this.renamed = next.renamed;
      if (next.state !== undefined) this.state = next.state;
      if (next.deposed) this.deposed = next.deposed;
    });
  }

  async #refreshAll(
    provider: P,
    { refresh = true }: PlanOptions,
    bugs: string[],
  ): Promise<Pick<Planned, 'refreshed' | 'deposed' | 'renamed' | 'refreshSaid'>> {
    const { state, deposed } = this;
    if (!refresh) return { refreshed: state, deposed, renamed: this.renamed, refreshSaid: [] };
    const refreshSaid: Diagnostic[] = [];
    const look = (stored: Stored) => looked(provider, stored, { said: refreshSaid, bugs });
    const renamed = this.renamed && (await look(this.renamed));
    const refreshed = state && (await look(state));
    const remaining: Stored[] = [];
    for (const object of deposed) {
      const found = await look(object);
      if (found) remaining.push(found);
    }
    return { refreshed, deposed: remaining, renamed, refreshSaid };
  }

  /** Creates or updates, after planning once more. */
  async #make(
    provider: P,
    first: Planned,
    config: ObjectValue,
    { said, bugs }: Report,
  ): Promise<Applied['again']> {
    const before = this.state;
    const invalid = await provider.validate(config);
    const again = hasErrors(invalid.said)
      ? { change: null, said: invalid.said }
      : await planOnce(
          provider,
          config,
          before,
          { ...first.options, replaces: false },
          bugs,
          first.options.handsOn ? first.change : null,
        );
    const { change } = again;
    if (!change?.planned) {
      said.push(...again.said.filter(({ severity }) => severity === 'error'));
      return again;
    }
    bugs.push(
      ...contradictions('the second plan contradicts the first', first.change?.planned ?? {}, change.planned),
    );
    const wanted = first.change?.action === 'update' ? ['update', 'no change'] : ['create'];
    if (!wanted.includes(change.action)) bugs.push(`the second plan is to ${change.action}`);
    if (bugs.length > 0 || change.action === 'no change') return again;
    const { planned, privateData } = change;
    const answer = before
      ? await provider.update({ config, prior: before.value, planned, privateData })
      : await provider.create({ config, planned, privateData });
    noteThrow('apply', answer, bugs);
    said.push(...answer.said);
    if (!answer.result) {
      // Terraform saves the attributes of a resource whose provider died in its update, and not what lay beside them.
      if (before) this.state = { ...before, privateData: NOTHING };
      return again;
    }
    const value = answer.result.state;
    if (!value) {
      if (!hasErrors(answer.said)) bugs.push('the apply answered without a state');
      if (before) await this.#save(provider, { state: null });
      return again;
    }
    if (!hasErrors(answer.said))
      bugs.push(...contradictions('the apply contradicts its plan', planned, value));
    if (!isWhollyKnown(value)) bugs.push('the applied state is not wholly known');
    const state = {
      value: unknownAsNull(value),
      privateData: answer.result.privateData ?? privateData,
      tainted: before ? before.tainted : hasErrors(answer.said),
    };
    await this.#save(provider, { state });
    return again;
  }
}

/** Whether an apply has nothing to do. */
export function isNothing({ change, deposed, renamed }: Planned): boolean {
  return change?.action === 'no change' && deposed.length === 0 && renamed === null;
}

/** The resource, and the object under its old name, in one process. */
async function planBoth(
  provider: Provider,
  config: ObjectValue,
  { refreshed, renamed, bugs }: Pick<Planned, 'refreshed' | 'renamed'> & { bugs: string[] },
  options: PlanOptions,
): Promise<Pick<Planned, 'change' | 'removal' | 'said'>> {
  const first = options.newNameFirst ? null : await planRemoval(provider, renamed, bugs);
  const made = await planOnce(provider, config, refreshed, options, bugs);
  const gone = first ?? (await planRemoval(provider, renamed, bugs));
  const said = first ? [...gone.said, ...made.said] : [...made.said, ...gone.said];
  return { change: gone.change && made.change, removal: gone.change, said };
}

/** Null: it is gone. */
export async function looked(
  provider: Provider,
  stored: Stored,
  { said, bugs }: Report,
): Promise<Stored | null> {
  const answer = await provider.read({ state: stored.value, privateData: stored.privateData });
  noteThrow('read', answer, bugs);
  said.push(...answer.said);
  const { result } = answer;
  if (!result) return stored;
  if (result.state && !isWhollyKnown(result.state)) bugs.push('the refreshed state is not wholly known');
  const privateData = result.privateData ?? stored.privateData;
  return result.state && { ...stored, value: result.state, privateData };
}

/** Null: it is gone. */
async function destroyed(
  provider: Provider,
  stored: Stored,
  privateData: Uint8Array,
  { said, bugs }: Report,
): Promise<Stored | null> {
  const answer = await provider.delete({ prior: stored.value, privateData });
  noteThrow('delete', answer, bugs);
  said.push(...answer.said);
  const keeps = hasErrors(answer.said) || answer.threw !== null;
  if (!keeps) return null;
  const { state = stored.value, privateData: left = privateData } = answer.result ?? {};
  return { ...stored, value: state, privateData: left };
}
